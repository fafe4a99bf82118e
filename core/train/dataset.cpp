// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/dataset.h"

#include "core/base/json.h"
#include "core/base/mapped_file.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <unordered_map>

namespace yingxun::train {
namespace {

/// Where the base64 text of one image lies in the mapped file.
struct ImageEntry {
    std::int64_t id = 0;
    std::size_t offset = 0;
    std::size_t length = 0;
};

constexpr std::uint8_t kInvalid = 255;

constexpr std::array<std::uint8_t, 256> base64Values()
{
    std::array<std::uint8_t, 256> values{};
    values.fill(kInvalid);
    for (std::uint8_t i = 0; i < 26; ++i) {
        values[static_cast<std::size_t>('A' + i)] = i;
        values[static_cast<std::size_t>('a' + i)] = static_cast<std::uint8_t>(26 + i);
    }
    for (std::uint8_t i = 0; i < 10; ++i)
        values[static_cast<std::size_t>('0' + i)] = static_cast<std::uint8_t>(52 + i);
    values['+'] = values['-'] = 62;
    values['/'] = values['_'] = 63;
    return values;
}

std::string place(const std::filesystem::path &file, std::size_t line)
{
    return file.string() + " line " + std::to_string(line);
}

/// A decimal number that fills the whole text.
bool parseId(std::string_view text, std::int64_t &id)
{
    if (text.empty() || text.size() > 18)
        return false;
    id = 0;
    for (const char c : text) {
        if (c < '0' || c > '9')
            return false;
        id = id * 10 + (c - '0');
    }
    return true;
}

} // namespace

Result<std::vector<std::byte>> decodeBase64(std::string_view text)
{
    static constexpr auto kValues = base64Values();
    while (!text.empty() && text.back() == '=')
        text.remove_suffix(1);
    std::vector<std::byte> out;
    out.reserve(text.size() * 3 / 4);
    std::uint32_t bits = 0;
    int held = 0;
    for (const char c : text) {
        const std::uint8_t value = kValues[static_cast<unsigned char>(c)];
        if (value == kInvalid)
            return fail(ErrorCode::CorruptData, "a character that base64 does not have");
        bits = bits << 6 | value;
        held += 6;
        if (held >= 8) {
            held -= 8;
            out.push_back(static_cast<std::byte>(bits >> held & 0xFF));
        }
    }
    if (held == 6)
        return fail(ErrorCode::CorruptData, "base64 text that stops in the middle of a byte");
    return out;
}

struct Dataset::Impl {
    Result<void> readImages(const std::filesystem::path &file);
    Result<void> readTexts(const std::filesystem::path &file);

    MappedFile images;
    std::vector<ImageEntry> entries;
    std::unordered_map<std::int64_t, std::uint32_t> byId;
    std::vector<std::string> texts;
    std::vector<std::int64_t> textIds;
    // The texts of image i are fitting[first[i] .. first[i + 1]), ascending.
    std::vector<std::uint32_t> first;
    std::vector<std::uint32_t> fitting;
};

Result<void> Dataset::Impl::readImages(const std::filesystem::path &file)
{
    auto mapped = MappedFile::open(file);
    if (!mapped)
        return mapped.propagate();
    images = *std::move(mapped);
    const std::string_view all(reinterpret_cast<const char *>(images.bytes().data()), images.bytes().size());
    std::size_t line = 0;
    for (std::size_t at = 0; at < all.size();) {
        const std::size_t end = std::min(all.find('\n', at), all.size());
        std::string_view row = all.substr(at, end - at);
        const std::size_t start = at;
        at = end + 1;
        ++line;
        if (!row.empty() && row.back() == '\r')
            row.remove_suffix(1);
        if (row.empty())
            continue;
        const std::size_t tab = row.find('\t');
        ImageEntry entry;
        if (tab == std::string_view::npos || !parseId(row.substr(0, tab), entry.id))
            return fail(ErrorCode::CorruptData, place(file, line) + ": expected a number, a tab and base64");
        entry.offset = start + tab + 1;
        entry.length = row.size() - tab - 1;
        if (!byId.emplace(entry.id, static_cast<std::uint32_t>(entries.size())).second)
            return fail(ErrorCode::CorruptData,
                        place(file, line) + ": image id " + std::to_string(entry.id) + " occurs twice");
        entries.push_back(entry);
    }
    return {};
}

Result<void> Dataset::Impl::readTexts(const std::filesystem::path &file)
{
    std::ifstream in(file);
    if (!in)
        return fail(ErrorCode::NotFound, file.string() + " cannot be opened");
    std::vector<std::vector<std::uint32_t>> ofImage(entries.size());
    std::string row;
    for (std::size_t line = 1; std::getline(in, row); ++line) {
        if (row.empty())
            continue;
        auto json = parseJson(row);
        if (!json)
            return fail(ErrorCode::CorruptData, place(file, line) + ": " + json.error().message);
        const Json *id = json->find("text_id");
        const Json *text = json->find("text");
        const Json *ids = json->find("image_ids");
        if (id == nullptr || !id->asInt() || text == nullptr || !text->asString() || ids == nullptr ||
            ids->asArray() == nullptr)
            return fail(ErrorCode::CorruptData, place(file, line) + ": expected text_id, text and image_ids");
        const auto index = static_cast<std::uint32_t>(texts.size());
        for (const Json &image : *ids->asArray()) {
            const auto found = image.asInt() ? byId.find(*image.asInt()) : byId.end();
            if (found == byId.end())
                return fail(ErrorCode::CorruptData,
                            place(file, line) + ": names an image that the image file does not have");
            ofImage[found->second].push_back(index);
        }
        texts.emplace_back(*text->asString());
        textIds.push_back(*id->asInt());
    }
    for (auto &list : ofImage) {
        first.push_back(static_cast<std::uint32_t>(fitting.size()));
        list.erase(std::unique(list.begin(), list.end()), list.end()); // Ascending: built text by text.
        fitting.insert(fitting.end(), list.begin(), list.end());
    }
    first.push_back(static_cast<std::uint32_t>(fitting.size()));
    return {};
}

Result<Dataset> Dataset::open(const std::filesystem::path &prefix)
{
    auto impl = std::make_unique<Impl>();
    if (auto read = impl->readImages(prefix.string() + "_imgs.tsv"); !read)
        return read.propagate();
    if (auto read = impl->readTexts(prefix.string() + "_texts.jsonl"); !read)
        return read.propagate();
    return Dataset(std::move(impl));
}

Result<Dataset> Dataset::openImages(const std::filesystem::path &prefix)
{
    auto impl = std::make_unique<Impl>();
    if (auto read = impl->readImages(prefix.string() + "_imgs.tsv"); !read)
        return read.propagate();
    impl->first.assign(impl->entries.size() + 1, 0);
    return Dataset(std::move(impl));
}

Dataset::Dataset(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
Dataset::Dataset(Dataset &&) noexcept = default;
Dataset &Dataset::operator=(Dataset &&) noexcept = default;
Dataset::~Dataset() = default;

std::size_t Dataset::imageCount() const noexcept
{
    return m_impl->entries.size();
}

std::int64_t Dataset::imageId(std::size_t image) const noexcept
{
    return m_impl->entries[image].id;
}

Result<std::vector<std::byte>> Dataset::imageFile(std::size_t image) const
{
    const ImageEntry &entry = m_impl->entries[image];
    auto file = decodeBase64(
        {reinterpret_cast<const char *>(m_impl->images.bytes().data()) + entry.offset, entry.length});
    if (!file)
        return fail(ErrorCode::CorruptData,
                    "image " + std::to_string(entry.id) + ": " + file.error().message);
    return file;
}

const std::vector<std::string> &Dataset::texts() const noexcept
{
    return m_impl->texts;
}

const std::vector<std::int64_t> &Dataset::textIds() const noexcept
{
    return m_impl->textIds;
}

std::span<const std::uint32_t> Dataset::textsOf(std::size_t image) const noexcept
{
    const std::uint32_t from = m_impl->first[image];
    return std::span(m_impl->fitting).subspan(from, m_impl->first[image + 1] - from);
}

bool Dataset::fits(std::size_t image, std::uint32_t text) const noexcept
{
    const auto texts = textsOf(image);
    return std::binary_search(texts.begin(), texts.end(), text);
}

} // namespace yingxun::train

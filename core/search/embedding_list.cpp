// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/embedding_list.h"

#include "core/base/atomic_file.h"
#include "core/search/embedding_file.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <optional>
#include <span>
#include <sstream>
#include <system_error>
#include <tuple>

namespace yingxun::search {
namespace {

constexpr const char *kEnding = ".f16";
constexpr const char *kNameEnding = ".name";

struct Header {
    int dimension = 0;
    std::int64_t rows = 0;
};

std::uint64_t integerAt(const std::array<char, RowLayout::kHeaderBytes> &bytes, std::size_t at,
                        std::size_t size)
{
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i)
        value |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
    return value;
}

/// See the top of embedding_store.cpp.
std::optional<Header> readHeader(const std::filesystem::path &path)
{
    std::ifstream file(path, std::ios::binary);
    std::array<char, RowLayout::kHeaderBytes> bytes{};
    if (!file.read(bytes.data(), bytes.size()) || std::memcmp(bytes.data(), "YXEMB001", 8) != 0)
        return std::nullopt;
    return Header{static_cast<int>(integerAt(bytes, 12, 4)),
                  static_cast<std::int64_t>(integerAt(bytes, 56, 8))};
}

std::string readName(const std::filesystem::path &path)
{
    const std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

} // namespace

std::vector<EmbeddingListing> listEmbeddings(const std::filesystem::path &folder)
{
    std::vector<EmbeddingListing> all;
    std::error_code error;
    for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        std::filesystem::path path = entry->path();
        if (path.extension() != kEnding)
            continue;
        if (const auto header = readHeader(path)) {
            const std::string identity = path.stem().string();
            all.push_back(
                {identity, readName(path.replace_extension(kNameEnding)), header->rows, header->dimension});
        }
    }
    std::sort(all.begin(), all.end(), [](const EmbeddingListing &a, const EmbeddingListing &b) {
        return std::tie(a.name, a.identity) < std::tie(b.name, b.identity);
    });
    return all;
}

Result<void> nameEmbeddings(const std::filesystem::path &folder, const std::string &identity,
                            const std::string &name)
{
    const std::filesystem::path path = folder / (identity + kNameEnding);
    if (readName(path) == name)
        return {};
    auto file = AtomicFile::create(path, Readers::Owner);
    if (!file)
        return file.propagate();
    file->write(std::as_bytes(std::span(name)));
    return file->commit();
}

Result<void> deleteEmbeddings(const std::filesystem::path &folder, const std::string &identity)
{
    const auto all = listEmbeddings(folder);
    if (std::none_of(all.begin(), all.end(), [&](const auto &one) { return one.identity == identity; }))
        return fail(ErrorCode::NotFound, "There are no embeddings of a model " + identity + '.');
    const std::filesystem::path path = folder / (identity + kEnding);
    const auto header = readHeader(path);
    if (!header)
        return fail(ErrorCode::NotFound, path.string() + " is gone.");
    // Opened, so that its lock tells whether it is in use, and held until the file is gone.
    const auto file = EmbeddingFile::open(path, identity, RowLayout(header->dimension));
    if (!file)
        return file.propagate();
    if (!file->isWriter())
        return fail(ErrorCode::ReadOnly,
                    path.string() + " is in use or write-protected; close Yingxun and try again.");
    std::error_code error;
    std::filesystem::remove(path, error);
    if (error)
        return fail(ErrorCode::Io, "Could not delete " + path.string() + ": " + error.message() + '.');
    std::filesystem::remove(folder / (identity + kNameEnding), error);
    return {};
}

} // namespace yingxun::search

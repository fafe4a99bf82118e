// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/part_note.h"

#include "core/base/atomic_file.h"
#include "core/base/json.h"
#include "core/base/json_writer.h"

#include <fstream>
#include <iterator>
#include <span>
#include <system_error>

namespace yingxun::models {
namespace {

constexpr std::uintmax_t kLargestNote = 1 << 16;

std::filesystem::path pathOf(const std::filesystem::path &target)
{
    std::filesystem::path path = target;
    path += ".part.json";
    return path;
}

std::string textOf(const Json &object, const char *key)
{
    const Json *value = object.find(key);
    const auto text = value != nullptr ? value->asString() : std::nullopt;
    return text ? std::string(*text) : std::string();
}

} // namespace

PartNote PartNote::load(const std::filesystem::path &target)
{
    std::error_code error;
    if (std::filesystem::file_size(pathOf(target), error) > kLargestNote || error)
        return {};
    std::ifstream stream(pathOf(target), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    const auto json = parseJson(text);
    if (!json)
        return {};
    PartNote note;
    note.address = textOf(*json, "address");
    note.etag = textOf(*json, "etag");
    note.lastModified = textOf(*json, "last_modified");
    note.sha256 = textOf(*json, "sha256");
    if (const Json *bytes = json->find("bytes"); bytes != nullptr)
        note.bytes = bytes->asInt().value_or(-1);
    return note;
}

Result<void> PartNote::save(const std::filesystem::path &target) const
{
    JsonWriter json;
    json.beginObject()
        .member("address", address)
        .member("etag", etag)
        .member("last_modified", lastModified)
        .member("bytes", bytes)
        .member("sha256", sha256)
        .endObject();
    const std::string text = json.text() + '\n';
    auto file = AtomicFile::create(pathOf(target), Readers::Owner);
    if (!file)
        return file.propagate();
    file->write(std::as_bytes(std::span(text)));
    return file->commit();
}

void PartNote::remove(const std::filesystem::path &target)
{
    std::error_code ignored;
    std::filesystem::remove(pathOf(target), ignored);
}

} // namespace yingxun::models

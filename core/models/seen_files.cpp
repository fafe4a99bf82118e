// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/seen_files.h"

#include "core/base/atomic_file.h"
#include "core/base/json.h"
#include "core/base/json_writer.h"

#include <cstdint>
#include <fstream>
#include <iterator>
#include <span>
#include <system_error>

namespace yingxun::models {
namespace {

namespace fs = std::filesystem;

constexpr const char *kNote = ".seen.json"; // No file of a model: neither packed nor copied.
constexpr std::uintmax_t kLargestNote = 1 << 20;

} // namespace

SeenFiles SeenFiles::of(const fs::path &folder)
{
    SeenFiles seen(folder);
    std::error_code error;
    if (fs::file_size(folder / kNote, error) > kLargestNote || error)
        return seen;
    std::ifstream stream(folder / kNote, std::ios::binary);
    const auto json = parseJson(std::string{std::istreambuf_iterator<char>(stream), {}});
    if (!json || json->asObject() == nullptr)
        return seen;
    for (const auto &[name, state] : *json->asObject()) {
        if (const auto text = state.asString())
            seen.m_states[name] = *text;
    }
    return seen;
}

std::string SeenFiles::stateOf(const fs::path &file)
{
    std::error_code error;
    const std::uintmax_t bytes = fs::file_size(file, error);
    if (error)
        return {};
    const auto changed = fs::last_write_time(file, error);
    if (error)
        return {};
    return std::to_string(bytes) + " bytes, changed " + std::to_string(changed.time_since_epoch().count());
}

bool SeenFiles::contains(const std::string &name, const std::string &state) const
{
    const auto known = m_states.find(name);
    return known != m_states.end() && !state.empty() && known->second == state;
}

void SeenFiles::save() const
{
    JsonWriter json;
    json.beginObject();
    for (const auto &[name, state] : m_states)
        json.newLine().member(name, state);
    const std::string text = json.endObject().text() + '\n';
    auto file = AtomicFile::create(m_folder / kNote, Readers::Owner);
    if (!file)
        return;
    file->write(std::as_bytes(std::span(text)));
    static_cast<void>(file->commit());
}

} // namespace yingxun::models

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ingest/passed_over.h"

#include "core/base/atomic_file.h"
#include "core/base/content_hasher.h"
#include "core/base/file_descriptor.h"
#include "core/image/decode.h"
#include "core/image/format.h"

#include <array>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <span>
#include <unistd.h>

namespace yingxun::ingest {
namespace {

constexpr std::size_t kStart = 64;       // Bytes that tell a format.
constexpr std::int64_t kSmallest = 32;   // Bytes: no picture is smaller that anybody would look for.
constexpr std::size_t kMost = 1'000'000; // Files remembered; 16 MB.

/// With the readers: another build may know what this one passes over.
ContentHash keyOf(const FoundFile &file)
{
    static const std::string readers = image::readersVersion();
    const std::string text = file.path + '\0' + std::to_string(file.sizeBytes) + ' ' +
                             std::to_string(file.mtimeMs) + ' ' + readers;
    return contentHash(std::as_bytes(std::span(text)));
}

} // namespace

std::optional<bool> beginsAsPicture(const std::string &path)
{
    // O_NONBLOCK: never waits for a FIFO's writer.
    const FileDescriptor opened(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
    if (!opened)
        return std::nullopt;
    std::array<std::byte, kStart> start{};
    const ssize_t count = ::pread(opened.get(), start.data(), start.size(), 0);
    if (count < 0)
        return std::nullopt;
    return image::beginsAsPicture(std::span(start).first(static_cast<std::size_t>(count)));
}

PassedOver PassedOver::load(std::filesystem::path file)
{
    PassedOver memory(std::move(file));
    std::ifstream in(memory.m_file, std::ios::binary);
    ContentHash key;
    while (memory.m_known.size() < kMost && in.read(reinterpret_cast<char *>(key.bytes.data()),
                                                    static_cast<std::streamsize>(key.bytes.size())))
        memory.m_known.insert(key);
    return memory;
}

bool PassedOver::isPicture(const FoundFile &file)
{
    if (file.sizeBytes < kSmallest)
        return false;
    const ContentHash key = keyOf(file);
    if (m_known.contains(key) || m_new.contains(key))
        return false;
    const auto begins = beginsAsPicture(file.path);
    if (begins && !*begins)
        m_new.insert(key); // What could not be opened is asked again the next time.
    return begins.value_or(false);
}

void PassedOver::save() const
{
    if (m_new.empty())
        return;
    auto file = AtomicFile::create(m_file, Readers::Owner);
    if (!file)
        return;
    std::vector<std::byte> bytes;
    const auto put = [&bytes](const ContentHash &key) {
        const auto view = std::as_bytes(std::span(key.bytes));
        bytes.insert(bytes.end(), view.begin(), view.end());
    };
    for (const ContentHash &key : m_new)
        put(key);
    if (m_known.size() + m_new.size() <= kMost) { // Else it starts anew, with what is there now.
        for (const ContentHash &key : m_known)
            put(key);
    }
    file->write(bytes);
    static_cast<void>(file->commit());
}

} // namespace yingxun::ingest

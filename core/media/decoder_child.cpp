// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/decoder_child.h"

#include "core/base/guarded.h"
#include "core/media/sandbox.h"
#include "core/media/wire.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <sys/mman.h>
#include <unistd.h>

namespace yingxun::media {
namespace {

/// Bytes in memory that can be handed on. None: there is no memory for them.
FileDescriptor inMemory(std::span<const std::byte> bytes)
{
    FileDescriptor memory(::memfd_create("result", MFD_CLOEXEC));
    while (memory && !bytes.empty()) {
        const ssize_t written = ::write(memory.get(), bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return {};
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return memory;
}

/// Says what the file is called to whoever asked.
Error named(Error error, const MediaFile &file, const std::string &name)
{
    const std::string path = file.path().string();
    for (std::size_t at = error.message.find(path); at != std::string::npos;
         at = error.message.find(path, at + name.size()))
        error.message.replace(at, path.size(), name);
    return error;
}

Result<Media> made(const Task &task, FileDescriptor descriptor, int socket)
{
    // The one who asks counts what all decoders hold together.
    image::DecodeBudget budget(task.memory, [socket](std::uint64_t bytes) {
        return sendMessage(socket, packed(Word{Say::NeedsMemory, bytes})) &&
               !receiveMessage(socket).bytes.empty();
    });
    const auto file = MediaFile::received(std::move(descriptor), task.kind);
    if (!file)
        return file.propagate();
    auto media = makeMedia(*file, task.wants, &budget);
    if (!media) {
        const Error error = named(media.error(), *file, task.name);
        return fail(error.code, error.message);
    }
    return media;
}

} // namespace

int serveAsDecoder(int socket, std::uint64_t addressSpaceBytes)
{
    // Ctrl+C in a terminal reaches all processes; this one ends when it is no longer needed.
    std::signal(SIGINT, SIG_IGN);
    std::signal(SIGQUIT, SIG_IGN);
    if (const auto confined = confine(addressSpaceBytes); !confined) {
        std::fprintf(stderr, "yingxun-decoder: %s\n", confined.error().message.c_str());
        return 1;
    }
    for (;;) {
        Message message = receiveMessage(socket);
        if (message.bytes.empty())
            return 0;
        const auto task = taskIn(message.bytes);
        if (!task || !message.descriptor)
            return 1;
        const auto result =
            guarded("Decoding", [&] { return made(*task, std::move(message.descriptor), socket); });
        const std::vector<std::byte> bytes = packed(result);
        const FileDescriptor memory = inMemory(bytes);
        if (!memory || !sendMessage(socket, packed(Word{Say::Done, bytes.size()}), memory.get()))
            return 1;
    }
}

} // namespace yingxun::media

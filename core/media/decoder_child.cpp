// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/decoder_child.h"

#include "core/base/guarded.h"
#include "core/media/sandbox.h"
#include "core/media/wire.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <unistd.h>

namespace yingxun::media {
namespace {

/// A decoder that hangs must not outlive the one who would have ended it: more than any file is given.
constexpr unsigned kLongestSeconds = 180;

/// Puts all of it into memory that came along.
bool writeInto(int memory, std::span<const std::byte> bytes)
{
    while (!bytes.empty()) {
        const ssize_t written = ::write(memory, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return true;
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
        ::alarm(0); // Others may hold the memory for long.
        const bool isGranted = sendMessage(socket, packed(Word{Say::NeedsMemory, bytes})) &&
                               !receiveMessage(socket, Along::Refused).bytes.empty();
        ::alarm(kLongestSeconds);
        return isGranted;
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
    sigset_t alarms;
    ::sigemptyset(&alarms);
    ::sigaddset(&alarms, SIGALRM);
    ::sigprocmask(SIG_UNBLOCK, &alarms, nullptr);
    for (;;) {
        Message message = receiveMessage(socket, Along::Taken);
        if (message.bytes.empty())
            return 0;
        const auto task = taskIn(message.bytes);
        if (!task || message.descriptors.size() != 2)
            return 1;
        ::alarm(kLongestSeconds);
        const auto result =
            guarded("Decoding", [&] { return made(*task, std::move(message.descriptors[0]), socket); });
        ::alarm(0);
        const std::vector<std::byte> bytes = packed(result);
        if (!writeInto(message.descriptors[1].get(), bytes) ||
            !sendMessage(socket, packed(Word{Say::Done, bytes.size()})))
            return 1;
    }
}

} // namespace yingxun::media

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/decoder_process.h"

#include "core/media/decoder_child.h"
#include "core/media/wire.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <utility>
#include <vector>

extern char **environ;

namespace yingxun::media {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::uint64_t kMostBytes = 4'000'000'000; // Of a result: the largest picture at full size.

/// Read rather than mapped: a decoder that was taken over could shrink it meanwhile.
std::optional<Result<Media>> readResult(int memory, std::uint64_t size, const Wants &wants)
{
    if (size > kMostBytes)
        return std::nullopt;
    std::vector<std::byte> bytes(static_cast<std::size_t>(size));
    std::size_t done = 0;
    while (done < bytes.size()) {
        const ssize_t got =
            ::pread(memory, bytes.data() + done, bytes.size() - done, static_cast<off_t>(done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return std::nullopt;
        done += static_cast<std::size_t>(got);
    }
    return resultIn(bytes, wants);
}

/// Ends a poll(2) when a stop is requested.
class StopBell
{
public:
    explicit StopBell(const std::stop_token &stop)
        : m_event(::eventfd(0, EFD_CLOEXEC)), m_callback(stop, Ring{m_event.get()})
    {
    }
    int descriptor() const { return m_event.get(); }

private:
    struct Ring {
        int event;
        void operator()() const { ::eventfd_write(event, 1); }
    };
    FileDescriptor m_event;
    std::stop_callback<Ring> m_callback;
};

} // namespace

Result<DecoderProcess> DecoderProcess::start(const std::filesystem::path &program,
                                             std::uint64_t addressSpaceBytes)
{
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0)
        return fail(ErrorCode::Io, std::string("No decoder can be started: ") + std::strerror(errno) + '.');
    FileDescriptor ours(ends[0]);
    const FileDescriptor theirs(ends[1]);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, theirs.get(), kDecoderSocket);
    std::string name = program.string();
    std::string limit = std::to_string(addressSpaceBytes);
    std::array<char *, 3> arguments{name.data(), limit.data(), nullptr};
    pid_t process = -1;
    const int code = ::posix_spawn(&process, name.c_str(), &actions, nullptr, arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    if (code != 0)
        return fail(code == ENOENT ? ErrorCode::NotFound : ErrorCode::Io,
                    name + " cannot be started: " + std::strerror(code) + ". Install Yingxun again.");
    return DecoderProcess(process, std::move(ours));
}

DecoderProcess::DecoderProcess(DecoderProcess &&other) noexcept
    : m_process(std::exchange(other.m_process, -1)), m_socket(std::move(other.m_socket))
{
}

DecoderProcess &DecoderProcess::operator=(DecoderProcess &&other) noexcept
{
    std::swap(m_process, other.m_process);
    std::swap(m_socket, other.m_socket);
    return *this;
}

DecoderProcess::~DecoderProcess()
{
    end();
}

std::string DecoderProcess::end()
{
    const pid_t process = std::exchange(m_process, -1);
    if (process < 0)
        return {};
    int status = 0;
    // It may be on its way to end by itself, by the signal that is to be told.
    const bool hasEnded = ::waitpid(process, &status, WNOHANG) == process;
    if (!hasEnded) {
        ::kill(process, SIGKILL);
        while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
        }
    }
    m_socket.close();
    if (WIFSIGNALED(status))
        return "signal " + std::to_string(WTERMSIG(status));
    return "exit status " + std::to_string(WEXITSTATUS(status));
}

DecoderProcess::Outcome DecoderProcess::read(const MediaFile &file, const Wants &wants,
                                             std::chrono::milliseconds patience, const std::stop_token &stop)
{
    image::DecodeBudget &budget = image::DecodeBudget::ofProcess();
    const Task task{file.kind(), wants, budget.capacity(), file.path().string()};
    if (!sendMessage(m_socket.get(), packed(task), file.descriptor()))
        return lost();
    const StopBell bell(stop);
    std::vector<image::DecodeBudget::Lease> leases;
    auto deadline = Clock::now() + patience;
    for (;;) {
        std::array<pollfd, 2> descriptors{pollfd{m_socket.get(), POLLIN, 0},
                                          pollfd{bell.descriptor(), POLLIN, 0}};
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
        const int ready =
            ::poll(descriptors.data(), descriptors.size(), static_cast<int>(std::max<std::int64_t>(left, 0)));
        if (ready < 0 && errno == EINTR)
            continue;
        if (stop.stop_requested()) {
            Outcome outcome = lost();
            outcome.isCancelled = true;
            return outcome;
        }
        if (ready == 0) {
            Outcome outcome = lost();
            outcome.isLate = true;
            return outcome;
        }
        const Message message = receiveMessage(m_socket.get());
        const auto word = wordIn(message.bytes);
        if (!word)
            return lost();
        if (word->say == Say::Done) {
            auto result = readResult(message.descriptor.get(), word->bytes, wants);
            if (!result)
                return lost();
            return {std::move(result), {}};
        }
        const auto asked = Clock::now();
        auto lease = budget.acquire(word->bytes);
        constexpr std::byte kGranted{1};
        if (!lease || !sendMessage(m_socket.get(), std::span(&kGranted, 1)))
            return lost();
        leases.push_back(*std::move(lease));
        deadline += Clock::now() - asked;
    }
}

DecoderProcess::Outcome DecoderProcess::lost()
{
    Outcome outcome;
    outcome.lost = end();
    return outcome;
}

} // namespace yingxun::media

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
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <utility>
#include <vector>

extern char **environ;

namespace yingxun::media {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kEnding = std::chrono::milliseconds(500);
// Of a result: the largest picture at full size, and one without a picture to be shown.
constexpr std::uint64_t kMostBytes = 4'000'000'000;
constexpr std::uint64_t kMostBytesUnshown = 64'000'000;

/// Read rather than mapped: a decoder that was taken over could shrink it meanwhile.
std::optional<Result<Media>> readResult(int memory, std::uint64_t size, const Wants &wants)
{
    if (size > (wants.shownSide ? kMostBytes : kMostBytesUnshown))
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

FileDescriptor DecoderProcess::openedProgram(const std::filesystem::path &program)
{
    const FileDescriptor opened(::open(program.c_str(), O_PATH | O_CLOEXEC));
    // Not where the new process is to have its socket.
    return FileDescriptor(opened ? ::fcntl(opened.get(), F_DUPFD_CLOEXEC, kDecoderSocket + 1) : -1);
}

Result<DecoderProcess> DecoderProcess::start(const std::filesystem::path &program,
                                             const FileDescriptor &opened, std::uint64_t addressSpaceBytes)
{
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0)
        return fail(ErrorCode::Io, std::string("No decoder can be started: ") + std::strerror(errno) + '.');
    FileDescriptor ours(ends[0]);
    const FileDescriptor theirs(ends[1]);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    // Neither what is typed into a terminal nor the terminal itself is any of its business.
    ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions, theirs.get(), kDecoderSocket);
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
    std::string name = program.string();
    std::string limit = std::to_string(addressSpaceBytes);
    std::array<char *, 3> arguments{name.data(), limit.data(), nullptr};
    pid_t process = -1;
    const std::string path = opened ? "/proc/self/fd/" + std::to_string(opened.get()) : name;
    const int code = ::posix_spawn(&process, path.c_str(), &actions, &attributes, arguments.data(), environ);
    ::posix_spawnattr_destroy(&attributes);
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

bool DecoderProcess::isRunning()
{
    int status = 0;
    if (::waitpid(m_process, &status, WNOHANG) == 0)
        return true;
    m_process = -1;
    return false;
}

DecoderProcess::End DecoderProcess::end(std::chrono::milliseconds meantime)
{
    const pid_t process = std::exchange(m_process, -1);
    if (process < 0)
        return {};
    int status = 0;
    bool hasEnded = ::waitpid(process, &status, WNOHANG) == process;
    for (const auto until = Clock::now() + meantime; !hasEnded && Clock::now() < until;) {
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
        hasEnded = ::waitpid(process, &status, WNOHANG) == process;
    }
    if (!hasEnded) {
        ::kill(process, SIGKILL);
        while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
        }
    }
    m_socket.close();
    if (WIFSIGNALED(status))
        return {"signal " + std::to_string(WTERMSIG(status)), hasEnded && WTERMSIG(status) == SIGKILL};
    return {"exit status " + std::to_string(WEXITSTATUS(status)), false};
}

DecoderProcess::Outcome DecoderProcess::read(const MediaFile &file, const Wants &wants,
                                             std::chrono::milliseconds patience, const std::stop_token &stop)
{
    image::DecodeBudget &budget = image::DecodeBudget::ofProcess();
    const Task task{file.kind(), wants, budget.capacity(), file.path().string()};
    const FileDescriptor memory(::memfd_create("result", MFD_CLOEXEC));
    const std::array<int, 2> along{file.descriptor(), memory.get()};
    if (!memory || !sendMessage(m_socket.get(), packed(task), along))
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
        if (ready < 0)
            return lost();
        if (stop.stop_requested())
            return cancelled();
        if (ready == 0) {
            Outcome outcome = lost();
            outcome.isLate = true;
            return outcome;
        }
        const Message message = receiveMessage(m_socket.get(), Along::Refused);
        const auto word = wordIn(message.bytes);
        if (!word) // Its end is heard of a little before its signal.
            return lost(message.bytes.empty() ? kEnding : std::chrono::milliseconds(0));
        if (word->say == Say::Done) {
            auto result = readResult(memory.get(), word->bytes, wants);
            if (!result)
                return lost();
            return {std::move(result), {}};
        }
        const auto asked = Clock::now();
        auto lease = budget.acquire(word->bytes, stop);
        if (stop.stop_requested())
            return cancelled();
        constexpr std::byte kGranted{1};
        if (!lease || !sendMessage(m_socket.get(), std::span(&kGranted, 1)))
            return lost();
        leases.push_back(*std::move(lease));
        deadline += Clock::now() - asked;
    }
}

DecoderProcess::Outcome DecoderProcess::cancelled()
{
    Outcome outcome = lost();
    outcome.isCancelled = true;
    return outcome;
}

DecoderProcess::Outcome DecoderProcess::lost(std::chrono::milliseconds meantime)
{
    Outcome outcome;
    const End ended = end(meantime);
    outcome.lost = ended.how;
    outcome.isKilled = ended.wasKilled;
    return outcome;
}

} // namespace yingxun::media

// SPDX-License-Identifier: GPL-3.0-or-later
// Confines itself as decoders do, and then tries what they may not. Prints what it could do, a word a line.
#include "core/media/sandbox.h"

#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

int main(int argc, char **argv)
{
    constexpr std::uint64_t kMemory = 1ULL << 30;
    if (argc != 2 || !yingxun::media::confine(kMemory))
        return 1;
    const char *file = argv[1];
    const auto could = [](bool done, const char *what) {
        if (done)
            std::puts(what);
    };
    could(::open(file, O_RDONLY) >= 0, "read");
    could(::open(file, O_RDWR) >= 0, "write");
    could(::open(file, O_WRONLY | O_TRUNC) >= 0, "empty");
    could(::creat("made", 0600) >= 0, "make");
    could(::unlink(file) == 0, "delete");
    const int opened = ::open(file, O_RDONLY);
    could(::fchmod(opened, 0600) == 0, "change rights");
    could(::kill(::getppid(), 0) == 0, "signal");
    could(::syscall(SYS_tgkill, ::getppid(), ::getppid(), 0) == 0, "signal a thread");
    could(::socket(AF_INET, SOCK_STREAM, 0) >= 0, "connect");
    could(::mmap(nullptr, 2 * kMemory, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED,
          "take memory");
    std::thread([&could] { could(true, "start a thread"); }).join();
    std::fflush(stdout);
    if (const pid_t child = ::fork(); child == 0)
        ::_exit(0);
    else
        could(child > 0, "fork");
    std::fflush(stdout);
    ::execl("/bin/echo", "echo", "start a program", nullptr);
    return 0;
}

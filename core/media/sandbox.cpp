// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/sandbox.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#ifdef YINGXUN_HAVE_SECCOMP
#include <seccomp.h>
#endif

namespace yingxun::media {
namespace {

#ifdef YINGXUN_HAVE_SECCOMP

struct Release {
    void operator()(void *filter) const { ::seccomp_release(filter); }
};
using Filter = std::unique_ptr<void, Release>;

/// What no decoder does; libraries that try are told that they may not, and go on.
constexpr std::array kForbidden{SCMP_SYS(socket),
                                SCMP_SYS(socketpair),
                                SCMP_SYS(connect),
                                SCMP_SYS(bind),
                                SCMP_SYS(listen),
                                SCMP_SYS(accept),
                                SCMP_SYS(accept4),
                                SCMP_SYS(execve),
                                SCMP_SYS(execveat),
                                SCMP_SYS(fork),
                                SCMP_SYS(vfork),
                                SCMP_SYS(ptrace),
                                SCMP_SYS(creat),
                                SCMP_SYS(unlink),
                                SCMP_SYS(unlinkat),
                                SCMP_SYS(rename),
                                SCMP_SYS(renameat),
                                SCMP_SYS(renameat2),
                                SCMP_SYS(mkdir),
                                SCMP_SYS(mkdirat),
                                SCMP_SYS(rmdir),
                                SCMP_SYS(link),
                                SCMP_SYS(linkat),
                                SCMP_SYS(symlink),
                                SCMP_SYS(symlinkat),
                                SCMP_SYS(mknod),
                                SCMP_SYS(mknodat),
                                SCMP_SYS(chmod),
                                SCMP_SYS(fchmodat),
                                SCMP_SYS(chown),
                                SCMP_SYS(lchown),
                                SCMP_SYS(fchownat),
                                SCMP_SYS(truncate),
                                SCMP_SYS(utimensat),
                                SCMP_SYS(setxattr),
                                SCMP_SYS(lsetxattr),
                                SCMP_SYS(removexattr),
                                SCMP_SYS(mount),
                                SCMP_SYS(umount2),
                                SCMP_SYS(unshare),
                                SCMP_SYS(setns),
                                SCMP_SYS(kill),
                                SCMP_SYS(process_vm_readv),
                                SCMP_SYS(process_vm_writev),
                                SCMP_SYS(io_uring_setup),
                                SCMP_SYS(bpf),
                                SCMP_SYS(userfaultfd),
                                SCMP_SYS(perf_event_open),
                                SCMP_SYS(fchmod),
                                SCMP_SYS(fchown),
                                SCMP_SYS(fsetxattr),
                                SCMP_SYS(fremovexattr),
                                SCMP_SYS(lremovexattr),
                                SCMP_SYS(utime),
                                SCMP_SYS(utimes),
                                SCMP_SYS(futimesat),
                                SCMP_SYS(pidfd_open),
                                SCMP_SYS(pidfd_getfd),
                                SCMP_SYS(pidfd_send_signal),
                                SCMP_SYS(rt_sigqueueinfo),
                                SCMP_SYS(rt_tgsigqueueinfo),
                                SCMP_SYS(tkill),
                                SCMP_SYS(keyctl),
                                SCMP_SYS(add_key),
                                SCMP_SYS(request_key),
                                SCMP_SYS(prlimit64)};

/// Adds all rules. @return 0, or what seccomp said to the first that failed.
int addRules(scmp_filter_ctx filter)
{
    int code = 0;
    const auto add = [&](std::uint32_t action, int call, auto... comparisons) {
        if (code == 0)
            code = ::seccomp_rule_add(filter, action, call, sizeof...(comparisons), comparisons...);
    };
    for (const int call : kForbidden)
        add(SCMP_ACT_ERRNO(EPERM), call);
    // Files may be opened for reading only: of the two lowest bits none is set, and nothing is made.
    for (const unsigned writing : {O_WRONLY, O_RDWR, O_CREAT, O_TRUNC}) {
        add(SCMP_ACT_ERRNO(EPERM), SCMP_SYS(open), SCMP_A1(SCMP_CMP_MASKED_EQ, writing, writing));
        add(SCMP_ACT_ERRNO(EPERM), SCMP_SYS(openat), SCMP_A2(SCMP_CMP_MASKED_EQ, writing, writing));
    }
    // Threads, but no processes. What has its flags in memory cannot be looked into: libraries then use the
    // older call.
    add(SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0));
    add(SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3));
    add(SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(openat2));
    // Signals to itself alone, as abort() sends them; no words put into the mouth of a terminal.
    add(SCMP_ACT_ERRNO(EPERM), SCMP_SYS(tgkill), SCMP_A0(SCMP_CMP_NE, static_cast<scmp_datum_t>(::getpid())));
    add(SCMP_ACT_ERRNO(EPERM), SCMP_SYS(ioctl), SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffffU, TIOCSTI));
    return code;
}

#endif

Result<void> limit(__rlimit_resource resource, std::uint64_t most)
{
    const rlimit wanted{most, most};
    if (::setrlimit(resource, &wanted) != 0)
        return fail(ErrorCode::Io, std::string("A decoder cannot be limited: ") + std::strerror(errno) + '.');
    return {};
}

} // namespace

Result<void> confine(std::uint64_t addressSpaceBytes)
{
    if (auto done = limit(RLIMIT_AS, addressSpaceBytes); !done)
        return done;
    if (auto done = limit(RLIMIT_CORE, 0); !done) // Photos would be in it.
        return done;
#ifdef YINGXUN_HAVE_SECCOMP
    const Filter filter(::seccomp_init(SCMP_ACT_ALLOW));
    // Libraries may have started threads before main().
    const bool isForAll = filter && ::seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_TSYNC, 1) == 0;
    if (!isForAll || addRules(filter.get()) != 0)
        return fail(ErrorCode::Internal, "The rules for a decoder cannot be made.");
    // Refused where a container or a kernel has no seccomp: decoding in a process of its own is still worth
    // it.
    static_cast<void>(::seccomp_load(filter.get()));
#endif
    return {};
}

} // namespace yingxun::media

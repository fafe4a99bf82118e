// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string_view>

/// What a test does that needs data from beside the repository (YINGXUN_SHARED_DIR) and does not find it:
/// it says so, and ctest lists the program as skipped, though the rest of it passed. Where the environment
/// has YINGXUN_REQUIRE_SHARED=1, as in CI, it fails.

/// Exit status that ctest reports as skipped.
constexpr int kSkipped = 77;

/// Parts of the running program that did not run.
inline int g_withoutShared = 0;

inline bool isSharedRequired()
{
    const char *value = std::getenv("YINGXUN_REQUIRE_SHARED");
    return value != nullptr && std::string_view(value) == "1";
}

/// Notes a part that cannot run; prints why.
inline void withoutShared(const char *reason)
{
    ++g_withoutShared;
    std::printf("%s: without shared data: %s\n", isSharedRequired() ? "FAILED" : "SKIPPED", reason);
}

/// The exit status of a program whose other parts ended with `status`.
inline int statusWithSkipped(int status)
{
    if (status != 0 || g_withoutShared == 0)
        return status;
    return isSharedRequired() ? 1 : kSkipped;
}

/// The same in a function of a Qt test; the program has YINGXUN_SHARED_TEST_MAIN.
#define SKIP_WITHOUT_SHARED(reason)                                                                          \
    do {                                                                                                     \
        withoutShared(reason);                                                                               \
        if (isSharedRequired())                                                                              \
            QFAIL(reason);                                                                                   \
        else                                                                                                 \
            QSKIP(reason);                                                                                   \
    } while (false)

/// QTEST_GUILESS_MAIN with that exit status.
#define YINGXUN_SHARED_TEST_MAIN(TestObject)                                                                 \
    int main(int argc, char **argv)                                                                          \
    {                                                                                                        \
        QCoreApplication application(argc, argv);                                                            \
        TestObject test;                                                                                     \
        return statusWithSkipped(QTest::qExec(&test, argc, argv));                                           \
    }

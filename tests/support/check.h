// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/shared_data.h"

#include <cstdio>

/// Counts of the running check program.
struct CheckCounts {
    int checks = 0;
    int failed = 0;
};

/// The counts that CHECK adds to and checkSummary() reports.
inline CheckCounts g_checkCounts;

/// Counts one check; a failed one is printed with its place. Returns `passed`.
inline bool checkThat(bool passed, const char *expression, const char *file, int line)
{
    ++g_checkCounts.checks;
    if (!passed) {
        ++g_checkCounts.failed;
        std::printf("%s:%d: FAILED: %s\n", file, line, expression);
    }
    return passed;
}

/// Prints the final line; the exit status of the program: 0 only when something was checked, nothing failed
/// and nothing was left out for want of shared data.
inline int checkSummary()
{
    std::printf("%d checks, %d failed\n", g_checkCounts.checks, g_checkCounts.failed);
    const bool ran = g_checkCounts.checks > 0 || g_withoutShared > 0;
    return statusWithSkipped(g_checkCounts.failed == 0 && ran ? 0 : 1);
}

#define CHECK(condition) checkThat(static_cast<bool>(condition), #condition, __FILE__, __LINE__)
#define CHECK_EQ(left, right) checkThat((left) == (right), #left " == " #right, __FILE__, __LINE__)

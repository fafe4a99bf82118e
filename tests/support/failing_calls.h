// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/faults.h"

namespace yingxun::test {

/// Decides on every open for writing, write, pwrite, ftruncate, fsync and rename that our own code calls;
/// what shared libraries call is left alone. The program needs the linker's --wrap, see store.cmake.
inline Faults g_callFaults;

} // namespace yingxun::test

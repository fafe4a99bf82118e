// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/faults.h"

namespace yingxun::test {

/// Decides on every call by which SQLite changes the disk, once useFailingVfs() was called.
inline Faults g_sqliteFaults;

/// From now on SQLite reads and writes through a layer over its own, for all databases opened later.
void useFailingVfs();

} // namespace yingxun::test

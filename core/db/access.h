// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <filesystem>

namespace yingxun::db {

/// What may be done with a library.
enum class Access { ReadWrite, ReadOnly };

/// ReadOnly: the data directory is there, and this process may not write it or a database in it.
Access accessTo(const std::filesystem::path &dataDirectory);

/// The refusal of whatever would change a library that may only be read.
Unexpected writeProtected(const std::filesystem::path &dataDirectory);

} // namespace yingxun::db

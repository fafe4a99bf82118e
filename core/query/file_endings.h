// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/query/syntax.h"

#include <optional>
#include <string_view>

namespace yingxun::query {

/// The format that a file's name says, in any case; none where its ending is no format's. Not what is in the
/// file: that is not kept, and only few files are named wrongly.
std::optional<FileFormat> formatOfName(std::string_view name);

} // namespace yingxun::query

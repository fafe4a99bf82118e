// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace yingxun::db {

/// Without blanks at both ends, the ideographic and the no-break space included.
std::string trimmed(std::string_view name);

} // namespace yingxun::db

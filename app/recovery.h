// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

namespace yingxun::app {

/// When what people made is damaged: asks whether the newest good copy is to be put back, in a window.
/// @return false when the program is to end.
bool mendLibrary(const std::filesystem::path &dataDirectory);

} // namespace yingxun::app

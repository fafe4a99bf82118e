// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ingest/file_walk.h"

#include <chrono>
#include <cstdint>
#include <string_view>

namespace yingxun::ingest {

/// For so long after its last change a file may still be being written.
constexpr std::chrono::milliseconds kQuiet{2000};

/// Whether a file was changed so short a time ago that it may not be whole. A time in the future says
/// nothing: a clock stands wrong.
bool mayStillGrow(const FoundFile &file, std::int64_t nowMs);

/// Whether a file's name says that a browser, a synchronizer or an editor is still writing it; it gets
/// another one when it is whole.
bool isNamedAsUnfinished(std::string_view path);

} // namespace yingxun::ingest

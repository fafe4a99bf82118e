// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <cstdint>

namespace yingxun::media {

/// Takes from this process, for good, what decoding does not need: the network, starting programs, writing
/// anywhere but to what is open already, and more memory than this. Before any other thread is started.
/// Without seccomp (other systems than Linux, or a kernel that refuses) only the memory is limited.
/// Errors: Io.
Result<void> confine(std::uint64_t addressSpaceBytes);

} // namespace yingxun::media

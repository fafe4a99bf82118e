// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace yingxun::media {

constexpr int kDecoderSocket = 3; ///< The descriptor by which a decoder is asked.

/// What the program yingxun-decoder does: confines itself, see sandbox.h, then makes what it is asked for
/// until the one who asks has gone. @return its exit status.
int serveAsDecoder(int socket, std::uint64_t addressSpaceBytes);

} // namespace yingxun::media

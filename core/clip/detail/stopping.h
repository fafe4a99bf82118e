// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <stop_token>

/// Models have gigabytes: what goes through their bytes looks at a stop token on the way.
namespace yingxun::clip::detail {

/// Between two looks at a token: some 10 ms of a slow disk. A multiple of what any checksum takes at once.
constexpr std::size_t kBytesAtOnce = 1 << 20;

/// Thrown where there is no other way out; guarded() makes Cancelled of it.
struct Stopped {
};

inline Unexpected stopped()
{
    return fail(ErrorCode::Cancelled, "stopped while the model was being loaded");
}

/// Hands bytes on in slices, as long as nobody stops it. @return whether that was all
template<typename Use>
bool inSlices(std::span<const std::byte> bytes, const std::stop_token &stop, const Use &use)
{
    while (!bytes.empty()) {
        if (stop.stop_requested())
            return false;
        const std::size_t size = std::min(bytes.size(), kBytesAtOnce);
        use(bytes.first(size));
        bytes = bytes.subspan(size);
    }
    return true;
}

} // namespace yingxun::clip::detail

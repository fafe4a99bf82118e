// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/moment_key.h"

#include "core/base/content_hasher.h"

#include <algorithm>
#include <array>

namespace yingxun {

ContentHash momentKey(const ContentHash &content, std::int64_t timeMs)
{
    std::array<std::byte, 24> bytes{};
    std::transform(content.bytes.begin(), content.bytes.end(), bytes.begin(),
                   [](std::uint8_t byte) { return std::byte{byte}; });
    const auto time = static_cast<std::uint64_t>(timeMs);
    for (std::size_t i = 0; i < 8; ++i)
        bytes[16 + i] = static_cast<std::byte>(time >> (8 * i));
    return contentHash(bytes);
}

} // namespace yingxun

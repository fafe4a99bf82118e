// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/config.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace yingxun::clip;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char *>(data), size);
    const auto config = parseConfig(text);
    // What was accepted is written so that it is accepted again, and its size can be told.
    if (config && (!parseConfig(configJson(*config)) || weightCount(*config) <= 0))
        std::abort();
    const auto reference = parseReferenceConfig(text, text);
    if (reference && weightCount(*reference) <= 0)
        std::abort();
    return 0;
}

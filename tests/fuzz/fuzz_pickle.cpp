// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/pickle.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const auto bytes = std::as_bytes(std::span(data, size));
    const auto pickle = yingxun::clip::Pickle::read(bytes);
    if (pickle && pickle->size() > size)
        std::abort();
    return 0;
}

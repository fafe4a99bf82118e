// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/safetensors.h"
#include "tests/fuzz/read_tensors.h"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const auto bytes = std::as_bytes(std::span(data, size));
    if (const auto file = yingxun::clip::TensorFile::read(bytes))
        readAll(file->tensors());
    return 0;
}

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clip/safetensors.h"

#include <span>

/// Reads every byte of every tensor, so that a view beyond its file is found by the address sanitizer.
inline void readAll(std::span<const yingxun::clip::TensorView> tensors)
{
    unsigned sum = 0;
    for (const yingxun::clip::TensorView &view : tensors) {
        for (std::size_t i = 0; i < view.bytes; ++i)
            sum += static_cast<unsigned>(view.data[i]);
    }
    [[maybe_unused]] static volatile unsigned g_sum = 0; // Or the loop would be optimised away.
    g_sum = sum;
}

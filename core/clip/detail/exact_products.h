// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/Context.h>

namespace yingxun::clip::detail {

/// Keeps float32 from being computed as TF32 on GPUs: libtorch lets convolutions do that by itself, and
/// their 10 bits of mantissa miss the reference's numbers by 1e-3.
inline void computeFloat32Exactly()
{
    at::globalContext().setAllowTF32CuBLAS(false);
    at::globalContext().setAllowTF32CuDNN(false);
}

} // namespace yingxun::clip::detail

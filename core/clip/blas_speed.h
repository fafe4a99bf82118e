// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace yingxun::clip {

/// Speed of this process's matrix products, in 10^9 floating-point operations a second; takes some
/// milliseconds. Tells the reference BLAS, which libtorch falls back to, from an optimised one.
double blasGigaflops();

/// Below this a model runs some 50 times slower than it could: the system's libblas is the reference BLAS
/// (about 3; OpenBLAS gives over 50 on one core).
constexpr double kSlowBlasGigaflops = 10;

} // namespace yingxun::clip

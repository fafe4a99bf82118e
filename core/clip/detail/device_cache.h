// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A libtorch for CUDA comes with the first, the second only where the toolkit is installed.
#if __has_include(<c10/cuda/CUDACachingAllocator.h>) && __has_include(<cuda_runtime_api.h>)
#include <c10/cuda/CUDACachingAllocator.h>
#define YINGXUN_HAS_CUDA_CACHE
#endif

namespace yingxun::clip::detail {

/// Gives memory that libtorch keeps for its next tensors back to the GPU.
inline void emptyDeviceCache()
{
#ifdef YINGXUN_HAS_CUDA_CACHE
    c10::cuda::CUDACachingAllocator::emptyCache();
#endif
}

} // namespace yingxun::clip::detail

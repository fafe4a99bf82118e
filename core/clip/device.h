// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace yingxun::clip {

/// The numbers that towers compute with. Embeddings of half precision have a cosine of at least 0.999 with
/// those of float32 (tests/precision_check).
enum class Precision {
    Auto, ///< The fastest that the device has units for: see resolvedPrecision().
    Float32,
    BFloat16,
    Float16, ///< GPUs only.
};

/// "auto", "float32", "bfloat16", "float16"; as options and settings write them.
std::string_view nameOf(Precision precision);
/// Errors: InvalidArgument (names the choices).
Result<Precision> precisionOf(std::string_view name);

/// The devices that this libtorch can use: "cuda:0"…, "mps", and always "cpu" at last.
std::vector<std::string> devices();

/// The device of a choice: "auto" (or nothing) is the first of devices(), "cuda" the first GPU.
/// Errors: InvalidArgument (it is not there; names those that are).
Result<std::string> resolvedDevice(std::string_view choice);

/// Auto becomes bfloat16 on CUDA GPUs that compute with it (float16 on older ones), float16 on Apple's,
/// bfloat16 on processors with AVX512-BF16 or AMX, else float32.
/// Errors: Unsupported (float16 on a processor).
Result<Precision> resolvedPrecision(Precision choice, std::string_view device);

/// Whether this processor multiplies bfloat16 matrices in hardware.
bool cpuHasBFloat16();

} // namespace yingxun::clip

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace yingxun {

/// Row-major float32 matrix [count, dimension]; row i belongs to input i and has L2 norm 1.
struct Embeddings {
    std::vector<float> values; ///< Size count * dimension.
    int count = 0;
    int dimension = 0;

    std::span<const float> row(int i) const
    {
        return std::span<const float>(values).subspan(static_cast<std::size_t>(i) *
                                                          static_cast<std::size_t>(dimension),
                                                      static_cast<std::size_t>(dimension));
    }
};

} // namespace yingxun

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/blas_speed.h"

#include <torch/torch.h>

#include <algorithm>
#include <chrono>

namespace yingxun::clip {

double blasGigaflops()
{
    constexpr int kSide = 256;
    constexpr int kRuns = 30; // On a busy machine most are disturbed; one that is not tells.
    const c10::InferenceMode inference;
    const torch::Tensor a = torch::rand({kSide, kSide});
    double best = 0;
    for (int i = 0; i < kRuns && best < 2 * kSlowBlasGigaflops; ++i) {
        const auto begin = std::chrono::steady_clock::now();
        const torch::Tensor product = torch::mm(a, a);
        const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begin;
        best = std::max(best, 2.0 * kSide * kSide * kSide / passed.count() / 1e9);
    }
    return best;
}

} // namespace yingxun::clip

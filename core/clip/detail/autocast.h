// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/torch.h>

namespace yingxun::clip::detail {

/// Whether libtorch rounds what goes into matrix products on a device, and to what.
struct AutocastState {
    bool isOn = false;
    torch::ScalarType type = torch::kBFloat16;
};

/// Whether this libtorch can do so on such a device.
bool hasAutocast(torch::DeviceType device);

/// As it stands in this thread; off where there is none.
AutocastState autocastState(torch::DeviceType device);

enum class RoundedWeights {
    Kept, ///< Until the scope ends, for weights that are used again in it.
    Anew, ///< At each use.
};

/// Autocast as given, in this thread and until the scope ends; then as it was before.
class AutocastScope
{
public:
    /// Without effect where there is no autocast.
    AutocastScope(torch::DeviceType device, AutocastState state, RoundedWeights weights);
    ~AutocastScope();
    AutocastScope(const AutocastScope &) = delete;
    AutocastScope &operator=(const AutocastScope &) = delete;

private:
    torch::DeviceType m_device;
    AutocastState m_before;
    RoundedWeights m_weights;
    bool m_keptBefore;
};

} // namespace yingxun::clip::detail

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/detail/autocast.h"

#include <ATen/autocast_mode.h>
#include <torch/version.h>

#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
#define YINGXUN_AUTOCAST_OF_DEVICES
#endif

namespace yingxun::clip::detail {
namespace {

void setState(torch::DeviceType device, AutocastState state)
{
    if (!hasAutocast(device))
        return;
#ifdef YINGXUN_AUTOCAST_OF_DEVICES
    at::autocast::set_autocast_dtype(device, state.type);
    at::autocast::set_autocast_enabled(device, state.isOn);
#else
    if (device == torch::kCUDA) {
        at::autocast::set_autocast_gpu_dtype(state.type);
        at::autocast::set_enabled(state.isOn);
    } else {
        at::autocast::set_autocast_cpu_dtype(state.type);
        at::autocast::set_cpu_enabled(state.isOn);
    }
#endif
}

} // namespace

bool hasAutocast(torch::DeviceType device)
{
#ifdef YINGXUN_AUTOCAST_OF_DEVICES
    return at::autocast::is_autocast_available(device);
#else
    return device == torch::kCPU || device == torch::kCUDA;
#endif
}

AutocastState autocastState(torch::DeviceType device)
{
    if (!hasAutocast(device))
        return {};
#ifdef YINGXUN_AUTOCAST_OF_DEVICES
    return {at::autocast::is_autocast_enabled(device), at::autocast::get_autocast_dtype(device)};
#else
    if (device == torch::kCUDA)
        return {at::autocast::is_enabled(), at::autocast::get_autocast_gpu_dtype()};
    return {at::autocast::is_cpu_enabled(), at::autocast::get_autocast_cpu_dtype()};
#endif
}

AutocastScope::AutocastScope(torch::DeviceType device, AutocastState state, RoundedWeights weights)
    : m_device(device), m_before(autocastState(device)), m_weights(weights),
      m_keptBefore(at::autocast::is_autocast_cache_enabled())
{
    setState(device, state);
    at::autocast::set_autocast_cache_enabled(weights == RoundedWeights::Kept);
}

AutocastScope::~AutocastScope()
{
    if (m_weights == RoundedWeights::Kept)
        at::autocast::clear_cache();
    at::autocast::set_autocast_cache_enabled(m_keptBefore);
    setState(m_device, m_before);
}

} // namespace yingxun::clip::detail

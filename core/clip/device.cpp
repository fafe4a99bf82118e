// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/device.h"

#include <torch/torch.h>
#include <torch/version.h>

#include <algorithm>
#include <array>
#include <chrono>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace yingxun::clip {
namespace {

struct PrecisionName {
    Precision precision;
    std::string_view name;
};
constexpr std::array kPrecisions{
    PrecisionName{Precision::Auto, "auto"}, PrecisionName{Precision::Float32, "float32"},
    PrecisionName{Precision::BFloat16, "bfloat16"}, PrecisionName{Precision::Float16, "float16"}};

bool hasMps()
{
#if TORCH_VERSION_MAJOR >= 2 && defined(__APPLE__)
    return torch::mps::is_available();
#else
    return false;
#endif
}

double productSeconds(const torch::Device &device, torch::ScalarType type)
{
    constexpr int kSide = 1024;
    constexpr int kProducts = 4;
    const torch::Tensor x = torch::ones({kSide, kSide}, torch::dtype(type).device(device));
    torch::matmul(x, x);
    torch::cuda::synchronize();
    const auto begun = std::chrono::steady_clock::now();
    for (int i = 0; i < kProducts; ++i)
        torch::matmul(x, x);
    torch::cuda::synchronize();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
}

/// Whether a GPU has units for bfloat16. libtorch has no portable question for that, and GPUs without them
/// emulate it slowly: so it is measured beside float16.
bool gpuHasBFloat16(const std::string &name)
{
    constexpr double kEmulated = 2; // Times as slow; the units themselves are equally fast.
    try {
        const torch::Device device(name);
        return productSeconds(device, torch::kBFloat16) < kEmulated * productSeconds(device, torch::kHalf);
    } catch (const std::exception &) {
        return false;
    }
}

} // namespace

std::string_view nameOf(Precision precision)
{
    return std::find_if(kPrecisions.begin(), kPrecisions.end(),
                        [precision](const PrecisionName &entry) { return entry.precision == precision; })
        ->name;
}

Result<Precision> precisionOf(std::string_view name)
{
    for (const PrecisionName &entry : kPrecisions) {
        if (entry.name == name)
            return entry.precision;
    }
    return fail(ErrorCode::InvalidArgument,
                std::string(name) + " is no precision; there are auto, float32, bfloat16 and float16");
}

std::vector<std::string> devices()
{
    std::vector<std::string> out;
    const auto count = torch::cuda::is_available() ? static_cast<int>(torch::cuda::device_count()) : 0;
    for (int i = 0; i < count; ++i)
        out.push_back("cuda:" + std::to_string(i));
    if (hasMps())
        out.emplace_back("mps");
    out.emplace_back("cpu");
    return out;
}

Result<std::string> resolvedDevice(std::string_view choice)
{
    const std::vector<std::string> all = devices();
    if (choice.empty() || choice == "auto")
        return all.front();
    const std::string wanted = choice == "cuda" ? "cuda:0" : std::string(choice);
    if (std::find(all.begin(), all.end(), wanted) != all.end())
        return wanted;
    std::string names;
    for (const std::string &name : all)
        names += (names.empty() ? "" : ", ") + name;
    return fail(ErrorCode::InvalidArgument, "there is no device " + wanted + " here; there is " + names);
}

Result<Precision> resolvedPrecision(Precision choice, std::string_view device)
{
    if (device == "cpu") {
        if (choice == Precision::Float16)
            return fail(ErrorCode::Unsupported,
                        "processors do not compute with float16 here; take bfloat16 or float32");
        return choice != Precision::Auto ? choice
               : cpuHasBFloat16()        ? Precision::BFloat16
                                         : Precision::Float32;
    }
    if (choice != Precision::Auto)
        return choice;
    return device.starts_with("cuda") && gpuHasBFloat16(std::string(device)) ? Precision::BFloat16
                                                                             : Precision::Float16;
}

bool cpuHasBFloat16()
{
#if defined(__x86_64__)
    unsigned a = 0;
    unsigned b = 0;
    unsigned c = 0;
    unsigned d = 0;
    // Intel's manual, CPUID leaf 7: subleaf 0, EDX bit 22 AMX-BF16; subleaf 1, EAX bit 5 AVX512-BF16.
    const bool hasAmx = __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (d >> 22U & 1U) != 0;
    const bool hasAvx = __get_cpuid_count(7, 1, &a, &b, &c, &d) != 0 && (a >> 5U & 1U) != 0;
    return hasAmx || hasAvx;
#else
    return false;
#endif
}

} // namespace yingxun::clip

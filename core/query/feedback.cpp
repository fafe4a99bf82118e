// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/feedback.h"

#include <algorithm>
#include <cmath>

namespace yingxun::query {
namespace {

constexpr double kOfMore = 0.75;
constexpr double kOfLess = -0.25;
/// Below it, what is left of the sum is rounding.
constexpr double kLeastLength = 1e-3;

void addMean(std::vector<double> &sum, const std::vector<std::vector<float>> &vectors, double weight)
{
    for (const std::vector<float> &vector : vectors) {
        for (std::size_t i = 0; i < sum.size(); ++i)
            sum[i] += weight * double{vector[i]} / static_cast<double>(vectors.size());
    }
}

} // namespace

std::vector<float> refined(std::span<const float> unit, const std::vector<std::vector<float>> &more,
                           const std::vector<std::vector<float>> &less)
{
    std::vector<double> sum(unit.begin(), unit.end());
    addMean(sum, more, kOfMore);
    addMean(sum, less, kOfLess);
    double squares = 0;
    for (const double value : sum)
        squares += value * value;
    const double length = std::sqrt(squares);
    if (length < kLeastLength)
        return {unit.begin(), unit.end()};
    std::vector<float> result(sum.size());
    std::transform(sum.begin(), sum.end(), result.begin(),
                   [length](double value) { return static_cast<float>(value / length); });
    return result;
}

} // namespace yingxun::query

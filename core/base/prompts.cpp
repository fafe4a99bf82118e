// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/prompts.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

namespace yingxun {

std::string filledPrompt(std::string_view pattern, std::string_view name)
{
    std::string text;
    for (auto hole = pattern.find("{}"); hole != std::string_view::npos; hole = pattern.find("{}")) {
        text.append(pattern.substr(0, hole)).append(name);
        pattern.remove_prefix(hole + 2);
    }
    return text.append(pattern);
}

std::vector<float> unitMean(const Embeddings &prompts)
{
    std::vector<double> sum(static_cast<std::size_t>(prompts.dimension), 0.0);
    for (int i = 0; i < prompts.count; ++i) {
        const auto row = prompts.row(i);
        std::transform(row.begin(), row.end(), sum.begin(), sum.begin(), std::plus<>());
    }
    const double norm = std::sqrt(std::inner_product(sum.begin(), sum.end(), sum.begin(), 0.0));
    std::vector<float> mean(sum.size());
    std::transform(sum.begin(), sum.end(), mean.begin(),
                   [norm](double value) { return static_cast<float>(norm > 0 ? value / norm : 0); });
    return mean;
}

} // namespace yingxun

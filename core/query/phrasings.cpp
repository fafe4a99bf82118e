// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/phrasings.h"

#include "core/vectors/encoder.h"

#include <algorithm>
#include <cmath>

namespace yingxun::query {
namespace {

/// Of Chinese characters. Names are rarely as long.
constexpr int kSentence = 5;

} // namespace

std::vector<std::string> phrasings(const QString &description)
{
    std::vector<std::string> all{description.toStdString()};
    const auto isChinese = [](QChar c) { return c.script() == QChar::Script_Han; };
    if (!description.isEmpty() && isChinese(description.back()) &&
        std::count_if(description.begin(), description.end(), isChinese) >= kSentence)
        all.push_back(all.front() + "。");
    return all;
}

Result<std::vector<float>> embeddingOf(const QString &description, vectors::Encoder &encoder)
{
    const std::vector<std::string> texts = phrasings(description);
    const auto rows = encoder.encodeTexts(texts);
    if (!rows)
        return rows.propagate();
    if (rows->count == 1)
        return rows->values; // To the last bit.
    std::vector<float> sum(static_cast<std::size_t>(rows->dimension));
    for (int text = 0; text < rows->count; ++text) {
        const auto row = rows->row(text);
        std::transform(sum.begin(), sum.end(), row.begin(), sum.begin(), std::plus<>());
    }
    double squares = 0;
    for (const float value : sum)
        squares += double{value} * value;
    const auto length = static_cast<float>(std::sqrt(squares));
    std::transform(sum.begin(), sum.end(), sum.begin(), [length](float value) { return value / length; });
    return sum;
}

} // namespace yingxun::query

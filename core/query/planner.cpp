// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/planner.h"

#include "core/query/filtered_photos.h"
#include "core/query/lexer.h"
#include "core/query/parser.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace yingxun::query {
namespace {

/// Below it, what is left of the sum is rounding.
constexpr double kLeastLength = 1e-3;

bool isPlain(const Token &word)
{
    return word.kind != Token::Kind::Filter && word.kind != Token::Kind::Bare && word.sign == Sign::None &&
           !word.weight && !word.isQuoted;
}

/// The filter's photos into the answer, or its error.
Result<void> filter(Answer &answer, const Filter &filter, const Sources &sources)
{
    const auto place = sources.place();
    if (!place)
        return place.propagate();
    const auto catalogue = sources.catalogue();
    if (!catalogue)
        return catalogue.propagate();
    auto photos = filteredPhotos(filter, (*place)->library(), **catalogue);
    if (!photos)
        return photos.propagate();
    if (const auto *error = std::get_if<SyntaxError>(&*photos))
        answer.error = *error;
    else
        answer.photos = std::make_shared<const PhotoSet>(std::get<PhotoSet>(*std::move(photos)));
    return {};
}

Result<void> listByTime(Answer &answer, const Sources &sources)
{
    const auto place = sources.place();
    if (!place)
        return place.propagate();
    answer.byTime = (*place)->byTime();
    if (!answer.photos)
        return {};
    auto rows = std::make_shared<std::vector<library::Row>>();
    std::copy_if(answer.byTime->begin(), answer.byTime->end(), std::back_inserter(*rows),
                 [&photos = *answer.photos](library::Row row) { return photos.contains(row); });
    answer.byTime = std::move(rows);
    return {};
}

/// What the terms mean together; empty where the answer has got a problem instead.
Result<std::vector<float>> meaning(Answer &answer, const std::vector<TextTerm> &terms, const Sources &sources)
{
    std::vector<double> sum;
    for (const TextTerm &term : terms) {
        const QString text = queryText(term.text);
        answer.problem = sources.problem(text);
        answer.problemText = term.text;
        if (answer.problem != QueryProblem::None)
            return std::vector<float>();
        auto embedding = sources.embedding(text);
        if (!embedding || (terms.size() == 1 && term.weight > 0))
            return embedding; // As it is, to the last bit.
        sum.resize(embedding->size());
        for (std::size_t i = 0; i < sum.size(); ++i)
            sum[i] += term.weight * double{(*embedding)[i]};
    }
    double squares = 0;
    for (const double value : sum)
        squares += value * value;
    const double length = std::sqrt(squares);
    if (length < kLeastLength) {
        answer.problem = QueryProblem::CancelsOut;
        return std::vector<float>();
    }
    std::vector<float> unit(sum.size());
    std::transform(sum.begin(), sum.end(), unit.begin(),
                   [length](double value) { return static_cast<float>(value / length); });
    return unit;
}

} // namespace

std::variant<Query, SyntaxError> readLine(const QString &typed, QDate today)
{
    auto read = parse(typed, today);
    auto *query = std::get_if<Query>(&read);
    if (query == nullptr || query->terms.size() != 1)
        return read;
    const std::vector<Token> words = tokens(typed, today);
    if (std::all_of(words.begin(), words.end(), isPlain))
        query->terms.front().text = typed.trimmed();
    return read;
}

Result<Answer> answer(const Query &query, const Sources &sources)
{
    Answer answer;
    if (query.filter) {
        if (auto done = filter(answer, *query.filter, sources); !done || answer.error)
            return done ? Result<Answer>(std::move(answer)) : done.propagate();
    }
    if (query.terms.empty()) {
        if (auto done = listByTime(answer, sources); !done)
            return done.propagate();
        return answer;
    }
    const auto unit = meaning(answer, query.terms, sources);
    if (!unit)
        return unit.propagate();
    if (unit->empty())
        return answer;
    auto hits = sources.best(*unit, answer.photos.get());
    if (!hits)
        return hits.propagate();
    answer.hits = *std::move(hits);
    if (!sources.calibration || query.terms.size() != 1 || query.terms.front().weight < 0)
        return answer;
    const auto calibration = sources.calibration(*unit);
    if (!calibration)
        return calibration.propagate();
    for (const vectors::Hit &hit : answer.hits)
        answer.relevances.push_back(calibration->relevance(hit.score));
    return answer;
}

} // namespace yingxun::query

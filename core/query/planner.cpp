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
    return word.kind != Token::Kind::Picture && word.kind != Token::Kind::Filter &&
           word.kind != Token::Kind::Bare && word.sign == Sign::None && !word.weight && !word.isQuoted;
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

/// One of several meanings.
struct Meaning {
    QString text; ///< As typed.
    std::vector<float> unit;
    double weight = 1;
};

/// Empty where the answer has got a problem instead; likewise the next.
Result<std::vector<Meaning>> ofTexts(Answer &answer, const std::vector<TextTerm> &terms,
                                     const Sources &sources)
{
    std::vector<Meaning> meanings;
    for (const TextTerm &term : terms) {
        const QString text = queryText(term.text);
        answer.problem = sources.problem(text);
        answer.problemText = term.text;
        if (answer.problem != QueryProblem::None)
            return std::vector<Meaning>();
        auto embedding = sources.embedding(text);
        if (!embedding)
            return embedding.propagate();
        meanings.push_back({term.text, *std::move(embedding), term.weight});
    }
    return meanings;
}

Result<std::vector<Meaning>> ofPictures(Answer &answer, const std::vector<PictureTerm> &pictures,
                                        const Sources &sources)
{
    std::vector<Meaning> meanings;
    for (const PictureTerm &picture : pictures) {
        auto found = sources.picture(picture.path);
        if (!found)
            return found.propagate();
        if (const auto *wrong = std::get_if<SyntaxErrorKind>(&*found)) {
            answer.error = SyntaxError{*wrong, picture.span, picture.path};
            return std::vector<Meaning>();
        }
        meanings.push_back({picture.path, std::get<std::vector<float>>(*std::move(found)), picture.weight});
    }
    return meanings;
}

Result<double> meanDeviation(const std::vector<Meaning> &meanings, const Sources &sources)
{
    double mean = 0;
    for (const Meaning &meaning : meanings) {
        const auto spread = sources.spread(meaning.unit);
        if (!spread)
            return spread.propagate();
        mean += spread->deviation / static_cast<double>(meanings.size());
    }
    return mean;
}

/// What texts are multiplied by beside pictures, see answer(); in a library of photos that are all alike, 1.
Result<double> weightOfTexts(const std::vector<Meaning> &texts, const std::vector<Meaning> &pictures,
                             const Sources &sources)
{
    const auto ofTexts = meanDeviation(texts, sources);
    const auto ofPictures = ofTexts ? meanDeviation(pictures, sources) : ofTexts;
    if (!ofPictures)
        return ofPictures.propagate();
    if (*ofTexts < kLeastLength || *ofPictures < kLeastLength)
        return 1.0;
    return std::clamp(*ofPictures / *ofTexts, kLeastWeight, kGreatestWeight);
}

/// Their sum by weight at length 1, likewise; several become the answer's parts.
std::vector<float> unitSum(Answer &answer, const std::vector<Meaning> &meanings)
{
    std::vector<double> sum(meanings.front().unit.size());
    for (const Meaning &meaning : meanings) {
        for (std::size_t i = 0; i < sum.size(); ++i)
            sum[i] += meaning.weight * double{meaning.unit[i]};
    }
    double squares = 0;
    for (const double value : sum)
        squares += value * value;
    const double length = std::sqrt(squares);
    if (length < kLeastLength) {
        answer.problem = QueryProblem::CancelsOut;
        return std::vector<float>();
    }
    const auto scaled = [](const auto &values, double factor) {
        std::vector<float> result(values.size());
        std::transform(values.begin(), values.end(), result.begin(),
                       [factor](double value) { return static_cast<float>(value * factor); });
        return result;
    };
    for (const Meaning &meaning : meanings) {
        if (meanings.size() > 1)
            answer.parts.push_back({meaning.weight < 0 ? u'-' + meaning.text : meaning.text,
                                    scaled(meaning.unit, meaning.weight / length)});
    }
    return scaled(sum, 1 / length);
}

/// What all mean together; empty where the answer has got a problem instead.
Result<std::vector<float>> meaning(Answer &answer, const Query &query, const Sources &sources)
{
    auto pictures = ofPictures(answer, query.pictures, sources); // First: what is wrong there is soon found.
    if (!pictures || answer.error)
        return pictures ? Result<std::vector<float>>(std::vector<float>()) : pictures.propagate();
    auto texts = ofTexts(answer, query.terms, sources);
    if (!texts || answer.problem != QueryProblem::None)
        return texts ? Result<std::vector<float>>(std::vector<float>()) : texts.propagate();
    if (!texts->empty() && !pictures->empty()) {
        const auto factor = weightOfTexts(*texts, *pictures, sources);
        if (!factor)
            return factor.propagate();
        for (Meaning &text : *texts)
            text.weight *= *factor;
    }
    std::vector<Meaning> all = *std::move(texts);
    std::move(pictures->begin(), pictures->end(), std::back_inserter(all));
    if (all.size() == 1 && all.front().weight > 0)
        return std::move(all.front().unit); // As it is, to the last bit.
    return unitSum(answer, all);
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
    if (!query.hasMeaning()) {
        if (auto done = listByTime(answer, sources); !done)
            return done.propagate();
        return answer;
    }
    auto unit = meaning(answer, query, sources);
    if (!unit)
        return unit.propagate();
    if (unit->empty())
        return answer;
    if (sources.refine) {
        unit = sources.refine(*unit);
        answer.parts.clear();
    }
    auto hits = sources.best(*unit, answer.photos.get());
    if (!hits)
        return hits.propagate();
    answer.hits = *std::move(hits);
    const bool isDescription =
        query.terms.size() == 1 && query.terms.front().weight > 0 && query.pictures.empty();
    if (!sources.calibration || sources.refine || !isDescription)
        return answer;
    const auto calibration = sources.calibration(*unit);
    if (!calibration)
        return calibration.propagate();
    for (const vectors::Hit &hit : answer.hits)
        answer.relevances.push_back(calibration->relevance(hit.score));
    return answer;
}

} // namespace yingxun::query

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/searcher.h"

#include "core/base/guarded.h"
#include "core/db/catalogue.h"
#include "core/query/embedded_rows.h"
#include "core/query/phrasings.h"
#include "core/query/planner.h"
#include "core/query/relevance.h"
#include "core/query/zero_shot.h"
#include "core/services/handoff.h"
#include "core/services/picture_meanings.h"
#include "core/services/worker_thread.h"
#include "core/vectors/embedding_store.h"
#include "core/vectors/encoder.h"

#include <QCache>

#include <algorithm>
#include <atomic>
#include <functional>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>

namespace yingxun::services {
namespace {

constexpr int kRememberedTexts = 256;

int scanThreads()
{
    return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

SearchResult toResult(const std::vector<query::RankedContent> &hits)
{
    SearchResult result;
    for (const query::RankedContent &hit : hits) {
        result.contents.append(hit.content);
        result.scores.append(hit.score);
        result.moments.append(hit.momentMs.value_or(-1));
    }
    return result;
}

/// Contents that have a share of a label worth telling, in falling order.
SearchResult ranked(const std::vector<ContentHash> &contents, const std::vector<float> &shares)
{
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < contents.size(); ++i) {
        if (shares[i] >= Searcher::kLeastShare)
            order.push_back(i);
    }
    std::stable_sort(order.begin(), order.end(),
                     [&shares](std::size_t a, std::size_t b) { return shares[a] > shares[b]; });
    SearchResult result;
    for (const std::size_t i : order) {
        result.contents.append(contents[i]);
        result.scores.append(shares[i]);
    }
    return result;
}

} // namespace

struct Searcher::Impl {
    using Work = std::function<Result<void>(const std::function<void(std::function<void()>)> &tell)>;
    enum class Needs { Model, Nothing };

    struct Request {
        quint64 generation;
        std::stop_source running;
    };

    /// Requests of one kind, of which the latest counts.
    struct Requests {
        void stopRunning()
        {
            running.request_stop();
            running = std::stop_source();
        }

        std::atomic<quint64> latest = 0;
        std::stop_source running;         // Of the latest and those like it; used by the owner only.
        std::function<void()> untilModel; // Used on the thread only: what waits for a model.
    };

    /// Runs on the searcher's thread unless overtaken; what it tells is not heard once overtaken.
    void post(Searcher *owner, Requests &requests, Work work, Needs needs = Needs::Model)
    {
        thread.post([this, owner, &requests, generation = ++requests.latest, running = requests.running,
                     work = std::move(work), needs](const std::stop_token &stop) {
            stopping = stop;
            answer(owner, requests, {generation, running}, work, needs);
        });
    }

    /// On the thread.
    void answer(Searcher *owner, Requests &requests, const Request &request, const Work &work, Needs needs)
    {
        const quint64 generation = request.generation;
        if (generation != requests.latest)
            return;
        if (!encoder && needs == Needs::Model) {
            requests.untilModel = [this, owner, &requests, request, work, needs] {
                answer(owner, requests, request, work, needs);
            };
            return;
        }
        overtaken = request.running;
        const std::stop_callback atEnd(stopping, [this] { overtaken.request_stop(); });
        const auto tell = [owner, &latest = requests.latest, generation](std::function<void()> say) {
            runOnThreadOf(owner, [&latest, generation, say = std::move(say)] {
                if (generation == latest)
                    say();
            });
        };
        if (auto done = guarded("Searching", [&] { return work(tell); }); !done)
            tell([owner, error = done.error()] { Q_EMIT owner->failed(error); });
    }

    /// On the thread.
    void setModel(const std::shared_ptr<vectors::Encoder> &other,
                  const std::shared_ptr<vectors::EmbeddingStore> &rows)
    {
        encoder = other;
        store = rows;
        zeroShot.emplace(other);
        calibrator.emplace(other);
        forgetRows();
        embedded.forget();
        texts.clear();
        pictures->forget();
        for (Requests *each : {&searches, &classifications}) {
            if (const auto waiting = std::exchange(each->untilModel, nullptr))
                waiting();
        }
    }

    /// A few texts at a time, so that whoever searches need not wait for all of them.
    void prepareCalibration(Searcher *owner)
    {
        thread.post([this, owner](const std::stop_token &) {
            if (!calibrator || calibrator->isPrepared())
                return;
            const auto some = guarded("Calibrating", [this] { return calibrator->prepareSome(); });
            if (!some)
                return; // Searches go on without relevances.
            if (calibrator->isPrepared())
                runOnThreadOf(owner, [owner] { Q_EMIT owner->calibrated(); });
            prepareCalibration(owner);
        });
    }

    Result<std::vector<float>> textEmbedding(const QString &text)
    {
        if (const auto *known = texts.object(text))
            return *known;
        auto embedding = query::embeddingOf(text, *encoder);
        if (!embedding)
            return embedding;
        texts.insert(text, new std::vector<float>(*embedding)); // The cache owns it.
        return embedding;
    }

    Result<query::PictureMeaning> pictureMeaning(const QString &path)
    {
        return pictures->of(path, *store, *encoder, overtaken.get_token());
    }

    /// Of the photos that searches look at.
    const vectors::RowSet *rowsOfPlace()
    {
        if (place && (!placeRows || placeRows->numbering() != store->numbering()))
            placeRows = embedded.of(*place, *store, nullptr, &films);
        return placeRows ? &*placeRows : nullptr;
    }
    /// Of the photos that labels look at; of videos at their posters.
    const vectors::RowSet *rowsOfLibrary()
    {
        if (place && (!libraryRows || libraryRows->numbering() != store->numbering()))
            libraryRows = embedded.of(library::Place(place->snapshot(), {}), *store);
        return libraryRows ? &*libraryRows : nullptr;
    }
    void forgetRows()
    {
        placeRows.reset();
        libraryRows.reset();
    }

    /// Sees the moments that have come since. Where there is no data directory there are none.
    Result<void> followFilms()
    {
        if (data.empty())
            return {};
        const auto opened = openCatalogue();
        if (!opened)
            return opened.propagate();
        const std::int64_t before = films.revision();
        auto followed = films.follow(**opened);
        if (films.revision() != before)
            placeRows.reset();
        return followed;
    }

    /// The best of a place, and of some photos in it (null: all), however often rows are renumbered
    /// meanwhile.
    Result<std::vector<query::RankedContent>> best(std::span<const float> query, int limit,
                                                   const query::PhotoSet *among = nullptr)
    {
        if (auto followed = followFilms(); !followed)
            return followed.propagate();
        for (;;) {
            const quint64 numbering = store->numbering();
            std::optional<vectors::RowSet> rows;
            if (among)
                rows = embedded.of(*place, *store, among, &films);
            auto hits = query::rankedContents(*store, query, limit, rows ? &*rows : rowsOfPlace(), films,
                                              scanThreads());
            if (hits || numbering == store->numbering())
                return hits;
        }
    }

    /// However often rows are renumbered meanwhile.
    Result<query::Calibration> calibration(std::span<const float> unit)
    {
        for (;;) {
            const quint64 numbering = store->numbering();
            auto found = calibrator->of(unit, *store, rowsOfLibrary(), scanThreads());
            if (found || numbering == store->numbering())
                return found;
        }
    }

    Result<query::Spread> spread(std::span<const float> unit)
    {
        for (;;) {
            const quint64 numbering = store->numbering();
            auto found = query::spreadIn(unit, *store, rowsOfLibrary(), scanThreads());
            if (found || numbering == store->numbering())
                return found;
        }
    }

    Result<db::Catalogue *> openCatalogue()
    {
        if (!catalogue) { // Opened here: a connection stays with its thread.
            auto opened = db::Catalogue::open(data);
            if (!opened)
                return opened.propagate();
            catalogue = std::make_unique<db::Catalogue>(*std::move(opened));
        }
        return catalogue.get();
    }

    std::vector<std::vector<float>> embeddingsOf(const QList<ContentHash> &contents) const
    {
        std::vector<std::vector<float>> found;
        for (const ContentHash &content : contents) {
            if (auto embedding = store->find(content); !embedding.empty())
                found.push_back(std::move(embedding));
        }
        return found;
    }

    Result<SearchResult> answered(const query::Query &query, int limit, const query::Feedback &feedback)
    {
        query::Sources sources{[this]() -> Result<library::SharedPlace> {
                                   if (!place)
                                       return fail(ErrorCode::NotFound, "there are no photos yet");
                                   return place;
                               },
                               [this] { return openCatalogue(); },
                               [this](const QString &text) { return query::queryProblem(*encoder, text); },
                               [this](const QString &text) { return textEmbedding(text); },
                               [this, limit](std::span<const float> unit, const query::PhotoSet *among) {
                                   return best(unit, limit, among);
                               },
                               {},
                               [this](const QString &path) { return pictureMeaning(path); },
                               [this](std::span<const float> unit) { return spread(unit); }};
        if (!feedback.isEmpty())
            sources.refine = [this, &feedback](std::span<const float> unit) {
                return query::refined(unit, embeddingsOf(feedback.more), embeddingsOf(feedback.less));
            };
        if (calibrator && calibrator->isPrepared())
            sources.calibration = [this](std::span<const float> unit) { return calibration(unit); };
        auto answer = query::answer(query, sources);
        if (!answer)
            return answer.propagate();
        SearchResult result = toResult(answer->hits);
        result.relevances = QList<float>(answer->relevances.begin(), answer->relevances.end());
        for (const query::Part &part : answer->parts)
            result.parts.append(part.text);
        if (!answer->parts.empty()) {
            for (const auto &each : query::contributions(answer->parts, answer->hits, *store))
                result.partScores.append(QList<float>(each.begin(), each.end()));
        }
        result.problem = answer->problem;
        result.problemText = answer->problemText;
        result.error = answer->error;
        result.photos = answer->photos;
        result.byTime = answer->byTime;
        return result;
    }

    Result<QList<SearchResult>> classified(const QStringList &labels)
    {
        QList<SearchResult> results(labels.size());
        std::vector<std::string> names;
        for (qsizetype i = 0; i < labels.size(); ++i) {
            const QString text = query::queryText(labels.at(i));
            results[i].problem = query::queryProblem(*encoder, text);
            if (results.at(i).problem == query::QueryProblem::None)
                names.push_back(text.toStdString());
        }
        if (names.empty())
            return results;
        auto shares = zeroShot->shares(
            names, *store, [this] { return rowsOfLibrary(); }, scanThreads());
        if (!shares)
            return shares.propagate();
        std::size_t next = 0;
        for (SearchResult &result : results) {
            if (result.problem == query::QueryProblem::None)
                result = ranked(shares->contents, shares->ofLabels[next++]);
        }
        return results;
    }

    QString line; // The latest; used by the owner only.

    // Used on the thread only.
    std::shared_ptr<vectors::Encoder> encoder; // Null until there is a model, as are the next three.
    std::shared_ptr<vectors::EmbeddingStore> store;
    std::optional<query::ZeroShot> zeroShot;
    std::optional<query::Calibrator> calibrator;
    library::SharedPlace place;               // Null: everything stored.
    std::optional<vectors::RowSet> placeRows; // Once asked for; so the next.
    std::optional<vectors::RowSet> libraryRows;
    query::EmbeddedRows embedded;
    query::Films films;
    std::filesystem::path data;
    std::unique_ptr<db::Catalogue> catalogue; // Null until a filter needs it.
    QCache<QString, std::vector<float>> texts{kRememberedTexts};
    std::optional<PictureMeanings> pictures{std::in_place, std::make_shared<media::DirectReader>()};
    std::stop_token stopping;   // Of the thread.
    std::stop_source overtaken; // Of what is being answered.
    Requests searches;
    Requests classifications; // Apart: labels and results are shown side by side.
    WorkerThread thread;      // Last: joined before the rest goes.
};

Searcher::Searcher(std::shared_ptr<vectors::Encoder> encoder, std::shared_ptr<vectors::EmbeddingStore> store,
                   QObject *parent)
    : QObject(parent), m_impl(std::make_unique<Impl>())
{
    if (encoder)
        setModel(std::move(encoder), std::move(store));
}

Searcher::~Searcher() = default;

void Searcher::setModel(std::shared_ptr<vectors::Encoder> encoder,
                        std::shared_ptr<vectors::EmbeddingStore> store)
{
    m_impl->thread.post([this, encoder = std::move(encoder), store = std::move(store)](const auto &) {
        m_impl->setModel(encoder, store);
        m_impl->prepareCalibration(this);
    });
}

void Searcher::setPlace(const library::SharedPlace &place)
{
    m_impl->thread.post([this, place](const auto &) {
        m_impl->place = place;
        m_impl->forgetRows();
    });
}

void Searcher::setData(std::filesystem::path dataDirectory)
{
    m_impl->thread.post([this, data = std::move(dataDirectory)](const auto &) { m_impl->data = data; });
}

void Searcher::setReader(std::shared_ptr<media::Reader> reader)
{
    m_impl->thread.post(
        [this, reader = std::move(reader)](const auto &) { m_impl->pictures.emplace(reader); });
}

void Searcher::searchText(const QString &typed, int limit, const query::Feedback &feedback)
{
    const auto read = query::readLine(typed, QDate::currentDate());
    const auto *query = std::get_if<query::Query>(&read);
    // A blank line looks for nothing, and is told so like one without words.
    const bool isBlank = query != nullptr && !query->hasMeaning() && !query->filter;
    const auto needs = query == nullptr || !query->hasMeaning() ? Impl::Needs::Nothing : Impl::Needs::Model;
    // The same line is asked again whenever the library changes: what takes long is not begun anew each time.
    if (typed != std::exchange(m_impl->line, typed))
        m_impl->searches.stopRunning();
    m_impl->post(
        this, m_impl->searches,
        [this, read, isBlank, limit, feedback](const auto &tell) -> Result<void> {
            SearchResult result;
            if (const auto *error = std::get_if<query::SyntaxError>(&read)) {
                result.error = *error;
            } else if (isBlank) {
                result.problem = query::QueryProblem::NoWords;
            } else {
                auto answered = m_impl->answered(std::get<query::Query>(read), limit, feedback);
                if (!answered)
                    return answered.propagate();
                result = *std::move(answered);
            }
            tell([this, result] { Q_EMIT found(result); });
            return {};
        },
        needs);
}

void Searcher::searchLike(const ContentHash &content, int limit)
{
    m_impl->line.clear();
    m_impl->searches.stopRunning();
    m_impl->post(this, m_impl->searches, [this, content, limit](const auto &tell) -> Result<void> {
        const std::vector<float> query = m_impl->store->find(content);
        if (query.empty())
            return fail(ErrorCode::NotFound, "this photo has no embedding yet; wait until it is indexed");
        auto hits = m_impl->best(query, limit);
        if (!hits)
            return hits.propagate();
        tell([this, result = toResult(*hits)] { Q_EMIT found(result); });
        return {};
    });
}

void Searcher::classify(const QStringList &labels)
{
    m_impl->post(this, m_impl->classifications, [this, labels](const auto &tell) -> Result<void> {
        auto results = labels.isEmpty() ? Result<QList<SearchResult>>(QList<SearchResult>())
                                        : m_impl->classified(labels);
        if (!results)
            return results.propagate();
        tell([this, labels, list = *results] { Q_EMIT classified(labels, list); });
        return {};
    });
}

void Searcher::cancelSearch()
{
    ++m_impl->searches.latest;
}

} // namespace yingxun::services

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "core/query/neutral_texts.h"
#include "core/query/phrasings.h"
#include "core/vectors/read_all.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <thread>
#include <unordered_set>
#include <vector>

using namespace Qt::StringLiterals;

namespace yingxun::app::cli {
namespace {

constexpr std::int64_t kMostBest = 1000;
constexpr std::size_t kQueries = 32;

/// All times are medians, in ms.
struct SearchBench {
    std::int64_t rows = 0; ///< At least one.
    int dimension = 0;
    int best = 0;      ///< So many are looked for.
    double textMs = 0; ///< A description into its embedding.
    double bestMs = 0; ///< The best of an embedding.
    double readMs = 0; ///< As many bytes as the rows have numbers, read and no more.
    double allMs = 0;  ///< The cosines of all rows.
    double recall = 0; ///< What of the best of all cosines is among the best, 0..1.
};

/// @param after  not timed
double medianMs(
    std::size_t runs, const std::function<void(std::size_t)> &work,
    const std::function<void(std::size_t)> &after = [](std::size_t) {})
{
    std::vector<double> times;
    for (std::size_t run = 0; run < runs; ++run) {
        const auto start = std::chrono::steady_clock::now();
        work(run);
        times.push_back(
            std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
        after(run);
    }
    const auto middle = times.begin() + static_cast<std::ptrdiff_t>(runs / 2);
    std::nth_element(times.begin(), middle, times.end());
    return *middle;
}

/// What no scan of one byte a number can undercut.
double readMs(std::int64_t bytes, int threads)
{
    const std::vector<std::uint64_t> words(static_cast<std::size_t>(bytes) / sizeof(std::uint64_t) + 1, 1);
    volatile std::uint64_t sink = 0;
    return medianMs(kQueries, [&](std::size_t) { sink = vectors::readAll(words, threads); });
}

/// How many of the `most` greatest of all cosines are among the best; ties count in the order of storing.
std::size_t foundOf(std::vector<vectors::Hit> all, std::size_t most, const std::vector<vectors::Hit> &best)
{
    std::stable_sort(all.begin(), all.end(), [](const auto &a, const auto &b) { return a.score > b.score; });
    all.resize(most);
    std::unordered_set<ContentHash> contents;
    for (const vectors::Hit &hit : best)
        contents.insert(hit.content);
    const auto isFound = [&contents](const vectors::Hit &hit) { return contents.contains(hit.content); };
    return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), isFound));
}

/// Errors: those of the encoder and of the store.
Result<SearchBench> measure(const LibrarySession &session, int threads)
{
    const vectors::EmbeddingStore &store = *session.store;
    SearchBench bench{store.count(), session.encoder->dimension()};
    // In a small library the best thousand would be all.
    bench.best = static_cast<int>(std::clamp<std::int64_t>(bench.rows / 2, 1, kMostBest));
    Result<void> done;
    std::vector<std::vector<float>> queries(kQueries);
    bench.textMs = medianMs(kQueries, [&](std::size_t i) {
        auto unit = query::embeddingOf(QString::fromUtf8(query::kNeutralTexts[i]), *session.encoder);
        if (unit)
            queries[i] = *std::move(unit);
        else
            done = unit.propagate();
    });
    if (!done)
        return done.propagate();
    std::vector<std::vector<vectors::Hit>> found(kQueries);
    const auto take = [&done](auto hits) {
        if (!hits)
            done = hits.propagate();
        return hits ? *std::move(hits) : std::vector<vectors::Hit>();
    };
    bench.bestMs = medianMs(kQueries, [&](std::size_t i) {
        found[i] = take(store.topK(queries[i], bench.best, nullptr, threads));
    });
    std::size_t right = 0;
    std::vector<vectors::Hit> all;
    bench.allMs = medianMs(
        kQueries, [&](std::size_t i) { all = take(store.scores(queries[i], nullptr, threads)); },
        [&](std::size_t i) {
            if (done)
                right += foundOf(std::move(all), static_cast<std::size_t>(bench.best), found[i]);
        });
    if (!done)
        return done.propagate();
    bench.recall = static_cast<double>(right) / (kQueries * bench.best);
    bench.readMs = readMs(bench.rows * bench.dimension, threads);
    return bench;
}

void print(const SearchBench &bench, int threads, bool json)
{
    if (json) {
        JsonWriter object;
        object.beginObject()
            .member("embeddings", bench.rows)
            .member("dimension", bench.dimension)
            .member("threads", threads)
            .member("best", bench.best)
            .member("text_ms", jsonNumber(bench.textMs, 3))
            .member("best_ms", jsonNumber(bench.bestMs, 3))
            .member("read_ms", jsonNumber(bench.readMs, 3))
            .member("all_cosines_ms", jsonNumber(bench.allMs, 3))
            .member("recall", jsonNumber(bench.recall, 5));
        return printLine(object.endObject().text());
    }
    const auto line = [](const std::string &value, const QString &unit, const QString &text) {
        constexpr int width = 10;
        printLine(
            (QString::fromStdString(value).rightJustified(width) + unit + u"  "_s + text).toStdString());
    };
    const QString ms = u" "_s + Text::tr("ms");
    printLine(Text::tr("%1 embeddings of %2 numbers, %3 threads; medians of %4 descriptions:")
                  .arg(bench.rows)
                  .arg(bench.dimension)
                  .arg(threads)
                  .arg(kQueries)
                  .toStdString());
    line(number(bench.textMs, 3), ms, Text::tr("a description into its embedding"));
    line(number(bench.bestMs, 3), ms, Text::tr("the best %1 of all embeddings").arg(bench.best));
    line(number(bench.readMs, 3), ms, Text::tr("only to read a byte a number"));
    line(number(bench.allMs, 3), ms, Text::tr("all cosines"));
    line(number(bench.recall, 5), {}, u"recall@%1"_s.arg(bench.best));
}

} // namespace

int benchCommand(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        Text::tr("“bench search” measures on your own library how long a search takes, beside the time in "
                 "which this machine can read its embeddings at all, and whether it finds the best ones."));
    addLibraryOptions(parser);
    parser.addPositionalArgument(u"search"_s, Text::tr("What is measured."));
    if (const auto end = parse(parser, arguments))
        return *end;
    if (parser.positionalArguments() != QStringList{u"search"_s}) {
        printError({ErrorCode::InvalidArgument,
                    Text::tr("Say what to measure: “yingxun-cli bench search”.").toStdString()});
        return Usage;
    }
    const auto session = openLibrary(parser);
    if (!session)
        return cannotLoad(session.error());
    if (session->store->count() == 0)
        return printError(
            {ErrorCode::NotFound,
             Text::tr("There are no photos to search in yet; index some folders first.").toStdString()});
    endWhenInterrupted();
    const int threads = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    const auto bench = measure(*session, threads);
    if (!bench)
        return printError(bench.error());
    print(*bench, threads, parser.isSet(u"json"_s));
    return Success;
}

} // namespace yingxun::app::cli

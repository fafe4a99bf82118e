// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "core/query/neutral_texts.h"
#include "core/query/phrasings.h"

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

constexpr int kBest = 1000;
constexpr std::size_t kQueries = 32;

/// All times are medians, in ms.
struct SearchBench {
    std::int64_t rows = 0;
    int dimension = 0;
    double text = 0;   ///< A description into its embedding.
    double best = 0;   ///< The best kBest of an embedding.
    double read = 0;   ///< As many bytes as the rows have numbers, read and no more.
    double all = 0;    ///< The cosines of all rows.
    double recall = 0; ///< How many of the best of all cosines are among the best.
};

double medianMs(std::size_t runs, const std::function<void(std::size_t)> &work)
{
    std::vector<double> times;
    for (std::size_t run = 0; run < runs; ++run) {
        const auto start = std::chrono::steady_clock::now();
        work(run);
        times.push_back(
            std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
    }
    const auto middle = times.begin() + static_cast<std::ptrdiff_t>(runs / 2);
    std::nth_element(times.begin(), middle, times.end());
    return *middle;
}

/// With several sums, so that additions do not wait on each other.
std::uint64_t sumOf(std::span<const std::uint64_t> words)
{
    constexpr std::size_t kSums = 8;
    std::uint64_t sums[kSums] = {};
    for (std::size_t i = 0; i + kSums <= words.size(); i += kSums) {
        for (std::size_t j = 0; j < kSums; ++j)
            sums[j] += words[i + j];
    }
    return *std::max_element(std::begin(sums), std::end(sums));
}

/// What no scan of one byte a number can undercut.
double readMs(std::int64_t bytes, int threads)
{
    const std::vector<std::uint64_t> words(static_cast<std::size_t>(bytes) / sizeof(std::uint64_t) + 1, 1);
    std::vector<std::uint64_t> sums(static_cast<std::size_t>(threads));
    return medianMs(kQueries, [&](std::size_t) {
        std::vector<std::jthread> readers;
        for (std::size_t i = 0; i < sums.size(); ++i) {
            const std::size_t first = words.size() * i / sums.size();
            const std::size_t last = words.size() * (i + 1) / sums.size();
            readers.emplace_back(
                [&sums, i, part = std::span(words).subspan(first, last - first)] { sums[i] = sumOf(part); });
        }
    });
}

/// Errors: those of the encoder and of the store.
Result<SearchBench> measure(const LibrarySession &session, int threads)
{
    const vectors::EmbeddingStore &store = *session.store;
    SearchBench bench{store.count(), session.encoder->dimension()};
    Result<void> done;
    std::vector<std::vector<float>> queries(kQueries);
    bench.text = medianMs(kQueries, [&](std::size_t i) {
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
    bench.best = medianMs(
        kQueries, [&](std::size_t i) { found[i] = take(store.topK(queries[i], kBest, nullptr, threads)); });
    std::size_t right = 0;
    std::size_t wanted = 0;
    std::vector<vectors::Hit> all;
    bench.all =
        medianMs(kQueries, [&](std::size_t i) { all = take(store.scores(queries[i], nullptr, threads)); });
    for (std::size_t i = 0; i < kQueries && done; ++i) {
        all = take(store.scores(queries[i], nullptr, threads));
        const std::size_t most = std::min<std::size_t>(all.size(), kBest);
        std::stable_sort(all.begin(), all.end(),
                         [](const auto &a, const auto &b) { return a.score > b.score; });
        std::unordered_set<ContentHash> best;
        for (const vectors::Hit &hit : found[i])
            best.insert(hit.content);
        wanted += most;
        right += static_cast<std::size_t>(
            std::count_if(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(most),
                          [&best](const vectors::Hit &hit) { return best.contains(hit.content); }));
    }
    if (!done)
        return done.propagate();
    bench.recall = wanted == 0 ? 1 : static_cast<double>(right) / static_cast<double>(wanted);
    bench.read = readMs(bench.rows * bench.dimension, threads);
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
            .member("text_ms", jsonNumber(bench.text, 3))
            .member("best_ms", jsonNumber(bench.best, 3))
            .member("read_ms", jsonNumber(bench.read, 3))
            .member("all_cosines_ms", jsonNumber(bench.all, 3))
            .member("recall", jsonNumber(bench.recall, 5));
        return printLine(object.endObject().text());
    }
    const auto ms = [](double value) { return QString::fromStdString(number(value, 2)); };
    printLine(Text::tr("%1 embeddings of %2 numbers, %3 threads; medians of %4 descriptions:")
                  .arg(bench.rows)
                  .arg(bench.dimension)
                  .arg(threads)
                  .arg(kQueries)
                  .toStdString());
    printLine(Text::tr("  a description into its embedding   %1 ms").arg(ms(bench.text)).toStdString());
    printLine(
        Text::tr("  the best %1 of all embeddings    %2 ms").arg(kBest).arg(ms(bench.best)).toStdString());
    printLine(Text::tr("  only to read a byte a number       %1 ms").arg(ms(bench.read)).toStdString());
    printLine(Text::tr("  all cosines                        %1 ms").arg(ms(bench.all)).toStdString());
    printLine(Text::tr("  recall@%1                        %2")
                  .arg(kBest)
                  .arg(QString::fromStdString(number(bench.recall, 5)))
                  .toStdString());
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

// SPDX-License-Identifier: GPL-3.0-or-later
//
// How near a search comes to its limit. Compared are, over the same number of embeddings:
//   limit  reading the same bytes and doing nothing with them,
//   peer   the loop one would write first: float32 rows, one sum, no vector instructions by hand.
// Then scans of some rows only, and how long it takes to find which rows those are.
// bench_search [--json] [--rows N] [--dimension D] [--threads T]
#include "core/base/content_hasher.h"
#include "core/vectors/dot.h"
#include "core/vectors/embedding_store.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <random>
#include <string_view>
#include <thread>
#include <unistd.h>

using namespace yingxun;

namespace {

struct Options {
    bool json = false;
    int rows = 100000;
    int dimension = 512;
    int threads = 2;
};

Options parse(int count, char **arguments)
{
    Options options;
    for (int i = 1; i < count; ++i) {
        const std::string_view name = arguments[i];
        if (name == "--json")
            options.json = true;
        else if (i + 1 < count && name == "--rows")
            options.rows = std::atoi(arguments[++i]);
        else if (i + 1 < count && name == "--dimension")
            options.dimension = std::atoi(arguments[++i]);
        else if (i + 1 < count && name == "--threads")
            options.threads = std::atoi(arguments[++i]);
    }
    if (options.rows < 1 || options.dimension < 1 || options.threads < 1) {
        std::fprintf(stderr, "bench_search: --rows, --dimension and --threads are numbers from 1.\n");
        std::exit(2);
    }
    return options;
}

void onThreads(int threads, std::size_t count, const std::function<void(int, std::size_t, std::size_t)> &work)
{
    std::vector<std::jthread> workers;
    const auto parts = static_cast<std::size_t>(threads);
    for (std::size_t part = 0; part < parts; ++part)
        workers.emplace_back(work, static_cast<int>(part), count * part / parts, count * (part + 1) / parts);
}

/// Median of the milliseconds of 15 runs, after one that warms up.
double milliseconds(const std::function<void()> &work)
{
    work();
    std::vector<double> times;
    for (int run = 0; run < 15; ++run) {
        const auto start = std::chrono::steady_clock::now();
        work();
        times.push_back(
            std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
    }
    std::nth_element(times.begin(), times.begin() + 7, times.end());
    return times[7];
}

/// Eight sums, so that additions do not wait on each other.
std::uint64_t sumOfWords(std::span<const std::uint64_t> words)
{
    std::uint64_t sums[8] = {};
    for (std::size_t i = 0; i + 8 <= words.size(); i += 8) {
        for (std::size_t j = 0; j < 8; ++j)
            sums[j] += words[i + j];
    }
    std::uint64_t sum = 0;
    for (const std::uint64_t s : sums)
        sum += s;
    return sum;
}

double readLimit(const Options &options)
{
    const std::size_t rowBytes = 32 + (static_cast<std::size_t>(options.dimension) * 2 + 31) / 32 * 32;
    const std::vector<std::uint64_t> words(static_cast<std::size_t>(options.rows) * rowBytes / 8, 1);
    std::vector<std::uint64_t> sums(static_cast<std::size_t>(options.threads));
    volatile std::uint64_t sink = 0;
    return milliseconds([&] {
        onThreads(options.threads, words.size(), [&](int part, std::size_t first, std::size_t last) {
            sums[static_cast<std::size_t>(part)] = sumOfWords(std::span(words).subspan(first, last - first));
        });
        sink = sums[0];
    });
}

double plainLoop(const Options &options, std::span<const float> query)
{
    const std::size_t dimension = query.size();
    const auto rows = static_cast<std::size_t>(options.rows);
    const std::vector<float> matrix(rows * dimension, 0.01f);
    std::vector<float> scores(rows);
    return milliseconds([&] {
        onThreads(options.threads, rows, [&](int, std::size_t first, std::size_t last) {
            for (std::size_t row = first; row < last; ++row) {
                float sum = 0;
                for (std::size_t i = 0; i < dimension; ++i)
                    sum += matrix[row * dimension + i] * query[i];
                scores[row] = sum;
            }
        });
    });
}

ContentHash contentOf(int row)
{
    return contentHash(std::as_bytes(std::span(&row, 1)));
}

bool fill(vectors::EmbeddingStore &store, const Options &options)
{
    constexpr int kBatch = 1000;
    std::mt19937 random(1);
    std::uniform_real_distribution<float> uniform(-0.05f, 0.05f);
    Embeddings batch{{}, 0, options.dimension};
    for (int first = 0; first < options.rows; first += kBatch) {
        batch.count = std::min(kBatch, options.rows - first);
        batch.values.resize(static_cast<std::size_t>(batch.count) *
                            static_cast<std::size_t>(options.dimension));
        for (float &x : batch.values)
            x = uniform(random);
        std::vector<ContentHash> contents;
        for (int i = first; i < first + batch.count; ++i)
            contents.push_back(contentOf(i));
        if (auto stored = store.append(contents, batch); !stored) {
            std::fprintf(stderr, "bench_search: %s\n", stored.error().message.c_str());
            return false;
        }
    }
    return true;
}

struct Figures {
    double scan = 0;
    double randomOne = 0;    // 1 % of the rows, here and there
    double clusteredOne = 0; // 1 % of the rows, one after another
    double randomHalf = 0;
    double rowsInOrder = 0; // rowsOf all contents, in the order of storing
    double rowsShuffled = 0;
};

constexpr std::size_t kSets = 16; // A set in each run: what the last one read is in the cache.

/// Each row with this probability.
std::vector<vectors::RowSet> randomSets(std::int64_t rows, double share)
{
    std::mt19937 random(2);
    std::bernoulli_distribution isMember(share);
    std::vector<vectors::RowSet> sets(kSets, vectors::RowSet(rows));
    for (vectors::RowSet &set : sets) {
        for (std::int64_t row = 0; row < rows; ++row) {
            if (isMember(random))
                set.insert(row);
        }
    }
    return sets;
}

/// A hundredth of the rows, of another sixteenth each.
std::vector<vectors::RowSet> clusteredSets(std::int64_t rows)
{
    std::vector<vectors::RowSet> sets(kSets, vectors::RowSet(rows));
    for (std::size_t i = 0; i < sets.size(); ++i) {
        const std::int64_t first = rows * static_cast<std::int64_t>(i) / static_cast<std::int64_t>(kSets);
        for (std::int64_t row = first; row < first + rows / 100; ++row)
            sets[i].insert(row);
    }
    return sets;
}

/// False: a scan failed.
bool measure(const vectors::EmbeddingStore &store, const Options &options, std::span<const float> query,
             Figures &figures)
{
    bool good = true;
    const auto scan = [&](const std::vector<vectors::RowSet> &sets) {
        std::size_t next = 0;
        return milliseconds([&] {
            const vectors::RowSet *among = sets.empty() ? nullptr : &sets[next++ % sets.size()];
            good = store.topK(query, 100, among, options.threads).has_value() && good;
        });
    };
    figures.scan = scan({});
    figures.randomOne = scan(randomSets(options.rows, 0.01));
    figures.clusteredOne = scan(clusteredSets(options.rows));
    figures.randomHalf = scan(randomSets(options.rows, 0.5));
    std::vector<ContentHash> contents;
    for (int i = 0; i < options.rows; ++i)
        contents.push_back(contentOf(i));
    const auto rowsOfAll = [&] {
        const auto rows = store.rowsOf(contents).rows;
        good = std::find(rows.begin(), rows.end(), -1) == rows.end() && good;
    };
    figures.rowsInOrder = milliseconds(rowsOfAll);
    std::shuffle(contents.begin(), contents.end(), std::mt19937(3));
    figures.rowsShuffled = milliseconds(rowsOfAll);
    return good;
}

void print(const Options &options, const Figures &figures, double limit, double peer)
{
    const char *kernel = vectors::nameOf(vectors::fastestDot());
    const double scan = figures.scan;
    if (options.json) {
        std::printf(
            "{\"rows\": %d, \"dimension\": %d, \"threads\": %d, \"kernel\": \"%s\", \"scan_ms\": %.3f, "
            "\"memory_read_ms\": %.3f, \"plain_float_loop_ms\": %.3f, \"times_limit\": %.3f, "
            "\"times_faster_than_plain\": %.2f, \"random_1_percent_ms\": %.3f, "
            "\"clustered_1_percent_ms\": %.3f, \"random_50_percent_ms\": %.3f, \"rows_of_all_ms\": %.3f, "
            "\"rows_of_all_shuffled_ms\": %.3f}\n",
            options.rows, options.dimension, options.threads, kernel, scan, limit, peer, scan / limit,
            peer / scan, figures.randomOne, figures.clusteredOne, figures.randomHalf, figures.rowsInOrder,
            figures.rowsShuffled);
        return;
    }
    std::printf("%d rows of %d, %d threads, %s\n", options.rows, options.dimension, options.threads, kernel);
    std::printf("  top 100, half precision   %8.2f ms\n", scan);
    std::printf("  limit: read those bytes   %8.2f ms   search takes %.2f times as long\n", limit,
                scan / limit);
    std::printf("  peer: plain float32 loop  %8.2f ms   search is %.1f times as fast\n", peer, peer / scan);
    const auto printShare = [scan](const char *name, double some) {
        std::printf("  %-24s  %8.2f ms   %.3f of the whole scan\n", name, some, some / scan);
    };
    printShare("among 1 %, at random", figures.randomOne);
    printShare("among 1 %, clustered", figures.clusteredOne);
    printShare("among 50 %, at random", figures.randomHalf);
    std::printf("  rows of all contents      %8.2f ms   shuffled %.2f ms\n", figures.rowsInOrder,
                figures.rowsShuffled);
}

} // namespace

int main(int count, char **arguments)
{
    const Options options = parse(count, arguments);
    const std::vector<float> query(static_cast<std::size_t>(options.dimension), 0.04f);
    const auto directory =
        std::filesystem::temp_directory_path() / ("yingxun-bench-search-" + std::to_string(::getpid()));
    Figures figures;
    bool ready = false;
    if (auto store = vectors::EmbeddingStore::open(directory, "bench", options.dimension); !store)
        std::fprintf(stderr, "bench_search: %s\n", store.error().message.c_str());
    else
        ready = fill(*store, options) && measure(*store, options, query, figures);
    std::error_code ignored; // A temporary file left behind does not spoil the figures.
    std::filesystem::remove_all(directory, ignored);
    if (!ready)
        return 1;
    print(options, figures, readLimit(options), plainLoop(options, query));
    return 0;
}

// SPDX-License-Identifier: GPL-3.0-or-later
//
// How near a search for the best 1000 comes to its limit. Compared are, over the same embeddings:
//   limit  reading the file that a search reads first, the copy in bytes, and doing nothing with it,
//   peer   the loop one would write first: float32 rows, one sum, no vector instructions by hand,
//   faiss  its flat index of float32 rows, where it was found.
// Then searches of some rows only, how long it takes to find which rows those are, and how many of the best
// 1000 are missing: of a search of all rows, and of one of the lists nearest to the query. The embeddings lie
// in groups, as those of photos do.
// bench_search [--json] [--rows N] [--dimension D] [--threads T] [--queries Q]
#include "core/base/content_hasher.h"
#include "core/vectors/byte_copy.h"
#include "core/vectors/byte_dot.h"
#include "core/vectors/embedding_store.h"
#include "core/vectors/read_all.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <functional>
#include <malloc.h>
#include <random>
#include <string>
#include <string_view>
#include <sys/mman.h>
#include <thread>
#include <unistd.h>
#ifdef YINGXUN_FAISS
#include <faiss/IndexFlat.h>
#include <omp.h>
#endif

using namespace yingxun;

namespace {

struct Options {
    bool json = false;
    int rows = 100000;
    int dimension = 512;
    int threads = 2;
    int queries = 200; // Whose results are compared with those of a scan of all rows.
};

constexpr int kBest = 1000;
constexpr int kMostFloatRows = 2'000'000; // Of more, peers would need too much memory.

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
        else if (i + 1 < count && name == "--queries")
            options.queries = std::atoi(arguments[++i]);
    }
    if (options.rows < 1 || options.dimension < 1 || options.threads < 1 || options.queries < 1) {
        std::fprintf(stderr,
                     "bench_search: --rows, --dimension, --threads and --queries are numbers from 1.\n");
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

/// 0: there is no such file.
double readLimit(const Options &options, const std::filesystem::path &path)
{
    std::error_code error;
    const auto bytes = static_cast<std::size_t>(std::filesystem::file_size(path, error));
    const int file = error ? -1 : ::open(path.c_str(), O_RDONLY);
    void *data = file < 0 ? MAP_FAILED : ::mmap(nullptr, bytes, PROT_READ, MAP_SHARED, file, 0);
    if (file >= 0)
        ::close(file);
    if (data == MAP_FAILED)
        return 0;
    const std::span words(static_cast<const std::uint64_t *>(data), bytes / 8);
    volatile std::uint64_t sink = 0;
    const double limit = milliseconds([&] { sink = vectors::readAll(words, options.threads); });
    ::munmap(data, bytes);
    return limit;
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

/// Embeddings as of photos: in groups, small ones within larger ones, with a few numbers larger than all
/// others.
class Groups
{
public:
    explicit Groups(int dimension) : m_dimension(static_cast<std::size_t>(dimension))
    {
        constexpr std::size_t kLarge = 200;
        constexpr std::size_t kSmall = 5000;
        std::mt19937 random(1);
        std::normal_distribution<float> normal;
        std::vector<float> large(kLarge * m_dimension);
        for (float &x : large)
            x = normal(random);
        for (std::size_t i = 0; i < kSmall * m_dimension; ++i)
            m_centres.push_back(large[i / m_dimension % kLarge * m_dimension + i % m_dimension] +
                                0.7f * normal(random) + (i % m_dimension % 170 == 9 ? 5.f : 0.f));
    }

    /// Adds a unit row.
    void addTo(std::vector<float> &values, std::mt19937 &random) const
    {
        const std::size_t group = random() % (m_centres.size() / m_dimension);
        float squares = 0;
        for (std::size_t i = 0; i < m_dimension; ++i) {
            const float noise = static_cast<float>(random()) * 0x1p-32f - 0.5f;
            values.push_back(m_centres[group * m_dimension + i] + 2.4f * noise);
            squares += values.back() * values.back();
        }
        for (std::size_t i = values.size() - m_dimension; i < values.size(); ++i)
            values[i] /= std::sqrt(squares);
    }

    Embeddings rows(int count, unsigned seed) const
    {
        std::mt19937 random(seed);
        Embeddings rows{{}, count, static_cast<int>(m_dimension)};
        rows.values.reserve(static_cast<std::size_t>(count) * m_dimension);
        for (int row = 0; row < count; ++row)
            addTo(rows.values, random);
        return rows;
    }

private:
    std::size_t m_dimension;
    std::vector<float> m_centres;
};

constexpr int kBatch = 1000; // Rows of one seed.

bool fill(vectors::EmbeddingStore &store, const Options &options, const Groups &groups)
{
    for (int first = 0; first < options.rows; first += kBatch) {
        const Embeddings batch =
            groups.rows(std::min(kBatch, options.rows - first), static_cast<unsigned>(first));
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

/// Of the best of all scores, the share that topK() finds. Equal ones may stand for each other.
double recallOf(const vectors::EmbeddingStore &store, const Embeddings &queries, const Options &options)
{
    std::int64_t asked = 0;
    std::int64_t found = 0;
    for (int i = 0; i < queries.count; ++i) {
        const auto hits = store.topK(queries.row(i), kBest, nullptr, options.threads);
        auto all = store.scores(queries.row(i), nullptr, options.threads);
        if (!hits || !all)
            return 0;
        const auto best = std::min(all->size(), std::size_t{kBest});
        std::nth_element(all->begin(), all->begin() + static_cast<std::ptrdiff_t>(best - 1), all->end(),
                         [](const vectors::Hit &a, const vectors::Hit &b) { return a.score > b.score; });
        const float worst = all->at(best - 1).score;
        asked += static_cast<std::int64_t>(best);
        found += std::count_if(hits->begin(), hits->end(),
                               [worst](const vectors::Hit &hit) { return hit.score >= worst; });
    }
    return static_cast<double>(found) / static_cast<double>(asked);
}

/// MiB that this process alone has in memory.
double privateMemory()
{
    ::malloc_trim(0); // What was freed before is not what is taken now.
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;) {
        double kib = 0;
        if (word == "RssAnon:" && status >> kib)
            return kib / 1024;
    }
    return 0;
}

#ifdef YINGXUN_FAISS
/// One query on one thread, which is all that it does.
double faissFlat(const Options &options, const Groups &groups, const Embeddings &queries)
{
    if (options.rows > kMostFloatRows)
        return 0;
    omp_set_num_threads(options.threads);
    faiss::IndexFlatIP index(options.dimension);
    for (int first = 0; first < options.rows; first += kBatch) {
        const Embeddings batch =
            groups.rows(std::min(kBatch, options.rows - first), static_cast<unsigned>(first));
        index.add(batch.count, batch.values.data());
    }
    std::vector<float> scores(kBest);
    std::vector<faiss::Index::idx_t> rows(kBest);
    int next = 0;
    return milliseconds([&] {
        index.search(1, queries.row(next++ % queries.count).data(), kBest, scores.data(), rows.data());
    });
}
#else
double faissFlat(const Options &, const Groups &, const Embeddings &)
{
    return 0;
}
#endif

struct Figures {
    double scan = 0;
    double limit = 0;
    double exact = 0; // All scores, in half precision.
    double recall = 0;
    double opening = 0;
    double memory = 0; // MiB, of the store alone.
    double faiss = 0;
    double peer = 0;
    double randomOne = 0;    // 1 % of the rows, here and there
    double clusteredOne = 0; // 1 % of the rows, one after another
    double randomHalf = 0;
    double listing = 0;      // Making the lists.
    double listed = 0;       // A search by them,
    double listedRecall = 0; // and what it finds.
    double rowsInOrder = 0;  // rowsOf all contents, in the order of storing
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
bool measure(vectors::EmbeddingStore &store, const Options &options, const Embeddings &queries,
             Figures &figures)
{
    bool good = true;
    const auto scan = [&](const std::vector<vectors::RowSet> &sets) {
        std::size_t next = 0;
        return milliseconds([&] {
            const vectors::RowSet *among = sets.empty() ? nullptr : &sets[next % sets.size()];
            const auto query = queries.row(static_cast<int>(next++) % queries.count);
            good = store.topK(query, kBest, among, options.threads).has_value() && good;
        });
    };
    figures.scan = scan({});
    figures.exact =
        milliseconds([&] { good = store.scores(queries.row(0), nullptr, options.threads) && good; });
    figures.recall = recallOf(store, queries, options);
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
    const auto start = std::chrono::steady_clock::now();
    good = store.makeLists().has_value() && good;
    figures.listing =
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
    figures.listed = scan({});
    figures.listedRecall = recallOf(store, queries, options);
    return good;
}

void print(const Options &options, const Figures &f)
{
    const char *kernel = vectors::nameOf(vectors::fastestByteDot());
    if (options.json) {
        std::printf(
            "{\"rows\": %d, \"dimension\": %d, \"threads\": %d, \"kernel\": \"%s\", \"scan_ms\": %.3f, "
            "\"memory_read_ms\": %.3f, \"plain_float_loop_ms\": %.3f, \"times_limit\": %.3f, "
            "\"times_faster_than_plain\": %.2f, \"faiss_flat_ms\": %.3f, \"recall\": %.6f, "
            "\"all_scores_ms\": %.3f, \"open_ms\": %.3f, \"private_mib\": %.1f, "
            "\"random_1_percent_ms\": %.3f, \"clustered_1_percent_ms\": %.3f, "
            "\"random_50_percent_ms\": %.3f, \"rows_of_all_ms\": %.3f, "
            "\"rows_of_all_shuffled_ms\": %.3f, \"make_lists_ms\": %.0f, \"listed_scan_ms\": %.3f, "
            "\"listed_recall\": %.6f}\n",
            options.rows, options.dimension, options.threads, kernel, f.scan, f.limit, f.peer,
            f.scan / f.limit, f.peer / f.scan, f.faiss, f.recall, f.exact, f.opening, f.memory, f.randomOne,
            f.clusteredOne, f.randomHalf, f.rowsInOrder, f.rowsShuffled, f.listing, f.listed, f.listedRecall);
        return;
    }
    std::printf("%d rows of %d, %d threads, %s\n", options.rows, options.dimension, options.threads, kernel);
    std::printf("  top 1000                  %8.2f ms   recall %.6f of %d queries\n", f.scan, f.recall,
                options.queries);
    if (f.limit > 0)
        std::printf("  limit: read the copy      %8.2f ms   search takes %.2f times as long\n", f.limit,
                    f.scan / f.limit);
    if (f.peer > 0)
        std::printf("  peer: plain float32 loop  %8.2f ms   search is %.1f times as fast\n", f.peer,
                    f.peer / f.scan);
    if (f.faiss > 0)
        std::printf("  faiss IndexFlatIP         %8.2f ms   search is %.1f times as fast\n", f.faiss,
                    f.faiss / f.scan);
    const auto printShare = [&f](const char *name, double some) {
        std::printf("  %-24s  %8.2f ms   %.3f of the whole search\n", name, some, some / f.scan);
    };
    printShare("among 1 %, at random", f.randomOne);
    printShare("among 1 %, clustered", f.clusteredOne);
    printShare("among 50 %, at random", f.randomHalf);
    printShare("all scores", f.exact);
    std::printf(
        "  nearest lists             %8.2f ms   %.3f of the whole search, recall %.6f, made in %.1f s\n",
        f.listed, f.listed / f.scan, f.listedRecall, f.listing / 1000);
    std::printf("  rows of all contents      %8.2f ms   shuffled %.2f ms\n", f.rowsInOrder, f.rowsShuffled);
    std::printf("  opened in                 %8.2f ms   %.1f MiB of its own\n", f.opening, f.memory);
}

/// Fills a store, and opens it again as the next start does. False: something failed.
bool measure(const Options &options, const std::filesystem::path &directory, Figures &figures)
{
    const Groups groups(options.dimension);
    const Embeddings queries = groups.rows(options.queries, ~0u);
    {
        auto store = vectors::EmbeddingStore::open(directory, "bench", options.dimension);
        if (!store || !fill(*store, options, groups))
            return false;
    }
    const double before = privateMemory();
    const auto start = std::chrono::steady_clock::now();
    {
        auto store = vectors::EmbeddingStore::open(directory, "bench", options.dimension);
        figures.opening =
            std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
        figures.memory = privateMemory() - before;
        if (!store || !measure(*store, options, queries, figures))
            return false;
        figures.limit = readLimit(options, vectors::byteCopyOf(directory / "bench.f16"));
    }
    figures.faiss = faissFlat(options, groups, queries);
    figures.peer = options.rows > kMostFloatRows ? 0 : plainLoop(options, queries.row(0));
    return true;
}

} // namespace

int main(int count, char **arguments)
{
    const Options options = parse(count, arguments);
    const auto directory =
        std::filesystem::temp_directory_path() / ("yingxun-bench-search-" + std::to_string(::getpid()));
    Figures figures;
    const bool ready = measure(options, directory, figures);
    std::error_code ignored; // A temporary file left behind does not spoil the figures.
    std::filesystem::remove_all(directory, ignored);
    if (!ready) {
        std::fprintf(stderr, "bench_search: a store could not be filled, or a search failed.\n");
        return 1;
    }
    print(options, figures);
    return 0;
}

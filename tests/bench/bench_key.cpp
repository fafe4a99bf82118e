// SPDX-License-Identifier: GPL-3.0-or-later
// What a key pressed in the search field costs in a large library, with towers that cost nothing: from the
// request to the ranked photos on the asking thread, in everything, in a folder of half of it, under a label
// of a tenth, and in both; and what zero-shot over 20 labels takes in time and memory. Bars at 1,000,000
// photos of 512 dimensions: 40 ms with a folder and a label, 300 MB.
//
//   bench_key [PHOTOS]      (without: 1000000; needs 1 KB a photo of disk and of page cache)
#include "core/db/catalogue.h"
#include "core/services/librarian.h"
#include "core/services/searcher.h"
#include "core/vectors/embedding_store.h"
#include "core/vectors/encoder.h"
#include "process_memory.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTemporaryDir>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstring>
#include <random>
#include <string>
#include <thread>

using namespace yingxun;

namespace {

constexpr int kDimension = 512;
constexpr int kBatch = 10'000;
constexpr int kRuns = 15;
constexpr int kAsked = 1000;

/// Texts are unit vectors that differ; pictures are not asked for.
class NullTowers : public vectors::Encoder
{
public:
    std::string identity() const override { return std::string(32, '0'); }
    std::string name() const override { return "null"; }
    std::string device() const override { return "cpu"; }
    std::string precision() const override { return "float32"; }
    int imageSize() const override { return 16; }
    int dimension() const override { return kDimension; }
    float logitScale() const override { return 100; }
    Result<Embeddings> encodeImages(std::span<const std::uint8_t>, int) override
    {
        return fail(ErrorCode::Unsupported, "no pictures here");
    }
    bool knows(const std::string &) const override { return true; }
    Result<Embeddings> encodeTexts(std::span<const std::string> texts) override
    {
        Embeddings rows{{}, static_cast<int>(texts.size()), kDimension};
        for (const std::string &text : texts) {
            std::mt19937 random(static_cast<unsigned>(std::hash<std::string>{}(text)));
            std::uniform_real_distribution<float> uniform(-0.076F, 0.076F);
            for (int i = 0; i < kDimension; ++i)
                rows.values.push_back(uniform(random));
        }
        return rows;
    }
};

ContentHash contentOf(int number)
{
    // Spread, as hashes are; never twice.
    ContentHash content;
    const std::uint64_t spread = static_cast<std::uint64_t>(number) * 0x9E3779B97F4A7C15U;
    std::memcpy(content.bytes.data(), &spread, sizeof spread);
    return content;
}

/// Photos of /p/a and /p/b in turn by hundreds; every tenth has the label.
bool fill(db::Catalogue &catalogue, vectors::EmbeddingStore &store, int count)
{
    const auto folder = catalogue.addFolder("/p");
    const auto label = catalogue.addLabel("label");
    if (!folder || !label)
        return false;
    std::mt19937 random(1);
    std::uniform_real_distribution<float> uniform(-0.076F, 0.076F);
    for (int first = 0; first < count; first += kBatch) {
        std::vector<Photo> photos;
        std::vector<ContentHash> contents;
        std::vector<ContentHash> labelled;
        Embeddings rows{{}, 0, kDimension};
        for (int number = first; number < std::min(count, first + kBatch); ++number) {
            Photo photo;
            photo.folder = *folder;
            photo.path = (number / 100 % 2 == 0 ? "/p/a/" : "/p/b/") + std::to_string(number) + ".jpg";
            photo.hash = contentOf(number);
            photo.mtimeMs = std::int64_t{number} * 60'000;
            photos.push_back(photo);
            contents.push_back(photo.hash);
            if (number % 10 == 0)
                labelled.push_back(photo.hash);
            ++rows.count;
        }
        rows.values.resize(static_cast<std::size_t>(rows.count) * kDimension);
        std::generate(rows.values.begin(), rows.values.end(), [&] { return uniform(random); });
        if (!store.append(contents, rows) || !catalogue.putPhotos(photos) ||
            !catalogue.assignLabel(*label, labelled))
            return false;
    }
    return true;
}

/// This process's own memory: not of files that are mapped.
double ownMiB()
{
    return test::statusBytes("RssAnon:") / (1 << 20);
}

/// The most that ownMiB() said while it was there.
class Watermark
{
public:
    Watermark()
        : m_thread([this](const std::stop_token &stop) {
              while (!stop.stop_requested()) {
                  m_most = std::max(m_most.load(), ownMiB());
                  std::this_thread::sleep_for(std::chrono::milliseconds(5));
              }
          })
    {
    }
    double most() const { return m_most; }

private:
    std::atomic<double> m_most = 0;
    std::jthread m_thread;
};

struct Key {
    double firstMs = 0;  ///< After the place was chosen.
    double medianMs = 0; ///< Of those that follow.
    std::size_t photos = 0;
};

/// Presses keys in a place.
Key press(services::Librarian &librarian, services::Searcher &searcher, const library::Scope &scope)
{
    QSignalSpy loaded(&librarian, &services::Librarian::placeLoaded);
    librarian.loadPlace(scope);
    if (!loaded.wait(60'000))
        return {};
    const auto place = loaded.first().first().value<library::SharedPlace>();
    searcher.setPlace(place);
    QSignalSpy found(&searcher, &services::Searcher::found);
    std::vector<double> times;
    Key key;
    for (int run = 0; run <= kRuns; ++run) {
        found.clear();
        QElapsedTimer clock;
        clock.start();
        searcher.searchText(QString::number(run), kAsked);
        if (!found.wait(60'000))
            return {};
        const auto result = found.first().first().value<services::SearchResult>();
        std::vector<library::Row> rows;
        for (const ContentHash &content : result.contents) {
            place->library().forEachWith(content, [&](library::Row row) {
                if (place->holds(row))
                    rows.push_back(row);
            });
        }
        times.push_back(double(clock.nsecsElapsed()) / 1e6);
        key.photos = rows.size();
    }
    key.firstMs = times.front();
    std::sort(times.begin() + 1, times.end());
    key.medianMs = times[1 + kRuns / 2];
    return key;
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const int count = argc > 1 ? std::stoi(argv[1]) : 1'000'000;
    const QTemporaryDir directory;
    const std::filesystem::path data = directory.path().toStdString();
    auto encoder = std::make_shared<NullTowers>();
    auto opened = vectors::EmbeddingStore::open(data / "embeddings", encoder->identity(), kDimension);
    auto catalogue = db::Catalogue::open(data);
    if (!opened || !catalogue || !fill(*catalogue, *opened, count)) {
        std::fprintf(stderr, "bench_key: the library cannot be made\n");
        return 1;
    }
    auto store = std::make_shared<vectors::EmbeddingStore>(*std::move(opened));
    services::Librarian librarian(data);
    services::Searcher searcher(encoder, store);
    const std::optional<LabelId> label = catalogue->labels()->front().id;
    std::printf("%d photos of %d dimensions\n", count, kDimension);
    const std::pair<const char *, library::Scope> places[] = {
        {"everything", {}},
        {"a folder", {.directory = "/p/a"}},
        {"a label", {.label = label}},
        {"both", {.directory = "/p/a", .label = label}}};
    for (const auto &[name, scope] : places) {
        const Key key = press(librarian, searcher, scope);
        std::printf("  a key in %-11s %7.1f ms (the first %7.1f ms), %zu photos\n", name, key.medianMs,
                    key.firstMs, key.photos);
    }
    QStringList words;
    for (int i = 0; i < 20; ++i)
        words.append(QStringLiteral("word%1").arg(i));
    QSignalSpy classified(&searcher, &services::Searcher::classified);
    const double before = ownMiB();
    const Watermark watermark;
    QElapsedTimer clock;
    clock.start();
    searcher.classify(words);
    if (!classified.wait(600'000))
        return 1;
    std::printf("  zero-shot over 20 labels %.2f s, at most %.0f MiB above the library's %.0f\n",
                double(clock.elapsed()) / 1000, watermark.most() - before, before);
    return 0;
}

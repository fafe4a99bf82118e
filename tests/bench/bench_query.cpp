// SPDX-License-Identifier: GPL-3.0-or-later
//
// How long a typed query takes from the key to the ranked list, text tower and threads included, with the
// starter model over embeddings of random directions.
//   limit  15 ms at 100,000 embeddings on two cores; the ratio is the median over that.
// bench_query [--rows N] [--model FOLDER]
#include "app/clip_encoder.h"
#include "app/startup.h"
#include "core/base/content_hasher.h"
#include "core/services/searcher.h"
#include "core/vectors/embedding_store.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QTemporaryDir>
#include <QTextStream>

#include <algorithm>
#include <cmath>
#include <random>

using namespace yingxun;
using namespace Qt::StringLiterals;

namespace {

constexpr double kLimitMs = 15;
constexpr int kShown = 1000;

Result<void> fill(vectors::EmbeddingStore &store, int rows, int dimension)
{
    constexpr int kBatch = 1000;
    std::mt19937 random(1);
    std::normal_distribution<float> normal;
    for (int first = 0; first < rows; first += kBatch) {
        const int count = std::min(kBatch, rows - first);
        Embeddings batch{{}, count, dimension};
        std::vector<ContentHash> contents;
        for (int i = first; i < first + count; ++i) {
            contents.push_back(contentHash(std::as_bytes(std::span(&i, 1))));
            float squares = 0;
            const auto start = batch.values.size();
            for (int d = 0; d < dimension; ++d) {
                batch.values.push_back(normal(random));
                squares += batch.values.back() * batch.values.back();
            }
            for (auto d = start; d < batch.values.size(); ++d)
                batch.values[d] /= std::sqrt(squares);
        }
        if (auto stored = store.append(contents, batch); !stored)
            return stored;
    }
    return {};
}

int fail(const Error &error)
{
    QTextStream(stderr) << "bench_query: " << QString::fromStdString(error.message) << '\n';
    return 1;
}

/// Half-typed queries among them, as the window asks at each key.
QStringList queries()
{
    QStringList all;
    for (const auto &text : {u"雪地里奔跑的狗"_s, u"两个孩子在沙滩上玩耍"_s, u"穿红衣服的人在爬山"_s,
                             u"城市夜晚的街道"_s, u"一只猫趴在键盘上"_s}) {
        for (qsizetype length = 1; length <= text.size(); ++length)
            all.append(text.left(length));
    }
    return all;
}

} // namespace

int main(int argc, char **argv)
{
    app::makeOpenMpPatient(argv);
    const QCoreApplication application(argc, argv);
    QCommandLineParser parser;
    const QCommandLineOption rowsOption(u"rows"_s, u"Embeddings to search."_s, u"N"_s, u"100000"_s);
    const QCommandLineOption modelOption(u"model"_s, u"Model folder."_s, u"FOLDER"_s);
    parser.addOptions({rowsOption, modelOption});
    parser.process(application);

    app::ModelWish wish;
    wish.model = parser.value(modelOption);
    auto model = app::loadModel(wish);
    if (!model)
        return fail(model.error());
    auto encoder = std::make_shared<app::ClipEncoder>(*std::move(model));
    const QTemporaryDir directory;
    auto opened = vectors::EmbeddingStore::open(directory.path().toStdString(), encoder->identity(),
                                                encoder->dimension());
    if (!opened)
        return fail(opened.error());
    auto store = std::make_shared<vectors::EmbeddingStore>(*std::move(opened));
    if (auto filled = fill(*store, parser.value(rowsOption).toInt(), encoder->dimension()); !filled)
        return fail(filled.error());

    services::Searcher searcher(encoder, store);
    QEventLoop loop;
    QObject::connect(&searcher, &services::Searcher::found, &loop, &QEventLoop::quit);
    QObject::connect(&searcher, &services::Searcher::failed, &loop, [&loop](const Error &error) {
        fail(error);
        loop.exit(1);
    });
    std::vector<double> times;
    for (const QString &query : queries()) {
        QElapsedTimer clock;
        clock.start();
        searcher.searchText(query, kShown);
        if (loop.exec() != 0)
            return 1;
        times.push_back(static_cast<double>(clock.nsecsElapsed()) / 1e6);
    }
    times.erase(times.begin()); // The first pages the weights and the rows in.
    std::sort(times.begin(), times.end());
    const double median = times[times.size() / 2];
    QTextStream(stdout) << u"%1 embeddings of %2 dimensions, %3 queries: median %4 ms, worst %5 ms; "
                           "median / limit of %6 ms = %7\n"_s.arg(store->count())
                               .arg(encoder->dimension())
                               .arg(times.size())
                               .arg(median, 0, 'f', 2)
                               .arg(times.back(), 0, 'f', 2)
                               .arg(kLimitMs)
                               .arg(median / kLimitMs, 0, 'f', 3);
    return 0;
}

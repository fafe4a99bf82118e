// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/model_fetcher.h"
#include "tests/support/http_server.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QNetworkAccessManager>
#include <QNetworkProxy>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <optional>

using namespace yingxun;
using namespace yingxun::models;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using Answer = HttpServer::Answer;
using Request = HttpServer::Request;

/// Getting a model of two files from a mirror.
class tst_ModelFetch : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void getsAllFilesAndMakesAModel();
    void goesOnAnotherDayWithoutAskingForTheFirstFileAgain();
    void getsAFileAgainThatWasDamagedMeanwhile();
    void keepsTheGoodFileWhenTheOtherArrivesWrong();
    void saysBeforehandThatTheDiskIsTooSmall();
    void refusesASourceThatIsNone();

private:
    using End = std::optional<Result<StoredModel>>;

    ModelStore store() const { return {path(u"models"_s).toStdString(), m_manifest}; }
    QString path(const QString &name) const { return m_directory->filePath(name); }
    std::string mirror() const { return m_server->url("").toString().toStdString(); }
    const ReleasedModel &model() const { return m_manifest.models().front(); }
    End fetch(const std::string &from);
    /// Gets the vocabulary and half of the weights, then cancels.
    void getHalf();
    QList<QByteArray> asked() const
    {
        QList<QByteArray> paths;
        for (const Request &request : m_server->requests)
            paths.append(request.path);
        return paths;
    }

    static constexpr Patience kShort{300ms, 1ms, 3};
    const QByteArray m_vocabulary = "[PAD]\n[UNK]\n";
    QByteArray m_weights;
    Manifest m_manifest;
    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<HttpServer> m_server;
    std::unique_ptr<QNetworkAccessManager> m_network;
};

namespace {

QByteArray sha256(const QByteArray &bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex();
}

constexpr const char *kManifest = R"({"sources": {}, "models": [{"id": "small", "title": "Small",
    "licence": "none", "parameters": 1, "image_size": 8, "dimension": 4, "memory": 1,
    "scores": {"muge": [1, 2, 3], "flickr30k_cn": [1, 2, 3], "coco_cn": [1, 2, 3]},
    "repository": {"huggingface": "we/small"}, "files": [
    {"name": "vocab.txt", "bytes": %1, "sha256": "%2"}, {"name": "small.pt", "bytes": %3, "sha256": "%4"}]}]})";

} // namespace

void tst_ModelFetch::init()
{
    m_weights = QByteArray(200'000, 'w') + QByteArray(100'000, 'e');
    const QString json = QString::fromLatin1(kManifest).arg(
        QString::number(m_vocabulary.size()), QString::fromLatin1(sha256(m_vocabulary)),
        QString::number(m_weights.size()), QString::fromLatin1(sha256(m_weights)));
    auto manifest = Manifest::parse(json.toStdString());
    QVERIFY2(manifest, manifest ? "" : manifest.error().message.c_str());
    m_manifest = *std::move(manifest);
    m_directory = std::make_unique<QTemporaryDir>();
    m_server = std::make_unique<HttpServer>();
    m_server->answer = [this](const Request &request) {
        return request.path == "/we/small/resolve/main/vocab.txt"
                   ? HttpServer::file(request, m_vocabulary)
                   : HttpServer::file(request, m_weights, "\"two\"");
    };
    m_network = std::make_unique<QNetworkAccessManager>();
    m_network->setProxy(QNetworkProxy::NoProxy);
}

tst_ModelFetch::End tst_ModelFetch::fetch(const std::string &from)
{
    End result;
    const ModelStore kept = store();
    ModelFetcher fetcher(*m_network, kept, m_manifest, kShort);
    connect(&fetcher, &ModelFetcher::finished, this, [&](const auto &end) { result.emplace(end); });
    fetcher.start(model(), from);
    static_cast<void>(QTest::qWaitFor([&] { return result.has_value(); }, 10'000));
    return result;
}

void tst_ModelFetch::getHalf()
{
    const auto good = m_server->answer;
    m_server->answer = [&](const Request &request) {
        Answer answer = good(request);
        if (request.path.endsWith("small.pt")) {
            answer.sent = m_weights.size() / 2;
            answer.stalls = true;
        }
        return answer;
    };
    End result;
    const ModelStore kept = store();
    ModelFetcher fetcher(*m_network, kept, m_manifest, Patience{10s, 1ms, 3});
    connect(&fetcher, &ModelFetcher::finished, this, [&](const auto &end) { result.emplace(end); });
    fetcher.start(model(), mirror());
    QTRY_COMPARE(QFile(path(u"models/.download-small/small.pt.part"_s)).size(), m_weights.size() / 2);
    fetcher.cancel();
    QVERIFY(result && !*result && result->error().code == ErrorCode::Cancelled);
    QVERIFY(kept.list().empty());
    m_server->answer = good;
    m_server->requests.clear();
}

void tst_ModelFetch::getsAllFilesAndMakesAModel()
{
    End result;
    const ModelStore kept = store();
    ModelFetcher fetcher(*m_network, kept, m_manifest, kShort);
    QSignalSpy progress(&fetcher, &ModelFetcher::progress);
    connect(&fetcher, &ModelFetcher::finished, this, [&](const auto &end) { result.emplace(end); });
    fetcher.start(model(), mirror());
    QTRY_VERIFY(result.has_value());
    QVERIFY2(*result, *result ? "" : result->error().message.c_str());
    QCOMPARE((*result)->id, std::string("small"));
    QVERIFY(kept.verify("small").has_value());
    const StoredModel listed = kept.list().front();
    QVERIFY(listed.whole);
    QCOMPARE(listed.title, std::string("Small"));
    QCOMPARE(listed.source, mirror() + "/we/small/resolve/main/vocab.txt");
    QCOMPARE(listed.files[1].checkedAgainst, std::string("manifest"));
    QCOMPARE(progress.last()[0].toLongLong(), m_vocabulary.size() + m_weights.size());
    QCOMPARE(progress.last()[1].toLongLong(), m_vocabulary.size() + m_weights.size());
    QCOMPARE(progress.last()[3].toDouble(), 0.0);
    QCOMPARE(progress.last()[4].toString(), u"small.pt"_s);
    const End again = fetch(mirror());
    QVERIFY(again && !*again && again->error().code == ErrorCode::InvalidArgument);
}

void tst_ModelFetch::goesOnAnotherDayWithoutAskingForTheFirstFileAgain()
{
    getHalf();
    const End end = fetch(mirror());
    QVERIFY(end && *end);
    QCOMPARE(asked(), QList<QByteArray>{"/we/small/resolve/main/small.pt"});
    QCOMPARE(m_server->requests[0].headers.value("range"),
             "bytes=" + QByteArray::number(m_weights.size() / 2) + "-");
    QVERIFY(store().verify("small").has_value());
}

void tst_ModelFetch::getsAFileAgainThatWasDamagedMeanwhile()
{
    getHalf();
    QFile file(path(u"models/.download-small/vocab.txt"_s));
    QVERIFY(file.open(QIODevice::ReadWrite) && file.write("!") == 1);
    file.close();
    const End end = fetch(mirror());
    QVERIFY(end && *end);
    QCOMPARE(asked().first(), QByteArray("/we/small/resolve/main/vocab.txt"));
    QVERIFY(store().verify("small").has_value());
}

void tst_ModelFetch::keepsTheGoodFileWhenTheOtherArrivesWrong()
{
    const auto good = m_server->answer;
    m_server->answer = [&](const Request &request) {
        Answer answer = good(request);
        if (request.path.endsWith("small.pt"))
            answer.body[7] = '!';
        return answer;
    };
    const End wrong = fetch(mirror());
    QVERIFY(wrong && !*wrong && wrong->error().code == ErrorCode::CorruptData);
    QVERIFY(store().list().empty());
    m_server->answer = good;
    m_server->requests.clear();
    const End right = fetch(mirror());
    QVERIFY(right && *right);
    QCOMPARE(asked(), QList<QByteArray>{"/we/small/resolve/main/small.pt"});
}

void tst_ModelFetch::saysBeforehandThatTheDiskIsTooSmall()
{
    ReleasedModel huge = model();
    huge.files[1].bytes = std::int64_t{1} << 60;
    End result;
    const ModelStore kept = store();
    ModelFetcher fetcher(*m_network, kept, m_manifest, kShort);
    connect(&fetcher, &ModelFetcher::finished, this, [&](const auto &end) { result.emplace(end); });
    fetcher.start(huge, mirror());
    QTRY_VERIFY(result.has_value());
    QVERIFY(!*result && result->error().code == ErrorCode::Io);
    QVERIFY(result->error().message.find("free some space") != std::string::npos);
    QVERIFY(m_server->requests.isEmpty());
}

void tst_ModelFetch::refusesASourceThatIsNone()
{
    const End end = fetch("somewhere");
    QVERIFY(end && !*end && end->error().code == ErrorCode::InvalidArgument);
    QVERIFY(!QDir(path(u"models"_s)).exists());
}

QTEST_GUILESS_MAIN(tst_ModelFetch)
#include "tst_model_fetch.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/downloader.h"
#include "tests/support/http_server.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QNetworkAccessManager>
#include <QNetworkProxy>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>
#include <optional>
#include <sys/file.h>
#include <unistd.h>

using namespace yingxun;
using namespace yingxun::models;
using namespace std::chrono_literals;
using Answer = HttpServer::Answer;
using Request = HttpServer::Request;

/// Getting one file from servers that do what servers do.
class tst_ModelDownload : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();

    void getsAWholeFile();
    void goesOnWhereTheConnectionBroke();
    void beginsAnewWhereRangeIsIgnored();
    void beginsAnewWhenTheServersFileHasChanged();
    void goesOnAnotherDayAfterCancel();
    void goesOnFromAnotherMirrorWhenTheHashIsKnown();
    void neverGoesOnWithoutAPromise();
    void givesItsNameToAFileThatWasThereButForTheName();
    void acceptsThatThereIsNoMore();
    void throwsWrongBytesAway_data();
    void throwsWrongBytesAway();
    void noticesAPartThatWasChangedOnDisk();
    void noticesAPartThatWasReplacedMeanwhile();
    void refusesAnotherSize();
    void keepsThePartWhenAPageComesInstead();
    void refusesWhatHasNeitherSizeNorHash();
    void followsRedirects();
    void endsRedirectsInCircles();
    void takesTheServersHash();
    void refusesEarlyWhatTheServerSaysIsAnotherFile();
    void asksAgainAfterAStall();
    void asksAgainAfterAServerError();
    void givesUpInTheEndAndKeepsThePart();
    void saysThatThereIsNoSuchFile();
    void onlyOneProgramAtATime();
    void reportsProgressWithRateAndTimeLeft();

private:
    DownloadRequest request(const QByteArray &path = "/file") const
    {
        return {m_server->url(path), target().toStdString(), qint64{m_body.size()}, m_hash};
    }
    std::optional<Result<DownloadedFile>> get(const DownloadRequest &request, Patience patience = kShort);
    QString target() const { return m_directory->filePath(QStringLiteral("model.safetensors")); }
    QString part() const { return target() + QStringLiteral(".part"); }
    QByteArray contents(const QString &path) const
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    QStringList files() const { return QDir(m_directory->path()).entryList(QDir::Files, QDir::Name); }
    /// Gets half of the file and no more; afterwards the server is good.
    void getHalf(const DownloadRequest &request);

    static constexpr Patience kShort{300ms, 1ms, 4};

    QByteArray m_body;
    std::string m_hash;
    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<HttpServer> m_server;
    std::unique_ptr<QNetworkAccessManager> m_network;
};

namespace {

std::string sha256(const QByteArray &bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex().toStdString();
}

} // namespace

void tst_ModelDownload::init()
{
    m_body.resize(300'000);
    QRandomGenerator random(7);
    for (char &byte : m_body)
        byte = static_cast<char>(random.bounded(256));
    m_hash = sha256(m_body);
    m_directory = std::make_unique<QTemporaryDir>();
    m_server = std::make_unique<HttpServer>();
    m_server->answer = [this](const Request &asked) { return HttpServer::file(asked, m_body); };
    m_network = std::make_unique<QNetworkAccessManager>();
    m_network->setProxy(QNetworkProxy::NoProxy);
}

std::optional<Result<DownloadedFile>> tst_ModelDownload::get(const DownloadRequest &wanted, Patience patience)
{
    std::optional<Result<DownloadedFile>> result;
    Downloader downloader(*m_network, patience);
    connect(&downloader, &Downloader::finished, this, [&](const auto &end) { result.emplace(end); });
    downloader.start(wanted);
    static_cast<void>(QTest::qWaitFor([&] { return result.has_value(); }, 10'000));
    return result;
}

void tst_ModelDownload::getHalf(const DownloadRequest &wanted)
{
    const auto good = m_server->answer;
    m_server->answer = [&](const Request &asked) {
        Answer answer = good(asked);
        answer.sent = m_body.size() / 2;
        answer.stalls = true;
        return answer;
    };
    std::optional<Result<DownloadedFile>> result;
    Downloader downloader(*m_network, Patience{10s, 1ms, 4});
    connect(&downloader, &Downloader::finished, this, [&](const auto &end) { result.emplace(end); });
    downloader.start(wanted);
    QTRY_COMPARE(QFile(part()).size(), m_body.size() / 2);
    downloader.cancel();
    QVERIFY(result && !*result && result->error().code == ErrorCode::Cancelled);
    QVERIFY(!QFile::exists(target()));
    m_server->answer = good;
    m_server->requests.clear();
}

void tst_ModelDownload::getsAWholeFile()
{
    const auto file = get(request());
    QVERIFY(file && *file);
    QCOMPARE((*file)->bytes, m_body.size());
    QCOMPARE((*file)->sha256, m_hash);
    QCOMPARE((*file)->checked, CheckedAgainst::Manifest);
    QCOMPARE(contents(target()), m_body);
    QCOMPARE(files(), QStringList{QStringLiteral("model.safetensors")}); // No part, no note.
}

void tst_ModelDownload::goesOnWhereTheConnectionBroke()
{
    m_server->answer = [this](const Request &asked) {
        Answer answer = HttpServer::file(asked, m_body);
        answer.sent = 100'000; // Each time: three connections.
        return answer;
    };
    const auto file = get(request());
    QVERIFY(file && *file);
    QCOMPARE(contents(target()), m_body);
    QCOMPARE(m_server->requests.size(), 3);
    QCOMPARE(m_server->requests[1].headers.value("range"), QByteArray("bytes=100000-"));
    QCOMPARE(m_server->requests[1].headers.value("if-range"), QByteArray("\"one\""));
}

void tst_ModelDownload::beginsAnewWhereRangeIsIgnored()
{
    m_server->answer = [this](const Request &) {
        Answer answer{200, m_body, {}, -1, false, true};
        answer.sent = m_server->requests.size() == 1 ? 100'000 : -1;
        return answer;
    };
    const auto file = get(request());
    QVERIFY(file && *file);
    QCOMPARE(m_server->requests.size(), 2);
    QCOMPARE(contents(target()), m_body);
}

void tst_ModelDownload::beginsAnewWhenTheServersFileHasChanged()
{
    DownloadRequest unknown = request();
    unknown.sha256.clear();
    unknown.bytes = -1;
    getHalf(unknown);
    const QByteArray newer = m_body + "and more";
    m_server->answer = [&](const Request &asked) { return HttpServer::file(asked, newer, "\"two\""); };
    const auto file = get(unknown);
    QVERIFY(file && *file);
    QCOMPARE(contents(target()), newer); // Not half of one and half of the other.
}

void tst_ModelDownload::goesOnAnotherDayAfterCancel()
{
    getHalf(request());
    const auto file = get(request());
    QVERIFY(file && *file);
    QCOMPARE(contents(target()), m_body);
    QCOMPARE(m_server->requests.size(), 1);
    QCOMPARE(m_server->requests[0].headers.value("range"), QByteArray("bytes=150000-"));
}

void tst_ModelDownload::goesOnFromAnotherMirrorWhenTheHashIsKnown()
{
    getHalf(request());
    const auto file = get(request("/mirror"));
    QVERIFY(file && *file);
    QCOMPARE(contents(target()), m_body);
    QCOMPARE(m_server->requests[0].headers.value("range"), QByteArray("bytes=150000-"));
    QVERIFY(!m_server->requests[0].headers.contains("if-range")); // That was the other's.
}

void tst_ModelDownload::neverGoesOnWithoutAPromise()
{
    DownloadRequest unknown = request();
    unknown.sha256.clear();
    getHalf(unknown);
    unknown.address = m_server->url("/mirror");
    const auto file = get(unknown);
    QVERIFY(file && *file);
    QVERIFY(!m_server->requests[0].headers.contains("range"));
    QCOMPARE(contents(target()), m_body);
    QCOMPARE((*file)->checked, CheckedAgainst::None);
}

void tst_ModelDownload::givesItsNameToAFileThatWasThereButForTheName()
{
    getHalf(request());
    QFile whole(part());
    QVERIFY(whole.open(QIODevice::WriteOnly) && whole.write(m_body) == m_body.size());
    whole.close();
    const auto file = get(request());
    QVERIFY(file && *file);
    QCOMPARE(m_server->requests.size(), 0);
    QCOMPARE(contents(target()), m_body);
}

void tst_ModelDownload::acceptsThatThereIsNoMore()
{
    DownloadRequest unknown = request();
    unknown.sha256.clear();
    getHalf(unknown);
    QFile whole(part());
    QVERIFY(whole.open(QIODevice::WriteOnly) && whole.write(m_body) == m_body.size());
    whole.close();
    const auto file = get(unknown); // It must ask, and is answered with 416.
    QVERIFY(file && *file);
    QCOMPARE(m_server->requests.size(), 1);
    QCOMPARE(contents(target()), m_body);
}

void tst_ModelDownload::throwsWrongBytesAway_data()
{
    QTest::addColumn<bool>("resumed");
    QTest::newRow("at once") << false;
    QTest::newRow("after a break") << true;
}

void tst_ModelDownload::throwsWrongBytesAway()
{
    QFETCH(bool, resumed);
    if (resumed)
        getHalf(request());
    QByteArray wrong = m_body;
    wrong[200'000] = static_cast<char>(wrong[200'000] ^ 1);
    m_server->answer = [&](const Request &asked) { return HttpServer::file(asked, wrong); };
    const auto file = get(request());
    QVERIFY(file && !*file);
    QCOMPARE(file->error().code, ErrorCode::CorruptData);
    QVERIFY(file->error().message.find(m_hash) != std::string::npos);
    QCOMPARE(files(), QStringList()); // Nothing that could pass for a file, or be gone on with.
}

void tst_ModelDownload::noticesAPartThatWasChangedOnDisk()
{
    getHalf(request());
    QFile half(part());
    QVERIFY(half.open(QIODevice::ReadWrite) && half.seek(1000) && half.write("XXXX") == 4);
    half.close();
    const auto file = get(request());
    QVERIFY(file && !*file);
    QCOMPARE(file->error().code, ErrorCode::CorruptData);
    QCOMPARE(files(), QStringList());
}

void tst_ModelDownload::noticesAPartThatWasReplacedMeanwhile()
{
    m_server->answer = [this](const Request &asked) {
        QFile::remove(part());
        QFile other(part());
        static_cast<void>(other.open(QIODevice::WriteOnly) && other.write("other") == 5);
        return HttpServer::file(asked, m_body);
    };
    const auto file = get(request());
    QVERIFY(file && !*file);
    QCOMPARE(file->error().code, ErrorCode::Io);
    QVERIFY(!QFile::exists(target()));
}

void tst_ModelDownload::refusesAnotherSize()
{
    m_server->answer = [this](const Request &asked) { return HttpServer::file(asked, m_body + "!"); };
    const auto file = get(request());
    QVERIFY(file && !*file);
    QCOMPARE(file->error().code, ErrorCode::CorruptData);
    QVERIFY(file->error().message.find("300001") != std::string::npos);
    QVERIFY(!QFile::exists(target()));
}

void tst_ModelDownload::keepsThePartWhenAPageComesInstead()
{
    getHalf(request());
    m_server->answer = [](const Request &) {
        return Answer{200, "<html>Log in</html>", {}, -1, false, true};
    };
    const auto file = get(request());
    QVERIFY(file && !*file);
    QCOMPARE(contents(part()), m_body.first(150'000));
}

void tst_ModelDownload::refusesWhatHasNeitherSizeNorHash()
{
    m_server->answer = [this](const Request &) {
        Answer answer{200, m_body, {}, -1, false, false};
        answer.sent = 100'000; // Nobody could tell.
        return answer;
    };
    DownloadRequest unknown = request();
    unknown.sha256.clear();
    unknown.bytes = -1;
    const auto file = get(unknown);
    QVERIFY(file && !*file);
    QCOMPARE(file->error().code, ErrorCode::CorruptData);
    QVERIFY(!QFile::exists(target()));
}

void tst_ModelDownload::followsRedirects()
{
    m_server->answer = [this](const Request &asked) {
        if (asked.path == "/file")
            return Answer{302, {}, {{"Location", "/store/1?key=2"}}, -1, false, true};
        Answer answer = HttpServer::file(asked, m_body);
        answer.sent = 200'000;
        return answer;
    };
    const auto file = get(request());
    QVERIFY(file && *file);
    QCOMPARE(contents(target()), m_body);
    QCOMPARE(m_server->requests.size(), 4); // After the break it asks for the way again: such keys expire.
    QCOMPARE(m_server->requests[2].path, QByteArray("/file"));
    QCOMPARE(m_server->requests[3].headers.value("range"), QByteArray("bytes=200000-"));
}

void tst_ModelDownload::endsRedirectsInCircles()
{
    m_server->answer = [](const Request &asked) {
        return Answer{302, {}, {{"Location", asked.path == "/file" ? "/other" : "/file"}}, -1, false, true};
    };
    const auto file = get(request());
    QVERIFY(file && !*file);
    QVERIFY(file->error().message.find("circles") != std::string::npos);
    QVERIFY(m_server->requests.size() < 12);
}

void tst_ModelDownload::takesTheServersHash()
{
    QByteArray body = m_body;
    m_server->answer = [&](const Request &asked) {
        if (asked.path == "/file")
            return Answer{302,
                          {},
                          {{"Location", "/store"},
                           {"X-Linked-Etag", '"' + QByteArray::fromStdString(m_hash) + '"'},
                           {"X-Linked-Size", "300000"}},
                          -1,
                          false,
                          true};
        return HttpServer::file(asked, body, "\"of the store\"");
    };
    DownloadRequest unknown = request();
    unknown.sha256.clear();
    unknown.bytes = -1;
    const auto file = get(unknown);
    QVERIFY(file && *file);
    QCOMPARE((*file)->checked, CheckedAgainst::Server);
    QVERIFY(QFile::remove(target()));
    body[1] = static_cast<char>(body[1] ^ 1);
    const auto wrong = get(unknown);
    QVERIFY(wrong && !*wrong);
    QCOMPARE(wrong->error().code, ErrorCode::CorruptData);
    QCOMPARE(files(), QStringList());
}

void tst_ModelDownload::refusesEarlyWhatTheServerSaysIsAnotherFile()
{
    m_server->answer = [this](const Request &asked) {
        Answer answer = HttpServer::file(asked, m_body);
        answer.headers.append({"X-Linked-Etag", '"' + QByteArray(64, 'a') + '"'});
        answer.sent = 0;
        answer.stalls = true;
        return answer;
    };
    const auto file = get(request());
    QVERIFY(file && !*file);
    QCOMPARE(file->error().code, ErrorCode::CorruptData);
    QCOMPARE(m_server->requests.size(), 1);
}

void tst_ModelDownload::asksAgainAfterAStall()
{
    m_server->answer = [this](const Request &asked) {
        Answer answer = HttpServer::file(asked, m_body);
        if (m_server->requests.size() == 1) {
            answer.sent = 50'000;
            answer.stalls = true;
        }
        return answer;
    };
    const auto file = get(request());
    QVERIFY(file && *file);
    QCOMPARE(contents(target()), m_body);
    QCOMPARE(m_server->requests[1].headers.value("range"), QByteArray("bytes=50000-"));
}

void tst_ModelDownload::asksAgainAfterAServerError()
{
    m_server->answer = [this](const Request &asked) {
        return m_server->requests.size() < 3 ? Answer{503, "busy", {}, -1, false, true}
                                             : HttpServer::file(asked, m_body);
    };
    const auto file = get(request());
    QVERIFY(file && *file);
    QCOMPARE(m_server->requests.size(), 3);
    QCOMPARE(contents(target()), m_body);
}

void tst_ModelDownload::givesUpInTheEndAndKeepsThePart()
{
    m_server->answer = [this](const Request &) {
        Answer answer{200, m_body, {{"ETag", "\"one\""}},
                      -1,  false,  true}; // Ignores Range, and always breaks there.
        answer.sent = 120'000;
        return answer;
    };
    const auto file = get(request());
    QVERIFY(file && !*file);
    QCOMPARE(file->error().code, ErrorCode::Io);
    QCOMPARE(m_server->requests.size(), 4); // As often as it is patient: the others brought nothing new.
    QCOMPARE(contents(part()), m_body.first(120'000));
    QVERIFY(!QFile::exists(target()));
}

void tst_ModelDownload::saysThatThereIsNoSuchFile()
{
    m_server->answer = [](const Request &) { return Answer{404, "<html>no</html>", {}, -1, false, true}; };
    const auto file = get(request());
    QVERIFY(file && !*file);
    QCOMPARE(file->error().code, ErrorCode::NotFound);
    QVERIFY(file->error().message.find("127.0.0.1 does not have model.safetensors (404)") !=
            std::string::npos);
    QCOMPARE(m_server->requests.size(), 1);
}

void tst_ModelDownload::onlyOneProgramAtATime()
{
    const int other = ::open(part().toLocal8Bit().constData(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    QVERIFY(other >= 0 && ::flock(other, LOCK_EX | LOCK_NB) == 0);
    const auto refused = get(request());
    QVERIFY(refused && !*refused);
    QVERIFY(refused->error().message.find("another program") != std::string::npos);
    ::close(other);
    const auto file = get(request());
    QVERIFY(file && *file);
}

void tst_ModelDownload::reportsProgressWithRateAndTimeLeft()
{
    m_server->answer = [this](const Request &asked) {
        Answer answer = HttpServer::file(asked, m_body);
        answer.sent = 100'000;
        answer.stalls = m_server->requests.size() == 1; // 300 ms pass: there is a rate after that.
        return answer;
    };
    Downloader downloader(*m_network, kShort);
    QSignalSpy progress(&downloader, &Downloader::progress);
    bool ended = false;
    connect(&downloader, &Downloader::finished, this, [&] { ended = true; });
    downloader.start(request());
    QTRY_VERIFY(ended);
    QVERIFY(progress.size() >= 2);
    const auto first = progress.first();
    QVERIFY(first[0].toLongLong() > 100'000 - 1 && first[0].toLongLong() < m_body.size());
    QCOMPARE(first[1].toLongLong(), m_body.size());
    QVERIFY(first[2].toDouble() > 0);
    QVERIFY(first[3].toDouble() > 0);
    QCOMPARE(progress.last()[0].toLongLong(), m_body.size());
    QCOMPARE(progress.last()[3].toDouble(), 0.0);
}

QTEST_GUILESS_MAIN(tst_ModelDownload)
#include "tst_model_download.moc"

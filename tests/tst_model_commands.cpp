// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/identity.h"
#include "core/vectors/embedding_store.h"
#include "tests/support/http_server.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QImage>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <memory>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace {

constexpr int kTimeoutMs = 60'000;

struct Answer {
    int code = -1;
    QByteArray out;
    QByteArray err;
    QHash<QString, QJsonObject> byId() const
    {
        QHash<QString, QJsonObject> all;
        for (const QByteArray &line : out.split('\n')) {
            const QJsonObject object = QJsonDocument::fromJson(line).object();
            if (!object.isEmpty())
                all[object[u"id"_s].toString()] = object;
        }
        return all;
    }
};

} // namespace

/// yingxun-cli models, as a person uses it.
class tst_ModelCommands : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void listsWhatThereIsAndWhatIsInstalled();
    void addsAnOfflinePack();
    void verifiesAndFindsDamage();
    void removesOnlyWhenTold();
    void asksOnATerminalBeforeItRemoves();
    void keepsThePartOfADownloadThatIsInterrupted();
    void explainsWhatItDoesNotUnderstand();
    void findsAnInstalledModelByItsId();
    void refusesAnInstalledModelThatWasChanged();
    void usesTheModelThatWasChosenInTheWindow();
    void forgetsTheEmbeddingsOfAModelThatIsNotInUse();
    void knowsTheEmbeddingsOfAnEarlierVersion();

private:
    void start(QProcess &process, const QStringList &arguments,
               const QHash<QString, QString> &variables = {}) const;
    Answer cli(const QStringList &arguments, const QHash<QString, QString> &variables = {}) const;
    Answer models(const QStringList &arguments) const { return cli(QStringList{u"models"_s} + arguments); }
    QString path(const QString &name) const { return m_directory->filePath(name); }
    bool write(const QString &name, const QByteArray &text) const
    {
        QDir().mkpath(QFileInfo(path(name)).path());
        QFile file(path(name));
        return file.open(QIODevice::WriteOnly) && file.write(text) == text.size();
    }

    /// Installs the starter model as `id`, with another vocabulary, so that it is another model.
    bool addAnother(const QString &id) const;
    /// Gives what a model has embedded the identity that earlier versions knew it by, and returns that.
    QString madeOld(const QString &model) const;
    QJsonObject info(const QHash<QString, QString> &variables = {}) const
    {
        return QJsonDocument::fromJson(cli({u"info"_s, u"--json"_s}, variables).out).object();
    }

    std::unique_ptr<QTemporaryDir> m_directory;
};

void tst_ModelCommands::start(QProcess &process, const QStringList &arguments,
                              const QHash<QString, QString> &variables) const
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"YINGXUN_LANGUAGE"_s, u"en"_s);
    environment.insert(u"YINGXUN_DATA"_s, path(u"data"_s)); // Never that of whoever runs the tests.
    environment.insert(u"XDG_CONFIG_HOME"_s, path(u"config"_s));
    for (const QString &variable :
         {u"YINGXUN_MODEL"_s, u"YINGXUN_DEVICE"_s, u"YINGXUN_PRECISION"_s, u"YINGXUN_MEMORY"_s})
        environment.remove(variable);
    environment.insert(u"GOMP_SPINCOUNT"_s,
                       u"3000"_s); // Else the program starts itself a second time for it.
    environment.remove(u"YINGXUN_MIRROR"_s);
    for (const QString &proxy : {u"http_proxy"_s, u"HTTP_PROXY"_s, u"all_proxy"_s, u"ALL_PROXY"_s})
        environment.remove(proxy);
    for (auto variable = variables.cbegin(); variable != variables.cend(); ++variable)
        environment.insert(variable.key(), variable.value());
    process.setProcessEnvironment(environment);
    process.start(QStringLiteral(YINGXUN_CLI), arguments);
}

Answer tst_ModelCommands::cli(const QStringList &arguments, const QHash<QString, QString> &variables) const
{
    QProcess process;
    start(process, arguments, variables);
    if (!process.waitForFinished(kTimeoutMs))
        return {};
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

void tst_ModelCommands::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    QVERIFY(write(u"mine/config.json"_s, "{}") && write(u"mine/vocab.txt"_s, "[PAD]\n") &&
            write(u"mine/model.safetensors"_s, "weights"));
}

void tst_ModelCommands::listsWhatThereIsAndWhatIsInstalled()
{
    const Answer none = models({u"--json"_s});
    QCOMPARE(none.code, 0);
    QCOMPARE(none.byId().size(), 5);
    const QJsonObject large = none.byId()[u"vit-l-14"_s];
    QCOMPARE(large[u"installed"_s].toBool(true), false);
    QCOMPARE(large[u"bytes"_s].toInteger(), 1625135766 + 109540);
    QCOMPARE(large[u"scores"_s][u"muge"_s][0].toDouble(), 56.3);
    QVERIFY(large[u"memory"_s].toInteger() > 1'000'000'000);

    QCOMPARE(models({u"add"_s, path(u"mine"_s)}).code, 0);
    const QJsonObject mine = models({u"list"_s, u"--json"_s}).byId()[u"mine"_s];
    QVERIFY(mine[u"installed"_s].toBool() && mine[u"whole"_s].toBool());
    QVERIFY(!mine.contains(u"scores"_s));
    const QByteArray text = models({}).out;
    QVERIFY(text.contains("mine\tmine\tinstalled\t"));
    QVERIFY(
        text.contains("vit-h-14\tChinese-CLIP ViT-H/14\tnot installed\t3830.8 MB\tneeds 4400.0 MB of memory\t"
                      "R@1 63.0 MUGE, 71.2 Flickr30K-CN, 69.2 COCO-CN\n"));
}

void tst_ModelCommands::addsAnOfflinePack()
{
    QCOMPARE(models({u"add"_s, path(u"mine"_s)}).code, 0);
    QCOMPARE(QProcess::execute(u"tar"_s,
                               {u"-C"_s, path(u"data/models"_s), u"-cf"_s, path(u"pack.tar"_s), u"mine"_s}),
             0);
    const Answer added = models({u"add"_s, path(u"pack.tar"_s), u"--name"_s, u"from-stick"_s, u"--json"_s});
    QCOMPARE(added.code, 0);
    const QJsonObject model = added.byId()[u"from-stick"_s];
    QCOMPARE(model[u"files"_s].toArray().size(), 3);
    QCOMPARE(model[u"files"_s][0][u"checked_against"_s].toString(), u"pack"_s);
    QVERIFY(QFile::exists(model[u"folder"_s].toString() + u"/vocab.txt"_s));
    const Answer again = models({u"add"_s, path(u"mine"_s)});
    QCOMPARE(again.code, 1);
    QVERIFY(again.err.contains("is there already"));
}

void tst_ModelCommands::verifiesAndFindsDamage()
{
    QCOMPARE(models({u"add"_s, path(u"mine"_s), u"--name"_s, u"a"_s}).code, 0);
    QCOMPARE(models({u"add"_s, path(u"mine"_s), u"--name"_s, u"b"_s}).code, 0);
    QCOMPARE(models({u"verify"_s}).out, QByteArray("a\tgood\nb\tgood\n"));
    QVERIFY(write(u"data/models/a/model.safetensors"_s, "weightz"));
    const Answer damaged = models({u"verify"_s, u"--json"_s});
    QCOMPARE(damaged.code, 1);
    QCOMPARE(damaged.byId()[u"a"_s][u"good"_s].toBool(true), false);
    QCOMPARE(damaged.byId()[u"b"_s][u"good"_s].toBool(), true);
    QVERIFY(damaged.err.contains("model.safetensors"));
    QCOMPARE(models({u"verify"_s, u"b"_s}).code, 0);
    QCOMPARE(models({u"verify"_s, u"c"_s}).code, 1);
}

void tst_ModelCommands::removesOnlyWhenTold()
{
    QCOMPARE(models({u"add"_s, path(u"mine"_s)}).code, 0);
    const Answer asked = models({u"remove"_s, u"mine"_s});
    QCOMPARE(asked.code, 2);
    QVERIFY(asked.err.contains("--yes"));
    QVERIFY(QFile::exists(path(u"data/models/mine/vocab.txt"_s)));
    QCOMPARE(models({u"remove"_s, u"mine"_s, u"--yes"_s}).code, 0);
    QVERIFY(!QFile::exists(path(u"data/models/mine"_s)));
    QCOMPARE(models({u"remove"_s, u"mine"_s, u"--yes"_s}).code, 1);
}

void tst_ModelCommands::asksOnATerminalBeforeItRemoves()
{
    QCOMPARE(models({u"add"_s, path(u"mine"_s)}).code, 0);
    const auto removeAnswering = [this](const char *typed) {
        const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
        if (terminal < 0 || ::grantpt(terminal) != 0 || ::unlockpt(terminal) != 0)
            return -1;
        QProcess process;
        process.setStandardInputFile(QString::fromLocal8Bit(::ptsname(terminal)));
        start(process, {u"models"_s, u"remove"_s, u"mine"_s});
        const bool sent = ::write(terminal, typed, qstrlen(typed)) > 0;
        const bool done = process.waitForFinished(kTimeoutMs);
        ::close(terminal);
        return sent && done ? process.exitCode() : -1;
    };
    QCOMPARE(removeAnswering("n\n"), 1);
    QVERIFY(QFile::exists(path(u"data/models/mine/vocab.txt"_s)));
    QCOMPARE(removeAnswering("y\n"), 0);
    QVERIFY(!QFile::exists(path(u"data/models/mine"_s)));
}

void tst_ModelCommands::keepsThePartOfADownloadThatIsInterrupted()
{
    HttpServer server;
    server.answer = [](const HttpServer::Request &) {
        return HttpServer::Answer{
            200,  QByteArray(100'000, 'x'), {{"ETag", "\"one\""}, {"Content-Length", "308316425"}}, -1, true,
            false};
    };
    const QString part = path(u"data/models/.download-rn50/clip_cn_rn50.pt.part"_s);
    QProcess process;
    start(process, {u"models"_s, u"download"_s, u"rn50"_s},
          {{u"YINGXUN_MIRROR"_s, server.url("").toString()}});
    QTRY_COMPARE_WITH_TIMEOUT(QFile(part).size(), 100'000, kTimeoutMs);
    QCOMPARE(server.requests.first().path,
             QByteArray("/OFA-Sys/chinese-clip-rn50/resolve/main/clip_cn_rn50.pt"));
    ::kill(static_cast<pid_t>(process.processId()), SIGINT);
    QTRY_COMPARE_WITH_TIMEOUT(process.state(), QProcess::NotRunning, kTimeoutMs);
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), 130);
    QVERIFY(process.readAllStandardError().contains("goes on from there"));
    QCOMPARE(QFile(part).size(), 100'000);
    QCOMPARE(models({u"--json"_s}).byId()[u"rn50"_s][u"installed"_s].toBool(true), false);

    server.requests.clear();
    QProcess again;
    start(again, {u"models"_s, u"download"_s, u"rn50"_s, u"--from"_s, server.url("").toString()});
    QTRY_VERIFY_WITH_TIMEOUT(!server.requests.isEmpty(), kTimeoutMs);
    QCOMPARE(server.requests.first().headers.value("range"), QByteArray("bytes=100000-"));
    ::kill(static_cast<pid_t>(again.processId()), SIGINT);
    QTRY_COMPARE_WITH_TIMEOUT(again.state(), QProcess::NotRunning, kTimeoutMs);
}

void tst_ModelCommands::explainsWhatItDoesNotUnderstand()
{
    QCOMPARE(models({u"fetch"_s, u"rn50"_s}).code, 2);
    QCOMPARE(models({u"add"_s}).code, 2);
    const Answer source = models({u"download"_s, u"rn50"_s, u"--from"_s, u"elsewhere"_s});
    QCOMPARE(source.code, 1);
    QVERIFY(source.err.contains("name huggingface, modelscope"));
    const Answer unknown = models({u"download"_s, u"vit-z"_s});
    QCOMPARE(unknown.code, 1);
    QVERIFY(unknown.err.contains("vit-z"));
    QVERIFY(models({u"--help"_s}).out.contains("models download <id>"));
}

void tst_ModelCommands::findsAnInstalledModelByItsId()
{
    const QString starter = QStringLiteral(YINGXUN_SOURCE_DIR "/resources/models/starter");
    QCOMPARE(models({u"add"_s, starter, u"--name"_s, u"starter2"_s}).code, 0);
    QImage photo(8, 8, QImage::Format_RGB32);
    photo.fill(Qt::darkGreen);
    QVERIFY(QDir().mkpath(path(u"photos"_s)) && photo.save(path(u"photos/a.png"_s)));
    QCOMPARE(cli({u"index"_s, path(u"photos"_s), u"--model"_s, u"starter2"_s}).code, 0);
    const Answer info = cli({u"info"_s, u"--json"_s, u"--model"_s, u"starter2"_s});
    QCOMPARE(info.code, 0);
    const QJsonObject told = QJsonDocument::fromJson(info.out).object();
    QCOMPARE(told[u"model"_s].toString(), u"starter2"_s);
    QCOMPARE(told[u"embeddings"_s].toInt(), 1);
    const Answer search =
        cli({u"search"_s, u"--limit"_s, u"1"_s, u"猫"_s}, {{u"YINGXUN_MODEL"_s, u"starter2"_s}});
    QCOMPARE(search.code, 0);
    QVERIFY(search.out.contains("a.png"));
    QCOMPARE(cli({u"embed"_s, u"--text"_s, u"猫"_s, u"--model"_s, u"starter2"_s}).code, 0);
    const Answer none = cli({u"info"_s, u"--model"_s, u"starter3"_s});
    QCOMPARE(none.code, 1);
    QVERIFY(none.err.contains("starter3 is neither a model's folder nor the id of an installed model"));
}

bool tst_ModelCommands::addAnother(const QString &id) const
{
    const QString starter = QStringLiteral(YINGXUN_SOURCE_DIR "/resources/models/starter/");
    QFile words(starter + u"vocab.txt"_s);
    if (!words.open(QIODevice::ReadOnly))
        return false;
    QByteArray vocabulary = words.readAll().trimmed();
    vocabulary.truncate(vocabulary.lastIndexOf('\n'));
    if (!write(u"another/vocab.txt"_s, vocabulary + "\nanother\n"))
        return false;
    for (const QString &name : {u"config.json"_s, u"model.safetensors"_s})
        QFile::copy(starter + name, path(u"another/"_s + name));
    return models({u"add"_s, path(u"another"_s), u"--name"_s, id}).code == 0;
}

void tst_ModelCommands::refusesAnInstalledModelThatWasChanged()
{
    const QString starter = QStringLiteral(YINGXUN_SOURCE_DIR "/resources/models/starter");
    QCOMPARE(models({u"add"_s, starter, u"--name"_s, u"mine"_s}).code, 0);
    const QStringList use{u"--model"_s, u"mine"_s};
    QCOMPARE(cli(QStringList{u"info"_s} + use).code, 0);
    const QString note = path(u"data/models/mine/.seen.json"_s);
    const QDateTime noted = QFileInfo(note).lastModified();
    QVERIFY(noted.isValid());
    QCOMPARE(cli(QStringList{u"info"_s} + use).code, 0);
    QCOMPARE(QFileInfo(note).lastModified(), noted); // Nothing to find out.

    QFile weights(path(u"data/models/mine/model.safetensors"_s));
    const qint64 size = weights.size();
    QVERIFY(weights.open(QIODevice::ReadWrite));
    QVERIFY(weights.write("no header", 9) == 9 && weights.size() == size);
    weights.close();
    for (const QStringList &command : {QStringList{u"info"_s}, {u"search"_s, u"猫"_s}}) {
        const Answer answer = cli(command + use);
        QCOMPARE(answer.code, 1);
        QVERIFY2(
            answer.err.contains("the model “mine” is not what was installed (model.safetensors changed)"),
            answer.err.constData());
        QVERIFY2(answer.err.contains("yingxun-cli models remove mine"), answer.err.constData());
    }
}

void tst_ModelCommands::usesTheModelThatWasChosenInTheWindow()
{
    QVERIFY(addAnother(u"another"_s));
    QVERIFY(write(u"config/yingxun/yingxun.conf"_s, "[model]\nid=another\n"));
    QCOMPARE(info()[u"model"_s].toString(), u"another"_s);
    const QString starter = QStringLiteral(YINGXUN_SOURCE_DIR "/resources/models/starter");
    QCOMPARE(info({{u"YINGXUN_MODEL"_s, starter}})[u"model"_s].toString(), u"starter"_s);
    // By its id, as the window goes back to it.
    QCOMPARE(info({{u"YINGXUN_MODEL"_s, u"starter"_s}})[u"model"_s].toString(), u"starter"_s);
    QCOMPARE(models({u"remove"_s, u"another"_s, u"--yes"_s}).code, 0);
    QCOMPARE(info()[u"model"_s].toString(), u"starter"_s);
}

void tst_ModelCommands::forgetsTheEmbeddingsOfAModelThatIsNotInUse()
{
    QVERIFY(addAnother(u"another"_s));
    QImage photo(8, 8, QImage::Format_RGB32);
    photo.fill(Qt::darkGreen);
    QVERIFY(QDir().mkpath(path(u"photos"_s)) && photo.save(path(u"photos/a.png"_s)));
    QCOMPARE(cli({u"index"_s, path(u"photos"_s)}).code, 0);
    QCOMPARE(cli({u"index"_s, u"--model"_s, u"another"_s}).code, 0);
    QJsonArray stored = info()[u"models"_s].toArray(); // By name: another, starter.
    QCOMPARE(stored.size(), 2);
    QCOMPARE(stored[0][u"model"_s].toString(), u"another"_s);
    QCOMPARE(stored[0][u"embeddings"_s].toInt(), 1);
    QVERIFY(!stored[0][u"in_use"_s].toBool() && stored[1][u"in_use"_s].toBool());
    const QString identity = stored[0][u"identity"_s].toString();
    QCOMPARE(models({u"remove"_s, u"another"_s, u"--yes"_s}).code, 0);

    const Answer used = models({u"forget"_s, u"starter"_s, u"--yes"_s});
    QCOMPARE(used.code, 1);
    QVERIFY(used.err.contains("is the model in use"));
    QCOMPARE(models({u"forget"_s, identity}).code, 2); // Nobody there to be asked.
    QCOMPARE(info()[u"models"_s].toArray().size(), 2);
    const Answer forgotten = models({u"forget"_s, identity, u"--yes"_s, u"--json"_s});
    QCOMPARE(forgotten.code, 0);
    QVERIFY(forgotten.out.contains(identity.toUtf8()));
    stored = info()[u"models"_s].toArray();
    QCOMPARE(stored.size(), 1);
    QCOMPARE(stored[0][u"embeddings"_s].toInt(), 1);
    QCOMPARE(models({u"forget"_s, identity, u"--yes"_s}).code, 1);
}

QString tst_ModelCommands::madeOld(const QString &model) const
{
    const auto source = yingxun::clip::openModel(model.toStdString());
    if (!source)
        return {};
    const auto now = yingxun::clip::identityOf(*source);
    const auto former = yingxun::clip::formerIdentityOf(*source);
    const auto store = yingxun::vectors::EmbeddingStore::open(
        path(u"data/embeddings"_s).toStdString(), *former, source->config.dimension, [&] { return now; });
    return store && store->count() > 0 ? QString::fromStdString(*former) : QString();
}

void tst_ModelCommands::knowsTheEmbeddingsOfAnEarlierVersion()
{
    QVERIFY(addAnother(u"another"_s));
    QImage photo(8, 8, QImage::Format_RGB32);
    photo.fill(Qt::darkGreen);
    QVERIFY(QDir().mkpath(path(u"photos"_s)) && photo.save(path(u"photos/a.png"_s)));
    QCOMPARE(cli({u"index"_s, path(u"photos"_s)}).code, 0);
    QCOMPARE(cli({u"index"_s, u"--model"_s, u"another"_s}).code, 0);
    const QString starter = madeOld(QStringLiteral(YINGXUN_SOURCE_DIR "/resources/models/starter"));
    const QString another = madeOld(path(u"data/models/another"_s));
    QVERIFY(!starter.isEmpty() && !another.isEmpty());

    // Before anything has opened them.
    QVERIFY(models({u"forget"_s, u"starter"_s, u"--yes"_s}).err.contains("is the model in use"));
    QVERIFY(models({u"forget"_s, starter, u"--yes"_s}).err.contains("is the model in use"));
    const Answer forgotten = models({u"forget"_s, u"another"_s, u"--yes"_s, u"--json"_s});
    QCOMPARE(forgotten.code, 0);
    QVERIFY(forgotten.out.contains(another.toUtf8()));
    const Answer search = cli({u"search"_s, u"--limit"_s, u"1"_s, u"猫"_s});
    QVERIFY(search.out.contains("a.png"));
    const QJsonObject now = info();
    const QJsonArray stored = now[u"models"_s].toArray();
    QCOMPARE(stored.size(), 1);
    QVERIFY(stored[0][u"in_use"_s].toBool());
    QCOMPARE(stored[0][u"embeddings"_s].toInt(), 1);
    QCOMPARE(stored[0][u"identity"_s], now[u"identity"_s]);
    QVERIFY(stored[0][u"identity"_s].toString() != starter);
}

QTEST_GUILESS_MAIN(tst_ModelCommands)
#include "tst_model_commands.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/media.h"
#include "core/models/model_keeper.h"
#include "core/services/librarian.h"
#include "core/services/model_switch.h"
#include "core/services/searcher.h"
#include "core/services/thumbnail_loader.h"
#include "library.h"
#include "tests/support/http_server.h"
#include "ui/main_window.h"
#include "ui/models_dialog.h"

#include <QComboBox>
#include <QCryptographicHash>
#include <QLabel>
#include <QLineEdit>
#include <QMenuBar>
#include <QMessageBox>
#include <QNetworkProxy>
#include <QProgressBar>
#include <QPushButton>
#include <QSettings>

#include <optional>

using namespace yingxun;
using namespace yingxun::models;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using Answer = HttpServer::Answer;
using Request = HttpServer::Request;

namespace {

constexpr int kTimeoutMs = 20'000;

QByteArray sha256(const QByteArray &bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex();
}

constexpr const char *kManifest = R"({"sources": {}, "models": [{"id": "small", "title": "Small",
    "licence": "none", "parameters": 1, "image_size": 8, "dimension": 4, "memory": 700000000,
    "scores": {"muge": [42.6, 2, 3], "flickr30k_cn": [48.8, 2, 3], "coco_cn": [48.1, 2, 3]},
    "repository": {"huggingface": "we/small"}, "files": [
    {"name": "vocab.txt", "bytes": %1, "sha256": "%2"}, {"name": "small.pt", "bytes": %3, "sha256": "%4"}]}]})";

/// What the small model would be, once loaded.
class NamedEncoder : public test::FakeEncoder
{
public:
    std::string identity() const override { return std::string(32, 'b'); }
    std::string name() const override { return "small"; }
};

} // namespace

/// Models… in the window, over a server on this machine.
class tst_ModelsDialog : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void downloadsAModelUsesAndRemovesIt();
    void goesOnWhereADownloadWasCancelled();
    void goesOnWhileItIsClosed();
    void saysWhatToDoWhenTheServerIsBroken();
    void findsADamagedModel();
    void addsAFolder();
    void removesNeitherTheModelInUseNorWithoutAsking();
    void remembersWhereModelsComeFrom();
    void opensFromTheMenuOfTheWindow();

private:
    QString path(const QString &name) const { return m_directory->filePath(name); }
    /// Stops in the middle of the weights and keeps silent, as a network does that is gone.
    void stallInTheWeights();
    void answerWell();
    void open(const QString &inUse = u"starter"_s);
    void install(); ///< Downloads the model.
    template<typename T>
    T *find(const char *name, const QString &id = u"small"_s) const
    {
        auto *row = m_dialog->findChild<QWidget *>(u"model-"_s + id);
        return row == nullptr ? nullptr : row->findChild<T *>(QString::fromLatin1(name));
    }
    QString state(const QString &id = u"small"_s) const
    {
        const auto *label = find<QLabel>("modelState", id);
        return label == nullptr ? QString() : label->text();
    }
    void click(const char *button, const QString &id = u"small"_s) const
    {
        auto *found = find<QPushButton>(button, id);
        QVERIFY(found != nullptr && found->isVisible() && found->isEnabled());
        found->click();
    }
    /// Presses a button of the question whether to remove.
    void answerQuestion(const QString &text) const;
    QString message() const
    {
        const auto *label = m_dialog->findChild<QLabel *>(u"modelsMessage"_s);
        return label->isHidden() ? QString() : label->text();
    }

    const QByteArray m_vocabulary = QByteArray(100'000, 'v');
    const QByteArray m_weights = QByteArray(300'000, 'w');
    Manifest m_manifest;
    QTemporaryDir m_settings;
    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<HttpServer> m_server;
    std::unique_ptr<ModelKeeper> m_keeper;
    std::unique_ptr<ui::ModelsDialog> m_dialog;
};

void tst_ModelsDialog::initTestCase()
{
    QLocale::setDefault(QLocale(QLocale::English));
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_settings.path());
    QNetworkProxy::setApplicationProxy(QNetworkProxy::NoProxy);
    qunsetenv("YINGXUN_MIRROR");
    const QString json = QString::fromLatin1(kManifest).arg(
        QString::number(m_vocabulary.size()), QString::fromLatin1(sha256(m_vocabulary)),
        QString::number(m_weights.size()), QString::fromLatin1(sha256(m_weights)));
    auto manifest = Manifest::parse(json.toStdString());
    QVERIFY2(manifest, manifest ? "" : manifest.error().message.c_str());
    m_manifest = *std::move(manifest);
}

void tst_ModelsDialog::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    m_server = std::make_unique<HttpServer>();
    answerWell();
    QSettings(u"yingxun"_s, u"yingxun"_s).setValue(u"models/source"_s, m_server->url("").toString());
    m_keeper =
        std::make_unique<ModelKeeper>(path(u"models"_s).toStdString(), m_manifest, Patience{20s, 1ms, 2});
}

void tst_ModelsDialog::cleanup()
{
    m_dialog.reset();
    m_keeper.reset();
}

void tst_ModelsDialog::answerWell()
{
    m_server->answer = [this](const Request &request) {
        return request.path == "/we/small/resolve/main/vocab.txt"
                   ? HttpServer::file(request, m_vocabulary)
                   : HttpServer::file(request, m_weights, "\"two\"");
    };
}

void tst_ModelsDialog::stallInTheWeights()
{
    m_server->answer = [good = m_server->answer](const Request &request) {
        Answer answer = good(request);
        if (request.path.endsWith("small.pt")) {
            answer.sent = answer.body.size() / 2;
            answer.stalls = true;
        }
        return answer;
    };
}

void tst_ModelsDialog::open(const QString &inUse)
{
    m_dialog = std::make_unique<ui::ModelsDialog>(m_keeper.get(), inUse);
    m_dialog->present();
    // The rows come later, and their parts are shown later still.
    QTRY_VERIFY_WITH_TIMEOUT(find<QLabel>("modelState") != nullptr, kTimeoutMs);
    QTRY_VERIFY_WITH_TIMEOUT(find<QLabel>("modelState")->isVisible(), kTimeoutMs);
}

void tst_ModelsDialog::install()
{
    click("getButton");
    QTRY_COMPARE_WITH_TIMEOUT(state(), u"Installed"_s, kTimeoutMs);
}

void tst_ModelsDialog::answerQuestion(const QString &text) const
{
    auto *question = m_dialog->findChild<QMessageBox *>(u"removeQuestion"_s);
    QVERIFY(question != nullptr && question->isVisible());
    for (QAbstractButton *button : question->buttons()) {
        if (button->text().remove(u'&') == text)
            return button->click();
    }
    QFAIL("the question has no such answer");
}

void tst_ModelsDialog::downloadsAModelUsesAndRemovesIt()
{
    open();
    QCOMPARE(state(), u"Not here"_s);
    QCOMPARE(state(u"starter"_s), u"In use"_s);
    QVERIFY(!find<QPushButton>("useButton")->isVisible());
    QVERIFY(!find<QPushButton>("removeButton", u"starter"_s)->isVisible());
    install();
    QVERIFY(message().contains(u"Small is here"_s));
    QVERIFY(!find<QProgressBar>("modelProgress")->isVisible());

    QSignalSpy use(m_dialog.get(), &ui::ModelsDialog::useRequested);
    click("useButton");
    QCOMPARE(use.size(), 1);
    QCOMPARE(use.first().first().toString(), u"small"_s);

    click("removeButton");
    answerQuestion(u"Remove"_s);
    QTRY_COMPARE_WITH_TIMEOUT(state(), u"Not here"_s, kTimeoutMs);
    QVERIFY(!QFile::exists(path(u"models/small"_s)));
    QVERIFY(message().contains(u"Small was removed"_s));
}

void tst_ModelsDialog::goesOnWhereADownloadWasCancelled()
{
    stallInTheWeights();
    open();
    auto *get = find<QPushButton>("getButton");
    auto *bar = find<QProgressBar>("modelProgress");
    get->setFocus();
    QCOMPARE(get->accessibleName(), u"Small: Download"_s);
    click("getButton");
    QCOMPARE(state(), u"Downloading"_s);
    QTRY_VERIFY_WITH_TIMEOUT(bar->isVisible() && bar->value() >= bar->maximum() / 4 && bar->maximum() > 0,
                             kTimeoutMs);
    QVERIFY(bar->value() < bar->maximum());
    QCOMPARE(bar->accessibleName(), u"Small: Downloading"_s);
    QVERIFY(find<QLabel>("modelPace")->text().contains(u" of 400.0 kB"_s));
    QCOMPARE(get->text(), u"Cancel"_s);
    QTRY_COMPARE_WITH_TIMEOUT(QFile(path(u"models/.download-small/small.pt.part"_s)).size(), 150'000,
                              kTimeoutMs);
    click("getButton");
    QTRY_COMPARE_WITH_TIMEOUT(state(), u"Not here; 250.0 kB of 400.0 kB have arrived"_s, kTimeoutMs);
    QVERIFY(message().contains(u"What has arrived is kept"_s));
    QCOMPARE(get->text(), u"Continue"_s);
    QVERIFY(get->hasFocus());

    answerWell();
    m_server->requests.clear();
    install();
    QCOMPARE(m_server->requests.size(), 1);
    QCOMPARE(m_server->requests.first().headers.value("range"), QByteArray("bytes=150000-"));
    QVERIFY(find<QPushButton>("useButton")->hasFocus()); // The keyboard does not lose the model.
}

void tst_ModelsDialog::goesOnWhileItIsClosed()
{
    stallInTheWeights();
    open();
    click("getButton");
    QTRY_COMPARE_WITH_TIMEOUT(QFile(path(u"models/.download-small/small.pt.part"_s)).size(), 150'000,
                              kTimeoutMs);
    m_dialog->close();
    QVERIFY(!m_dialog->isVisible());
    m_dialog->present();
    QCOMPARE(state(), u"Downloading"_s);
    open(); // One that has not seen it begin.
    QCOMPARE(state(), u"Downloading"_s);
    QVERIFY(find<QProgressBar>("modelProgress")->isVisible());
    QVERIFY(find<QProgressBar>("modelProgress")->value() > 0);
    QCOMPARE(find<QPushButton>("getButton")->text(), u"Cancel"_s);

    QSignalSpy noticed(m_dialog.get(), &ui::ModelsDialog::noticed);
    m_dialog->close();
    m_keeper->cancel(u"small"_s);
    QTRY_COMPARE_WITH_TIMEOUT(noticed.size(), 1, kTimeoutMs);
    m_dialog->present();
    QVERIFY(message().contains(u"What has arrived is kept"_s));
}

void tst_ModelsDialog::saysWhatToDoWhenTheServerIsBroken()
{
    m_server->answer = [](const Request &) { return Answer{503, {}, {}, -1, false, true}; };
    open();
    click("getButton");
    QTRY_VERIFY_WITH_TIMEOUT(message().startsWith(u"Small: The download broke off"_s), kTimeoutMs);
    QVERIFY(message().contains(u"choose another source"_s));
    QVERIFY(message().contains(u"503"_s));
    QCOMPARE(state(), u"Not here"_s);
    m_server->answer = [](const Request &) { return Answer{404, {}, {}, -1, false, true}; };
    click("getButton");
    QVERIFY(message().isEmpty()); // Not that of the time before.
    QTRY_VERIFY_WITH_TIMEOUT(message().contains(u"does not have the model"_s), kTimeoutMs);
}

void tst_ModelsDialog::findsADamagedModel()
{
    open();
    install();
    click("verifyButton");
    QTRY_VERIFY_WITH_TIMEOUT(message().contains(u"Small is in order"_s), kTimeoutMs);
    QFile weights(path(u"models/small/small.pt"_s));
    QVERIFY(weights.open(QIODevice::ReadWrite) && weights.write("x") == 1);
    weights.close();
    click("verifyButton");
    QTRY_COMPARE_WITH_TIMEOUT(state(), u"Damaged"_s, kTimeoutMs);
    QVERIFY(message().contains(u"small.pt"_s) && message().contains(u"get it again"_s));
    QVERIFY(!find<QPushButton>("useButton")->isVisible());
    click("removeButton");
    answerQuestion(u"Remove"_s);
    QTRY_COMPARE_WITH_TIMEOUT(state(), u"Not here"_s, kTimeoutMs);
    install();
}

void tst_ModelsDialog::addsAFolder()
{
    const auto write = [this](const QString &name, const QByteArray &bytes) {
        QDir().mkpath(QFileInfo(path(name)).path());
        QFile file(path(name));
        return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
    };
    QVERIFY(write(u"mine/vocab.txt"_s, "[PAD]\n") && write(u"mine/model.safetensors"_s, "weights"));
    open();
    m_keeper->add(path(u"mine"_s).toStdString());
    QVERIFY(m_dialog->findChild<QProgressBar *>(u"addModelProgress"_s)->isVisible());
    QVERIFY(!m_dialog->findChild<QPushButton *>(u"addModelButton"_s)->isEnabled());
    QTRY_COMPARE_WITH_TIMEOUT(state(u"mine"_s), u"Installed"_s, kTimeoutMs);
    QVERIFY(message().startsWith(u"mine is here"_s));
    m_keeper->add(path(u"mine"_s).toStdString());
    QTRY_VERIFY_WITH_TIMEOUT(message().contains(u"is there already"_s), kTimeoutMs);
    QVERIFY(!m_dialog->findChild<QProgressBar *>(u"addModelProgress"_s)->isVisible());
    QVERIFY(write(u"nothing/vocab.txt"_s, "[PAD]\n"));
    m_keeper->add(path(u"nothing"_s).toStdString());
    QTRY_VERIFY_WITH_TIMEOUT(message().startsWith(u"This is no complete model"_s), kTimeoutMs);
}

void tst_ModelsDialog::removesNeitherTheModelInUseNorWithoutAsking()
{
    open();
    install();
    click("removeButton");
    answerQuestion(u"Cancel"_s);
    QVERIFY(m_keeper->works().isEmpty());
    QVERIFY(QFile::exists(path(u"models/small/small.pt"_s)));
    m_dialog->setInUse(u"small"_s);
    QCOMPARE(state(), u"In use"_s);
    QCOMPARE(state(u"starter"_s), u"Part of the program"_s);
    QVERIFY(!find<QPushButton>("removeButton")->isEnabled());
    QVERIFY(!find<QPushButton>("useButton")->isEnabled());
    QVERIFY(find<QPushButton>("useButton", u"starter"_s)->isEnabled());
}

void tst_ModelsDialog::remembersWhereModelsComeFrom()
{
    open();
    auto *place = m_dialog->findChild<QComboBox *>(u"modelSource"_s);
    auto *address = m_dialog->findChild<QLineEdit *>(u"modelAddress"_s);
    QVERIFY(address->isVisible()); // The test's server.
    QCOMPARE(address->text(), m_server->url("").toString());
    address->selectAll();
    QTest::keyClicks(address, u"nowhere"_s);
    QTest::keyClick(address, Qt::Key_Return);
    QVERIFY(m_dialog->isVisible());
    click("getButton");
    QTRY_VERIFY_WITH_TIMEOUT(message().contains(u"Check the source's address"_s), kTimeoutMs);
    open();
    QCOMPARE(m_dialog->findChild<QLineEdit *>(u"modelAddress"_s)->text(), u"nowhere"_s);

    place = m_dialog->findChild<QComboBox *>(u"modelSource"_s);
    place->setFocus();
    QTest::keyClick(place, Qt::Key_Up);
    QCOMPARE(place->currentText(), u"ModelScope"_s);
    open();
    QCOMPARE(m_dialog->findChild<QComboBox *>(u"modelSource"_s)->currentText(), u"ModelScope"_s);
    QVERIFY(!m_dialog->findChild<QLineEdit *>(u"modelAddress"_s)->isVisible());
}

void tst_ModelsDialog::opensFromTheMenuOfTheWindow()
{
    test::Library library;
    services::Librarian librarian(library.data());
    services::Indexer indexer(library.data(), library.encoder, library.store);
    services::Searcher searcher(library.encoder, library.store);
    services::ThumbnailLoader thumbnails(library.data(), std::make_shared<media::DirectReader>());
    QSettings settings(library.path(u"../settings.ini"_s), QSettings::IniFormat);
    const auto small = std::make_shared<NamedEncoder>();
    services::ModelSwitch modelSwitch(
        library.data(), {library.encoder, library.store}, &indexer, &searcher, &settings,
        [small](const QString &, const services::Computing &,
                const std::stop_token &) -> Result<std::shared_ptr<vectors::Encoder>> {
            return std::shared_ptr<vectors::Encoder>(small);
        });
    ui::MainWindow window(
        {&librarian, &indexer, &searcher, &thumbnails, u"starter"_s, u"cpu"_s, &modelSwitch, m_keeper.get()});
    window.show();
    auto *dialog = window.findChild<ui::ModelsDialog *>();
    QVERIFY(dialog != nullptr && !dialog->isVisible());
    for (QAction *action : window.menuBar()->actions().first()->menu()->actions()) {
        if (action->text().remove(u'&') == u"Models…"_s)
            action->trigger();
    }
    QVERIFY(dialog->isVisible());
    dialog->close();
    m_keeper->download(u"small"_s, m_server->url("").toString());
    const auto *told = window.findChild<QLabel *>(u"message"_s);
    QTRY_VERIFY_WITH_TIMEOUT(told->text().contains(u"Small is here"_s), kTimeoutMs);
    QVERIFY(told->isVisible());
    // Used, it is the one in use: the button to use it goes.
    const auto *row = dialog->findChild<QWidget *>(u"model-small"_s);
    QVERIFY(row != nullptr);
    auto *useIt = row->findChild<QPushButton *>(u"useButton"_s);
    QTRY_VERIFY_WITH_TIMEOUT(!useIt->isHidden() && useIt->isEnabled(), kTimeoutMs);
    useIt->click();
    QTRY_VERIFY_WITH_TIMEOUT(useIt->isHidden() || !useIt->isEnabled(), kTimeoutMs);
    QCOMPARE(settings.value(services::ModelSwitch::kModelKey).toString(), u"small"_s);
}

QTEST_MAIN(tst_ModelsDialog)
#include "tst_models_dialog.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/db/catalogue.h"
#include "core/vectors/embedding_list.h"
#include "program.h"

#include <QLabel>
#include <QListWidget>
#include <QToolButton>

#include <atomic>
#include <semaphore>

using namespace yingxun;
using namespace yingxun::test;
using namespace Qt::StringLiterals;

/// The window before there is a model.
class tst_Startup : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void showsThePhotosWhileTheModelIsLoaded();
    void answersWhatWasAskedMeanwhile();
    void indexesWhatWasAddedMeanwhile();
    void goesOnWithTheEmbeddingsOfAnEarlierVersion();
    void goesOnWithThemWhileAnEarlierVersionRuns();
    void looksThroughTheLibraryOnce();
    void saysWhyThereIsNoModelAndTakesAnother();
    void endsWhileTheModelIsLoaded();

private:
    void start(); ///< The program, whose model is held.
    QLabel *label(const QString &name) const { return m_program->window.findChild<QLabel *>(name); }

    std::unique_ptr<Library> m_library;
    std::unique_ptr<std::counting_semaphore<>> m_pass; ///< One load each.
    std::atomic<int> m_loads = 0;                      ///< Begun.
    std::atomic<bool> m_firstIsGone = false;
    std::unique_ptr<Program> m_program;
};

void tst_Startup::init()
{
    m_library = std::make_unique<Library>();
    m_pass = std::make_unique<std::counting_semaphore<>>(0);
    m_loads = 0;
    m_firstIsGone = false;
    QVERIFY(m_library->paint(u"red.png"_s, Qt::red));
    QVERIFY(m_library->paint(u"blue.png"_s, Qt::blue));
    auto catalogue = db::Catalogue::open(m_library->data());
    QVERIFY(catalogue && catalogue->addFolder(m_library->folder().toStdString()));
    services::Indexer indexer(m_library->data(), m_library->encoder, m_library->store);
    QVERIFY(Library::finish(indexer, [&] { indexer.start(); }));
    m_library->store.reset(); // The program opens it.
}

void tst_Startup::cleanup()
{
    m_pass->release(8);
    m_program.reset();
}

void tst_Startup::start()
{
    m_library->store.reset();
    m_program = std::make_unique<Program>(
        *m_library,
        [this](const QString &choice, const services::Computing &,
               const std::stop_token &) -> Result<std::shared_ptr<vectors::Encoder>> {
            ++m_loads;
            m_pass->acquire();
            if (m_firstIsGone && choice == u"colours"_s)
                return fail(ErrorCode::CorruptData, "weights.bin ends too soon");
            return std::shared_ptr<vectors::Encoder>(m_library->encoder);
        });
}

void tst_Startup::showsThePhotosWhileTheModelIsLoaded()
{
    start();
    QVERIFY(m_program->window.isVisible());
    QTRY_COMPARE(m_program->rows(), 2);
    QTRY_COMPARE(m_loads.load(), 1);
    QVERIFY(label(u"changeText"_s)->isVisible());
    QVERIFY(label(u"changeText"_s)->text().startsWith(u"The model is being loaded"_s));
    QVERIFY(!m_program->window.findChild<QToolButton *>(u"cancelChangeButton"_s)->isVisible());
    QCOMPARE(label(u"modelLabel"_s)->text(), u"No model"_s);
    QVERIFY(!label(u"message"_s)->isVisible());

    m_pass->release();
    QTRY_VERIFY(!label(u"changeText"_s)->isVisible());
    QCOMPARE(label(u"modelLabel"_s)->text(), u"colours on cpu"_s);
    QCOMPARE(m_program->rows(), 2);
}

void tst_Startup::answersWhatWasAskedMeanwhile()
{
    start();
    QTRY_COMPARE(m_program->rows(), 2);
    const auto *matches = m_program->window.findChild<QListWidget *>(u"zeroShotList"_s);
    m_program->search()->setText(u"红"_s);
    m_program->search()->setText(u"蓝"_s);
    m_program->window.findChild<QLineEdit *>(u"zeroShotWords"_s)->setText(u"红、绿"_s);
    QTest::qWait(400); // The words are asked for when nobody types any more.
    QCOMPARE(matches->count(), 0);
    QVERIFY(!label(u"message"_s)->isVisible());

    m_pass->release();
    QTRY_COMPARE(label(u"heading"_s)->text(), u"“蓝” in All photos"_s);
    QCOMPARE(m_program->name(0), u"blue.png"_s);
    QTRY_COMPARE(matches->count(), 2);
    QVERIFY(!label(u"message"_s)->isVisible());
}

void tst_Startup::indexesWhatWasAddedMeanwhile()
{
    start();
    QTRY_COMPARE(m_program->rows(), 2);
    QVERIFY(m_library->paint(u"green.png"_s, Qt::green));
    m_program->indexer.update({m_library->path(u"green.png"_s)});
    QTRY_COMPARE(m_loads.load(), 1);
    QCOMPARE(m_program->rows(), 2);
    m_pass->release();
    QTRY_COMPARE(m_program->rows(), 3);
    m_program->search()->setText(u"绿"_s);
    QTRY_COMPARE(m_program->name(0), u"green.png"_s);
}

void tst_Startup::goesOnWithTheEmbeddingsOfAnEarlierVersion()
{
    FakeEncoder &model = *m_library->encoder;
    model.former = model.identity();
    model.model = '2';
    const int before = model.pictures;
    start();
    m_pass->release();
    QTRY_COMPARE(label(u"modelLabel"_s)->text(), u"colours on cpu"_s);
    QVERIFY(m_library->paint(u"green.png"_s, Qt::green));
    m_program->indexer.start();
    QTRY_COMPARE(m_program->rows(), 3);
    QCOMPARE(model.pictures - before, 1);
    m_program->search()->setText(u"蓝"_s);
    QTRY_COMPARE(m_program->name(0), u"blue.png"_s);
    QCOMPARE(model.formerCalls.load(), 1);
    const auto listed = vectors::listEmbeddings(m_library->data() / "embeddings");
    QCOMPARE(listed.size(), std::size_t{1});
    QCOMPARE(listed.front().identity, model.identity());
    QCOMPARE(listed.front().name, model.name());
    QCOMPARE(listed.front().count, 3);
}

void tst_Startup::goesOnWithThemWhileAnEarlierVersionRuns()
{
    FakeEncoder &model = *m_library->encoder;
    const auto embeddings = m_library->data() / "embeddings";
    auto earlier = vectors::EmbeddingStore::open(embeddings, model.identity(), model.dimension());
    model.former = model.identity();
    model.model = '2';
    const int before = model.pictures;
    start();
    m_pass->release();
    m_program->search()->setText(u"蓝"_s);
    QTRY_COMPARE(m_program->name(0), u"blue.png"_s);
    QCOMPARE(vectors::listEmbeddings(embeddings).front().identity, model.former);
    earlier = fail(ErrorCode::Internal, "closed");
    m_program->indexer.start();
    QTRY_COMPARE(vectors::listEmbeddings(embeddings).front().identity, model.identity());
    QVERIFY(m_library->paint(u"green.png"_s, Qt::green));
    m_program->indexer.start();
    QTRY_COMPARE(vectors::listEmbeddings(embeddings).front().count, 3);
    QCOMPARE(vectors::listEmbeddings(embeddings).size(), std::size_t{1});
    QCOMPARE(model.pictures - before, 1);
}

void tst_Startup::looksThroughTheLibraryOnce()
{
    QVERIFY(m_library->paint(u"green.png"_s, Qt::green)); // While no program ran.
    m_pass->release();
    start();
    QSignalSpy finished(&m_program->indexer, &services::Indexer::finished);
    QTRY_COMPARE(m_program->rows(), 3);
    QTRY_COMPARE(finished.size(), 1);
    QTest::qWait(1500);
    QCOMPARE(finished.size(), 1);
}

void tst_Startup::saysWhyThereIsNoModelAndTakesAnother()
{
    m_firstIsGone = true;
    start();
    m_pass->release();
    QTRY_VERIFY(label(u"message"_s)->isVisible());
    const QString told = label(u"message"_s)->text();
    QVERIFY2(told.contains(u"weights.bin ends too soon"_s) && told.contains(u"Models…"_s), qPrintable(told));
    QVERIFY(!label(u"changeText"_s)->isVisible());
    QTRY_COMPARE(m_program->rows(), 2);
    QSignalSpy labels(&m_program->librarian, &services::Librarian::labelsLoaded);
    m_program->librarian.addLabel(u"海"_s);
    QTRY_VERIFY(!labels.isEmpty() && labels.last().first().value<QList<Label>>().size() == 1);
    m_program->window.showMessage({});
    m_program->search()->setText(u"蓝"_s); // Nobody waits for an answer in vain.
    QCOMPARE(label(u"message"_s)->text(), told);

    m_program->models.use(u"another"_s);
    QVERIFY(!label(u"message"_s)->isVisible());
    QVERIFY(label(u"changeText"_s)->isVisible());
    m_pass->release();
    QTRY_COMPARE(label(u"modelLabel"_s)->text(), u"colours on cpu"_s);
    QTRY_COMPARE(m_program->name(0), u"blue.png"_s);
    QCOMPARE(m_program->settings.value(services::ModelSwitch::kModelKey).toString(), u"another"_s);
}

void tst_Startup::endsWhileTheModelIsLoaded()
{
    start();
    QTRY_COMPARE(m_loads.load(), 1);
    QVERIFY(m_program->window.close());
    m_pass->release();
    m_program.reset();
    m_library->openStore(); // Whole, and nobody's.
    QVERIFY(m_library->store && !m_library->store->isReadOnly());
    QCOMPARE(m_library->store->count(), 2);
}

QTEST_MAIN(tst_Startup)
#include "tst_startup.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/db/catalogue.h"
#include "core/services/model_switch.h"
#include "core/services/searcher.h"
#include "core/vectors/embedding_list.h"
#include "library.h"

#include <QElapsedTimer>
#include <QSettings>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <semaphore>
#include <stop_token>

using namespace yingxun;
using namespace yingxun::test;
using namespace Qt::StringLiterals;

namespace {

constexpr auto kTakesLong = std::chrono::seconds(10);
constexpr int kSoonMs = 2000;

/// Embeds pictures only as far as it is let.
class HeldEncoder : public FakeEncoder
{
public:
    Result<Embeddings> encodeImages(std::span<const std::uint8_t> rgb, int count) override
    {
        ++waiting;
        pass.acquire();
        pass.release(); // Once open, it stays open.
        if (small)
            left = true;
        return FakeEncoder::encodeImages(rgb, count);
    }

    std::string device() const override { return left ? "cpu" : FakeEncoder::device(); }

    std::atomic<int> waiting = 0;
    std::atomic<bool> small = false; ///< Its device has no memory for pictures, which it then leaves.
    std::atomic<bool> left = false;
    std::counting_semaphore<> pass{0};
};

} // namespace

class tst_ModelSwitch : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void searchesWithTheOldModelUntilTheNewOneIsReady();
    void keepsTheEmbeddingsOfBothAndGoesBackAtOnce();
    void embedsWhatChangesMeanwhileBeforeItSwitches();
    void canBeCancelled();
    void leavesEverythingAsItWasWhenAModelCannotBeLoaded();
    void leavesEverythingAsItWasWhenAModelCannotEmbed();
    void goesOnAtTheNextStart();
    void goesOverToAnotherDeviceWhileSearchesGoOn();
    void keepsOnlyWhatWasChosen();
    void leavesEverythingAsItWasWhenTheDeviceCannotLoadTheModel();
    void leavesEverythingAsItWasWhenTheDeviceCannotCompute_data();
    void leavesEverythingAsItWasWhenTheDeviceCannotCompute();
    void refusesAModelWhoseFilesWereReplaced();
    void goesOnWithTheOtherModelAfterItChangedTheDevice();
    void canGiveUpAnotherDevice();
    void loadsTheFirstModelBehindTheProgram();
    void goesOnWithAnInterruptedChangeAfterTheFirstModel();
    void keepsAnInterruptedChangeForAnotherStart();
    void takesAnotherModelWhenTheFirstCannotBeLoaded();
    void takesAnotherDeviceWhenTheFirstCannotLoadTheModel();
    void takesAnotherModelOnAnotherDevice();
    void stopsALoadThatNobodyWaitsFor_data();
    void stopsALoadThatNobodyWaitsFor();
    void stopsTheModelOfAChangeThatIsGivenUp_data();
    void stopsTheModelOfAChangeThatIsGivenUp();
    void neverStopsAModelInUse();

private:
    void open();                                                  ///< The program starts.
    void openUnloaded(const services::Computing &computing = {}); ///< Likewise, without a model.
    void open(const vectors::ModelWithEmbeddings &model, const services::Computing &with);
    /// The model in use on another device, which is held as the next one is.
    void prepareReload();
    Result<std::shared_ptr<vectors::Encoder>> waitsForItsEnd(const std::stop_token &stop);
    bool search();
    std::int64_t embeddings(const std::string &identity) const;

    std::unique_ptr<Library> m_library;
    std::shared_ptr<HeldEncoder> m_next;
    std::shared_ptr<HeldEncoder> m_onCard; ///< Null: there is no memory on the card.
    services::Computing m_asked;           ///< Of the last load.
    std::stop_token m_stop;                ///< The same.
    std::binary_semaphore m_isLoading{0};  ///< A load that takes long has begun,
    std::atomic<int> m_ended = 0;          ///< and has been stopped.
    bool m_firstIsGone = false;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<services::Indexer> m_indexer;
    std::unique_ptr<services::Searcher> m_searcher;
    std::unique_ptr<services::ModelSwitch> m_switch;
};

void tst_ModelSwitch::open()
{
    open({m_library->encoder, m_library->store}, {});
}

void tst_ModelSwitch::openUnloaded(const services::Computing &computing)
{
    m_switch.reset();
    m_searcher.reset();
    m_indexer.reset();
    m_library->store.reset(); // One writer at a time.
    open({}, computing);
}

void tst_ModelSwitch::open(const vectors::ModelWithEmbeddings &model, const services::Computing &with)
{
    m_indexer = std::make_unique<services::Indexer>(m_library->data(), model.encoder, model.store);
    m_searcher = std::make_unique<services::Searcher>(model.encoder, model.store);
    m_switch = std::make_unique<services::ModelSwitch>(
        m_library->data(), model, m_indexer.get(), m_searcher.get(), m_settings.get(),
        [this](const QString &choice, const services::Computing &computing,
               const std::stop_token &stop) -> Result<std::shared_ptr<vectors::Encoder>> {
            m_asked = computing;
            m_stop = stop;
            if (choice == u"slow"_s)
                return waitsForItsEnd(stop);
            if (m_firstIsGone && choice == u"first"_s)
                return fail(ErrorCode::NotFound, "the first model is gone");
            if (choice == u"first"_s && computing.device == u"card"_s) {
                if (m_onCard == nullptr)
                    return fail(ErrorCode::OutOfMemory, "the card is full");
                return std::shared_ptr<vectors::Encoder>(m_onCard);
            }
            if (choice == u"next"_s)
                return std::shared_ptr<vectors::Encoder>(m_next);
            if (choice == u"first"_s)
                return std::shared_ptr<vectors::Encoder>(m_library->encoder);
            return fail(ErrorCode::NotFound, "there is no such model");
        },
        u"first"_s, with);
}

void tst_ModelSwitch::init()
{
    m_firstIsGone = false;
    m_ended = 0;
    m_library = std::make_unique<Library>();
    m_next = std::make_shared<HeldEncoder>();
    m_next->model = '2';
    m_settings = std::make_unique<QSettings>(m_library->path(u"../settings.ini"_s), QSettings::IniFormat);
    QVERIFY(m_library->store && m_library->paint(u"red.png"_s, Qt::red) &&
            m_library->paint(u"blue.png"_s, Qt::blue));
    auto catalogue = db::Catalogue::open(m_library->data());
    QVERIFY(catalogue && catalogue->addFolder(m_library->folder().toStdString()));
    open();
    QVERIFY(Library::finish(*m_indexer, [this] { m_indexer->start(); }));
    QCOMPARE(m_library->store->count(), 2);
}

void tst_ModelSwitch::cleanup()
{
    m_next->pass.release(); // Else the indexer waits for it.
    if (m_onCard != nullptr)
        m_onCard->pass.release();
    m_switch.reset();
    m_searcher.reset();
    m_indexer.reset();
    m_onCard.reset();
}

void tst_ModelSwitch::prepareReload()
{
    m_onCard = std::make_shared<HeldEncoder>();
    m_onCard->runsOn = "card";
}

Result<std::shared_ptr<vectors::Encoder>> tst_ModelSwitch::waitsForItsEnd(const std::stop_token &stop)
{
    std::mutex mutex;
    std::condition_variable_any changed;
    std::unique_lock lock(mutex);
    m_isLoading.release();
    changed.wait_for(lock, stop, kTakesLong, [] { return false; });
    if (!stop.stop_requested())
        return fail(ErrorCode::Internal, "nobody has stopped it");
    ++m_ended;
    return fail(ErrorCode::Cancelled, "stopped");
}

/// Whether a search finds both photos.
bool tst_ModelSwitch::search()
{
    QSignalSpy found(m_searcher.get(), &services::Searcher::found);
    static int number = 0; // The searcher remembers the texts it has embedded.
    m_searcher->searchText(u"红%1"_s.arg(++number), 10);
    return found.wait() && found.first().first().value<services::SearchResult>().contents.size() == 2;
}

std::int64_t tst_ModelSwitch::embeddings(const std::string &identity) const
{
    const auto all = vectors::listEmbeddings(vectors::embeddingsFolder(m_library->data()));
    const auto one =
        std::find_if(all.begin(), all.end(), [&](const auto &each) { return each.identity == identity; });
    return one == all.end() ? -1 : one->count;
}

void tst_ModelSwitch::searchesWithTheOldModelUntilTheNewOneIsReady()
{
    QSignalSpy changing(m_switch.get(), &services::ModelSwitch::changing);
    QSignalSpy changed(m_switch.get(), &services::ModelSwitch::changed);
    m_switch->use(u"next"_s);
    QTRY_VERIFY(m_next->waiting > 0);
    QTRY_VERIFY(!changing.isEmpty() && changing.last()[2].toLongLong() == 2);
    QCOMPARE(changing.last()[0].toString(), u"colours"_s);
    QVERIFY(search());
    QCOMPARE(m_library->encoder->textCalls.load(), 1);
    QCOMPARE(m_next->textCalls.load(), 0);
    QVERIFY(changed.isEmpty());

    m_next->pass.release();
    QVERIFY(changed.wait());
    QCOMPARE(m_switch->encoder(), m_next);
    QCOMPARE(m_settings->value(services::ModelSwitch::kModelKey).toString(), u"next"_s);
    QVERIFY(!m_settings->contains(services::ModelSwitch::kNextKey));
    QVERIFY(search());
    QCOMPARE(m_library->encoder->textCalls.load(), 1);
    QCOMPARE(m_next->textCalls.load(), 1);

    // Indexing goes on with it, and the old one is let go.
    QTRY_VERIFY(m_indexer->progress().state == services::IndexProgress::State::Idle);
    QVERIFY(m_library->paint(u"green.png"_s, Qt::green));
    QVERIFY(Library::finish(*m_indexer, [this] { m_indexer->start(); }));
    QCOMPARE(embeddings(m_next->identity()), 3);
    QCOMPARE(m_library->store->count(), 2);
    QTRY_COMPARE(m_library->encoder.use_count(), 1L);
    QTRY_COMPARE(m_library->store.use_count(), 1L);
}

void tst_ModelSwitch::keepsTheEmbeddingsOfBothAndGoesBackAtOnce()
{
    QSignalSpy changed(m_switch.get(), &services::ModelSwitch::changed);
    m_next->pass.release();
    m_switch->use(u"next"_s);
    QVERIFY(changed.wait());
    QCOMPARE(embeddings(m_library->encoder->identity()), 2);
    QCOMPARE(embeddings(m_next->identity()), 2);
    m_library->store.reset(); // Its lock goes with it.
    m_switch->use(u"first"_s);
    QVERIFY(changed.wait());
    QCOMPARE(m_switch->encoder(), m_library->encoder);
    QCOMPARE(m_library->encoder->pictures.load(), 2); // Nothing a second time.
    QVERIFY(search());
}

void tst_ModelSwitch::embedsWhatChangesMeanwhileBeforeItSwitches()
{
    QSignalSpy changed(m_switch.get(), &services::ModelSwitch::changed);
    m_switch->use(u"next"_s);
    QTRY_VERIFY(m_next->waiting > 0);
    QVERIFY(m_library->paint(u"green.png"_s, Qt::green));
    QVERIFY(Library::finish(*m_indexer, [this] { m_indexer->update({m_library->path(u"green.png"_s)}); }));
    QCOMPARE(m_library->store->count(), 3);
    std::int64_t atTheSwitch = 0;
    connect(m_switch.get(), &services::ModelSwitch::changed, this,
            [&] { atTheSwitch = embeddings(m_next->identity()); });
    m_next->pass.release();
    QVERIFY(changed.wait());
    QCOMPARE(atTheSwitch, 3);
}

void tst_ModelSwitch::canBeCancelled()
{
    QSignalSpy changed(m_switch.get(), &services::ModelSwitch::changed);
    QSignalSpy cancelled(m_switch.get(), &services::ModelSwitch::cancelled);
    m_switch->use(u"next"_s);
    QTRY_VERIFY(m_next->waiting > 0);
    QVERIFY(m_settings->contains(services::ModelSwitch::kNextKey));
    m_switch->cancel();
    QCOMPARE(cancelled.size(), 1);
    QVERIFY(!m_settings->contains(services::ModelSwitch::kNextKey));
    m_next->pass.release();
    QTRY_COMPARE(m_next.use_count(), 1L); // Its memory is free again.
    QVERIFY(changed.isEmpty());
    QCOMPARE(m_switch->encoder(), m_library->encoder);
    QVERIFY(search());
    QCOMPARE(m_library->encoder->textCalls.load(), 1);
}

void tst_ModelSwitch::leavesEverythingAsItWasWhenAModelCannotBeLoaded()
{
    m_settings->setValue(services::ModelSwitch::kModelKey, u"first"_s);
    QSignalSpy failed(m_switch.get(), &services::ModelSwitch::failed);
    m_switch->use(u"nonsense"_s);
    QVERIFY(failed.wait());
    QCOMPARE(failed.first().first().value<Error>().message, std::string("there is no such model"));
    QCOMPARE(m_settings->value(services::ModelSwitch::kModelKey).toString(), u"first"_s);
    QVERIFY(!m_settings->contains(services::ModelSwitch::kNextKey));
    QVERIFY(search());
    QCOMPARE(m_library->encoder->textCalls.load(), 1);
}

void tst_ModelSwitch::leavesEverythingAsItWasWhenAModelCannotEmbed()
{
    QSignalSpy changed(m_switch.get(), &services::ModelSwitch::changed);
    QSignalSpy failed(m_switch.get(), &services::ModelSwitch::failed);
    m_next->gone = true;
    m_next->pass.release();
    m_switch->use(u"next"_s);
    QVERIFY(failed.wait());
    QVERIFY(!m_settings->contains(services::ModelSwitch::kNextKey));
    QTRY_COMPARE(m_next.use_count(), 1L);
    QVERIFY(changed.isEmpty());
    QVERIFY(search());
    QCOMPARE(m_library->encoder->textCalls.load(), 1);
}

void tst_ModelSwitch::goesOnAtTheNextStart()
{
    m_switch->use(u"next"_s);
    QTRY_VERIFY(m_next->waiting > 0);
    m_next->pass.release();
    m_switch.reset(); // The program ends in the middle of it.
    m_indexer.reset();
    m_searcher.reset();
    QCOMPARE(m_settings->value(services::ModelSwitch::kNextKey).toString(), u"next"_s);
    QVERIFY(!m_settings->contains(services::ModelSwitch::kModelKey));

    open();
    QSignalSpy changed(m_switch.get(), &services::ModelSwitch::changed);
    m_switch->resume();
    QVERIFY(search());
    QVERIFY(changed.wait());
    QCOMPARE(m_settings->value(services::ModelSwitch::kModelKey).toString(), u"next"_s);
    QCOMPARE(embeddings(m_next->identity()), 2);
    QVERIFY(search());
    QCOMPARE(m_next->textCalls.load(), 1);
}

void tst_ModelSwitch::goesOverToAnotherDeviceWhileSearchesGoOn()
{
    prepareReload();
    QSignalSpy changing(m_switch.get(), &services::ModelSwitch::changing);
    QSignalSpy changed(m_switch.get(), &services::ModelSwitch::changed);
    m_switch->reload({u"card"_s, u"bfloat16"_s});
    QTRY_VERIFY(m_onCard->waiting > 0);
    QCOMPARE(changing.first().first().toString(), u"colours"_s);
    QCOMPARE(m_switch->computing().device, u"card"_s);
    const int tried = m_onCard->textCalls;
    QVERIFY(search());
    QCOMPARE(m_library->encoder->textCalls.load(), 1);
    QCOMPARE(m_onCard->textCalls.load(), tried);
    QVERIFY(changed.isEmpty());
    QVERIFY(!m_settings->contains(services::ModelSwitch::kDeviceKey)); // Not before it runs.

    m_onCard->pass.release();
    QVERIFY(changed.wait());
    QCOMPARE(m_switch->encoder(), m_onCard);
    QVERIFY(m_asked == (services::Computing{u"card"_s, u"bfloat16"_s}));
    QCOMPARE(m_settings->value(services::ModelSwitch::kDeviceKey).toString(), u"card"_s);
    QCOMPARE(m_settings->value(services::ModelSwitch::kPrecisionKey).toString(), u"bfloat16"_s);
    QVERIFY(!m_settings->contains(services::ModelSwitch::kModelKey)); // It was not chosen.
    QVERIFY(search());
    QCOMPARE(m_library->encoder->textCalls.load(), 1);
    QCOMPARE(m_onCard->textCalls.load(), tried + 1);

    // What it has embedded stays, what is new comes from the card; and the old one is let go.
    QTRY_VERIFY(m_indexer->progress().state == services::IndexProgress::State::Idle);
    const int pictures = m_onCard->pictures;
    QVERIFY(m_library->paint(u"green.png"_s, Qt::green));
    QVERIFY(Library::finish(*m_indexer, [this] { m_indexer->start(); }));
    QCOMPARE(m_onCard->pictures.load(), pictures + 1);
    QCOMPARE(m_library->encoder->pictures.load(), 2);
    QCOMPARE(m_library->store->count(), 3);
    QTRY_COMPARE(m_library->encoder.use_count(), 1L);
}

void tst_ModelSwitch::keepsOnlyWhatWasChosen()
{
    m_settings->setValue(services::ModelSwitch::kDeviceKey, u"a card that is away today"_s);
    QSignalSpy changed(m_switch.get(), &services::ModelSwitch::changed);
    m_switch->reload({{}, u"bfloat16"_s});
    QVERIFY(changed.wait());
    QCOMPARE(m_settings->value(services::ModelSwitch::kDeviceKey).toString(), u"a card that is away today"_s);
    QCOMPARE(m_settings->value(services::ModelSwitch::kPrecisionKey).toString(), u"bfloat16"_s);
    m_switch->reload({});
    QVERIFY(changed.wait());
    QVERIFY(!m_settings->contains(services::ModelSwitch::kPrecisionKey));
}

void tst_ModelSwitch::leavesEverythingAsItWasWhenTheDeviceCannotLoadTheModel()
{
    QSignalSpy changed(m_switch.get(), &services::ModelSwitch::changed);
    QSignalSpy failed(m_switch.get(), &services::ModelSwitch::reloadFailed);
    m_switch->reload({u"card"_s, {}});
    QVERIFY(failed.wait());
    QCOMPARE(failed.first().first().value<Error>().message, std::string("the card is full"));
    QVERIFY(changed.isEmpty());
    QVERIFY(m_switch->computing() == services::Computing{});
    QVERIFY(!m_settings->contains(services::ModelSwitch::kDeviceKey));
    QCOMPARE(m_switch->encoder(), m_library->encoder);
    QVERIFY(search());
    QCOMPARE(m_library->encoder->textCalls.load(), 1);
}

void tst_ModelSwitch::leavesEverythingAsItWasWhenTheDeviceCannotCompute_data()
{
    QTest::addColumn<bool>("isSmall");
    QTest::newRow("it throws") << false;
    QTest::newRow("it has memory for the weights alone") << true;
}

void tst_ModelSwitch::leavesEverythingAsItWasWhenTheDeviceCannotCompute()
{
    QFETCH(const bool, isSmall);
    prepareReload();
    m_onCard->small = isSmall;
    m_onCard->gone = !isSmall;
    m_onCard->pass.release();
    QSignalSpy changed(m_switch.get(), &services::ModelSwitch::changed);
    QSignalSpy failed(m_switch.get(), &services::ModelSwitch::reloadFailed);
    m_switch->reload({u"card"_s, {}});
    QVERIFY(failed.wait());
    QCOMPARE(failed.first().first().value<Error>().code,
             isSmall ? ErrorCode::OutOfMemory : ErrorCode::Internal);
    QVERIFY(changed.isEmpty());
    QVERIFY(!m_settings->contains(services::ModelSwitch::kDeviceKey));
    QTRY_COMPARE(m_onCard.use_count(), 1L); // Its memory is free again.
    QVERIFY(search());
    QCOMPARE(m_library->encoder->textCalls.load(), 1);
}

void tst_ModelSwitch::refusesAModelWhoseFilesWereReplaced()
{
    prepareReload();
    m_onCard->model = '3';
    m_onCard->pass.release();
    QSignalSpy failed(m_switch.get(), &services::ModelSwitch::reloadFailed);
    m_switch->reload({u"card"_s, {}});
    QVERIFY(failed.wait());
    QCOMPARE(m_switch->encoder(), m_library->encoder); // The embeddings are not those of the other.
}

void tst_ModelSwitch::goesOnWithTheOtherModelAfterItChangedTheDevice()
{
    prepareReload();
    m_onCard->pass.release();
    QSignalSpy changed(m_switch.get(), &services::ModelSwitch::changed);
    m_switch->use(u"next"_s);
    QTRY_VERIFY(m_next->waiting > 0);
    m_switch->reload({u"card"_s, {}});
    QCOMPARE(m_settings->value(services::ModelSwitch::kNextKey).toString(), u"next"_s);
    m_next->pass.release();
    QTRY_COMPARE_WITH_TIMEOUT(changed.size(), 2, 20'000);
    QCOMPARE(m_switch->encoder(), m_next);
    QCOMPARE(m_asked.device, u"card"_s);
    QCOMPARE(embeddings(m_next->identity()), 2);
    QCOMPARE(m_settings->value(services::ModelSwitch::kDeviceKey).toString(), u"card"_s);
    QCOMPARE(m_settings->value(services::ModelSwitch::kModelKey).toString(), u"next"_s);
    QVERIFY(!m_settings->contains(services::ModelSwitch::kNextKey));
}

void tst_ModelSwitch::canGiveUpAnotherDevice()
{
    prepareReload();
    QSignalSpy changed(m_switch.get(), &services::ModelSwitch::changed);
    QSignalSpy cancelled(m_switch.get(), &services::ModelSwitch::cancelled);
    m_switch->reload({u"card"_s, {}});
    QTRY_VERIFY(m_onCard->waiting > 0);
    m_switch->use(u"next"_s); // Waits its turn.
    m_next->pass.release();
    m_switch->cancel();
    QCOMPARE(cancelled.size(), 1);
    m_onCard->pass.release();
    QVERIFY(changed.wait());
    QCOMPARE(m_switch->encoder(), m_next);
    QVERIFY(m_asked.device.isEmpty());
    QVERIFY(!m_settings->contains(services::ModelSwitch::kDeviceKey));
}

void tst_ModelSwitch::loadsTheFirstModelBehindTheProgram()
{
    openUnloaded();
    QVERIFY(m_switch->encoder() == nullptr);
    QVERIFY(m_library->paint(u"green.png"_s, Qt::green));
    QSignalSpy indexed(m_indexer.get(), &services::Indexer::finished);
    m_indexer->start();
    m_indexer->update({m_library->path(u"green.png"_s)});
    QCOMPARE(m_indexer->progress().state, services::IndexProgress::State::Idle);
    QSignalSpy changed(m_switch.get(), &services::ModelSwitch::changed);
    m_switch->start();
    QVERIFY(changed.wait());
    QCOMPARE(m_switch->encoder(), m_library->encoder);
    QVERIFY(!m_settings->contains(services::ModelSwitch::kModelKey)); // It was nobody's choice.
    QTRY_COMPARE(indexed.size(), 1);
    QCOMPARE(embeddings(m_library->encoder->identity()), 3);
}

void tst_ModelSwitch::goesOnWithAnInterruptedChangeAfterTheFirstModel()
{
    openUnloaded();
    m_settings->setValue(services::ModelSwitch::kNextKey, u"next"_s);
    m_switch->start();
    m_switch->resume();
    QCOMPARE(m_settings->value(services::ModelSwitch::kNextKey).toString(), u"next"_s);
    QTRY_VERIFY(m_next->waiting > 0);
    QVERIFY(search());
    QCOMPARE(m_library->encoder->textCalls.load(), 1);
    m_next->pass.release();
    QTRY_COMPARE(m_switch->encoder(), m_next);
}

void tst_ModelSwitch::keepsAnInterruptedChangeForAnotherStart()
{
    openUnloaded();
    m_settings->setValue(services::ModelSwitch::kNextKey, u"next"_s);
    QSignalSpy changed(m_switch.get(), &services::ModelSwitch::changed);
    m_switch->start(); // With a model that was named for this start.
    QVERIFY(changed.wait());
    QCOMPARE(m_settings->value(services::ModelSwitch::kNextKey).toString(), u"next"_s);
}

void tst_ModelSwitch::takesAnotherModelWhenTheFirstCannotBeLoaded()
{
    openUnloaded();
    m_firstIsGone = true;
    m_next->pass.release();
    QSignalSpy none(m_switch.get(), &services::ModelSwitch::noModel);
    QSignalSpy changed(m_switch.get(), &services::ModelSwitch::changed);
    m_indexer->start();
    m_switch->start();
    QVERIFY(none.wait());
    QCOMPARE(none.first().first().value<Error>().message, std::string("the first model is gone"));
    m_switch->use(u"nonsense"_s);
    QVERIFY(none.wait());
    QVERIFY(m_switch->encoder() == nullptr && changed.isEmpty());
    m_switch->use(u"next"_s);
    QVERIFY(changed.wait()); // At once: no other answers until the library is embedded.
    QCOMPARE(m_settings->value(services::ModelSwitch::kModelKey).toString(), u"next"_s);
    QTRY_COMPARE(embeddings(m_next->identity()), 2);
    QVERIFY(search());
}

void tst_ModelSwitch::takesAnotherDeviceWhenTheFirstCannotLoadTheModel()
{
    openUnloaded({u"card"_s, {}});
    QSignalSpy none(m_switch.get(), &services::ModelSwitch::noModel);
    QSignalSpy changed(m_switch.get(), &services::ModelSwitch::changed);
    m_switch->start();
    QVERIFY(none.wait());
    QCOMPARE(none.first().first().value<Error>().code, ErrorCode::OutOfMemory);
    m_switch->reload({u"cpu"_s, {}});
    QVERIFY(changed.wait());
    QCOMPARE(m_switch->encoder(), m_library->encoder);
    QCOMPARE(m_settings->value(services::ModelSwitch::kDeviceKey).toString(), u"cpu"_s);
    QVERIFY(search());
}

void tst_ModelSwitch::takesAnotherModelOnAnotherDevice()
{
    openUnloaded({u"card"_s, {}});
    QSignalSpy none(m_switch.get(), &services::ModelSwitch::noModel);
    QSignalSpy changed(m_switch.get(), &services::ModelSwitch::changed);
    m_switch->start();
    QVERIFY(none.wait());
    m_switch->use(u"next"_s);
    m_switch->reload({u"cpu"_s, {}}); // While it is being loaded.
    QVERIFY(changed.wait());
    QCOMPARE(m_switch->encoder()->identity(), m_next->identity());
    QCOMPARE(m_switch->computing().device, u"cpu"_s);
    QCOMPARE(m_settings->value(services::ModelSwitch::kModelKey).toString(), u"next"_s);
    QCOMPARE(m_settings->value(services::ModelSwitch::kDeviceKey).toString(), u"cpu"_s);
    QCOMPARE(none.size(), 1);
}

void tst_ModelSwitch::stopsALoadThatNobodyWaitsFor_data()
{
    QTest::addColumn<QString>("end");
    QTest::newRow("the program ends") << u"quit"_s;
    QTest::newRow("it is cancelled") << u"cancel"_s;
    QTest::newRow("another model is chosen") << u"use"_s;
    QTest::newRow("another device is chosen") << u"reload"_s;
}

void tst_ModelSwitch::stopsALoadThatNobodyWaitsFor()
{
    QFETCH(const QString, end);
    QSignalSpy changed(m_switch.get(), &services::ModelSwitch::changed);
    QSignalSpy cancelled(m_switch.get(), &services::ModelSwitch::cancelled);
    QSignalSpy failed(m_switch.get(), &services::ModelSwitch::failed);
    m_next->pass.release();
    m_switch->use(u"slow"_s);
    QVERIFY(m_isLoading.try_acquire_for(kTakesLong));
    QElapsedTimer timer;
    timer.start();
    if (end == u"quit"_s) {
        m_switch.reset();
        QCOMPARE(m_ended.load(), 1);
        QVERIFY(timer.elapsed() < kSoonMs);
        return;
    }
    if (end == u"cancel"_s)
        m_switch->cancel();
    else if (end == u"use"_s)
        m_switch->use(u"next"_s);
    else
        m_switch->reload({{}, u"bfloat16"_s}); // Goes on with the other model afterwards.
    QTRY_COMPARE(m_ended.load(), 1);
    QVERIFY(timer.elapsed() < kSoonMs);
    if (end == u"reload"_s) {
        QTRY_COMPARE(changed.size(), 1);
        QVERIFY(m_isLoading.try_acquire_for(kTakesLong));
        m_switch->cancel();
    } else if (end == u"use"_s) {
        QTRY_COMPARE(m_switch->encoder(), m_next);
    }
    QCOMPARE(cancelled.size(), end == u"use"_s ? 0 : 1);
    QVERIFY(failed.isEmpty()); // Nobody asked how it ended.
}

void tst_ModelSwitch::stopsTheModelOfAChangeThatIsGivenUp_data()
{
    QTest::addColumn<bool>("isTheEnd");
    QTest::newRow("it is cancelled") << false;
    QTest::newRow("the program ends") << true;
}

void tst_ModelSwitch::stopsTheModelOfAChangeThatIsGivenUp()
{
    QFETCH(const bool, isTheEnd);
    m_switch->use(u"next"_s);
    QTRY_VERIFY(m_next->waiting > 0);
    QVERIFY(!m_stop.stop_requested());
    if (isTheEnd) {
        m_next->pass.release(); // As an encoder that is stopped gives up its batch.
        m_switch.reset();
    } else {
        m_switch->cancel();
    }
    QVERIFY(m_stop.stop_requested());
}

void tst_ModelSwitch::neverStopsAModelInUse()
{
    QSignalSpy changed(m_switch.get(), &services::ModelSwitch::changed);
    m_next->pass.release();
    m_switch->use(u"next"_s);
    QVERIFY(changed.wait());
    const std::stop_token ofNext = m_stop;
    m_switch->reload({{}, u"bfloat16"_s});
    m_switch->cancel();
    m_switch.reset();
    QVERIFY(!ofNext.stop_requested());
}

QTEST_GUILESS_MAIN(tst_ModelSwitch)
#include "tst_model_switch.moc"

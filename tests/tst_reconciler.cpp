// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/db/catalogue.h"
#include "core/services/reconciler.h"
#include "library.h"

using namespace yingxun;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using services::Reconciler;
using services::SystemTimes;
using test::Library;

/// Repairs what watching has missed: here nobody watches.
class tst_Reconciler : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void findsWhatNobodyToldOf();
    void waitsAfterAnyCompleteLook();
    void looksOnceTheMachineHasSlept();
    void waitsForTheRunThatGoesOn();

private:
    void begin(std::chrono::milliseconds interval); ///< Reconciling, by a clock that the test sets.
    void pass(std::chrono::milliseconds time);      ///< While the machine is awake.
    bool leadsToARun();                             ///< A check, now.
    bool isRunning() const { return m_indexer->progress().state != services::IndexProgress::State::Idle; }

    std::unique_ptr<Library> m_library;
    std::unique_ptr<services::Indexer> m_indexer;
    std::unique_ptr<QSignalSpy> m_finished;
    std::unique_ptr<Reconciler> m_reconciler;
    SystemTimes m_now;
};

void tst_Reconciler::init()
{
    m_now = {1h, 1h};
    m_library = std::make_unique<Library>();
    QVERIFY(m_library->paint(u"red.png"_s, Qt::red));
    auto catalogue = db::Catalogue::open(m_library->data());
    const QString other = QDir::cleanPath(m_library->path(u"../other"_s));
    QVERIFY(QDir().mkpath(other));
    QVERIFY(catalogue && catalogue->addFolder(m_library->folder().toStdString()) &&
            catalogue->addFolder(other.toStdString()));
    m_indexer = std::make_unique<services::Indexer>(m_library->data(), m_library->encoder, m_library->store);
    QVERIFY(Library::finish(*m_indexer, [this] { m_indexer->start(); }));
    m_finished = std::make_unique<QSignalSpy>(m_indexer.get(), &services::Indexer::finished);
}

void tst_Reconciler::cleanup()
{
    m_reconciler.reset();
    m_finished.reset();
    m_indexer.reset();
}

void tst_Reconciler::begin(std::chrono::milliseconds interval)
{
    m_reconciler = std::make_unique<Reconciler>(m_indexer.get(), interval, [this] { return m_now; });
}

void tst_Reconciler::pass(std::chrono::milliseconds time)
{
    m_now.awake += time;
    m_now.total += time;
}

bool tst_Reconciler::leadsToARun()
{
    m_reconciler->check();
    return isRunning() && m_finished->wait(30'000);
}

void tst_Reconciler::findsWhatNobodyToldOf()
{
    m_reconciler = std::make_unique<Reconciler>(m_indexer.get(), 100ms);
    QVERIFY(m_library->paint(u"blue.png"_s, Qt::blue));
    QTRY_COMPARE(m_library->store->count(), 2);
}

void tst_Reconciler::waitsAfterAnyCompleteLook()
{
    begin(10h);
    QVERIFY(!leadsToARun());
    pass(9h);
    QVERIFY(Library::finish(*m_indexer, [this] { m_indexer->start(); }));
    pass(9h);
    QVERIFY(!leadsToARun());
    QVERIFY(Library::finish(*m_indexer, [this] { m_indexer->update({m_library->folder()}); }));
    pass(2h); // That was no look at all of it.
    QVERIFY(leadsToARun());
    pass(9h);
    QVERIFY(!leadsToARun());
}

void tst_Reconciler::looksOnceTheMachineHasSlept()
{
    begin(10h);
    QVERIFY(m_library->paint(u"blue.png"_s, Qt::blue));
    pass(1h);
    QVERIFY(!leadsToARun());
    m_now.total += 10s;
    QVERIFY(leadsToARun());
    QCOMPARE(m_library->store->count(), 2);
    QVERIFY(!leadsToARun());
}

void tst_Reconciler::waitsForTheRunThatGoesOn()
{
    begin(10h);
    QVERIFY(m_library->paint(u"blue.png"_s, Qt::blue));
    QVERIFY(Library::finish(*m_indexer, [this] {
        m_indexer->pause();
        m_indexer->update({m_library->path(u"blue.png"_s)});
        m_now.total += 8h;
        pass(11h);
        m_reconciler->check();
        m_indexer->resume();
    }));
    QVERIFY(!isRunning());  // It was not asked for while the other went on,
    QVERIFY(leadsToARun()); // but is after it.
}

QTEST_GUILESS_MAIN(tst_Reconciler)
#include "tst_reconciler.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ingest/inotify_tree.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <thread>

using namespace yingxun;
using namespace Qt::StringLiterals;
using Kind = ingest::TreeChange::Kind;
using Outcome = ingest::InotifyTree::Outcome;

class tst_InotifyTree : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void watchesAgainAfterChangesWereLost();
    void losesNothingMadeWhileItWalks();
    void stopsWhereWatchesRunOut();
    void keepsWhatAnInnerFolderNeeds();

private:
    bool make(const QString &name) const { return QDir(m_directory->path()).mkpath(name); }
    std::string path(const QString &name) const { return m_directory->filePath(name).toStdString(); }
    QStringList watched() const;
    std::vector<ingest::TreeChange> readAll();

    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<ingest::InotifyTree> m_tree;
    ingest::WalkRules m_rules;
};

void tst_InotifyTree::init()
{
    m_tree = std::make_unique<ingest::InotifyTree>();
    QVERIFY(m_tree->open());
    m_directory = std::make_unique<QTemporaryDir>();
    QVERIFY(make(u"a/b"_s));
    QVERIFY(make(u"c"_s));
    m_rules = {m_directory->path().toStdString(), ingest::Exclusions(ingest::defaultExclusions())};
}

/// Relative to the top, which is ".".
QStringList tst_InotifyTree::watched() const
{
    QStringList names;
    for (const std::string &directory : m_tree->directories())
        names.append(QDir(m_directory->path()).relativeFilePath(QString::fromStdString(directory)));
    names.sort();
    return names;
}

std::vector<ingest::TreeChange> tst_InotifyTree::readAll()
{
    std::vector<ingest::TreeChange> all;
    for (auto some = m_tree->read(); !some.empty(); some = m_tree->read())
        all.insert(all.end(), some.begin(), some.end());
    return all;
}

void tst_InotifyTree::watchesAgainAfterChangesWereLost()
{
    QCOMPARE(m_tree->watch(m_rules.root, m_rules, {}), Outcome::Watched);
    QCOMPARE(watched(), (QStringList{u"."_s, u"a"_s, u"a/b"_s, u"c"_s}));
    int most = 0;
    std::ifstream("/proc/sys/fs/inotify/max_queued_events") >> most;
    QVERIFY(most > 0);
    for (int i = 0; i < most; ++i) // Two events each time.
        std::rename(path(i % 2 == 0 ? u"c"_s : u"d"_s).c_str(), path(i % 2 == 0 ? u"d"_s : u"c"_s).c_str());
    QVERIFY(make(u"new/below"_s));
    QVERIFY(QDir(m_directory->filePath(u"a/b"_s)).removeRecursively());
    const auto changes = readAll();
    QVERIFY(std::any_of(changes.begin(), changes.end(),
                        [](const ingest::TreeChange &change) { return change.kind == Kind::Lost; }));
    QVERIFY(!watched().contains(u"new/below"_s));

    QCOMPARE(m_tree->watchAgain(m_rules, {}), Outcome::Watched);
    QCOMPARE(watched(),
             (QStringList{u"."_s, u"a"_s, most % 2 == 0 ? u"c"_s : u"d"_s, u"new"_s, u"new/below"_s}));
    readAll();
    std::ofstream(path(u"new/below/x.jpg"_s)).put('x');
    const auto heard = readAll();
    QVERIFY(std::any_of(heard.begin(), heard.end(), [this](const ingest::TreeChange &change) {
        return change.kind == Kind::File && change.path == path(u"new/below/x.jpg"_s);
    }));
}

void tst_InotifyTree::losesNothingMadeWhileItWalks()
{
    // Something makes directories all the time; whatever the walk does not meet has to be told of.
    for (int i = 0; i < 200; ++i)
        QVERIFY(make(u"a/%1"_s.arg(i)));
    std::thread maker([this] {
        for (int i = 0; i < 2000; ++i)
            make(u"a/%1/late%2"_s.arg(i % 200).arg(i));
    });
    QCOMPARE(m_tree->watch(m_rules.root, m_rules, {}), Outcome::Watched);
    maker.join();
    for (const ingest::TreeChange &change : readAll()) {
        if (change.kind == Kind::Directory)
            QCOMPARE(m_tree->watch(change.path, m_rules, {}), Outcome::Watched);
    }
    QCOMPARE(watched().size(), 4 + 200 + 2000);
}

void tst_InotifyTree::stopsWhereWatchesRunOut()
{
    ingest::InotifyTree few(2);
    QVERIFY(few.open());
    QCOMPARE(few.watch(m_rules.root, m_rules, {}), Outcome::OutOfWatches);
    std::stop_source stop;
    stop.request_stop();
    QCOMPARE(m_tree->watch(m_rules.root, m_rules, stop.get_token()), Outcome::Stopped);
}

void tst_InotifyTree::keepsWhatAnInnerFolderNeeds()
{
    QVERIFY(make(u".hidden/inside"_s)); // Excluded, unless somebody adds it.
    const ingest::WalkRules inner{path(u".hidden"_s), m_rules.exclusions};
    QCOMPARE(m_tree->watchAgain(inner, {}), Outcome::Watched);
    QCOMPARE(m_tree->watchAgain(m_rules, {}), Outcome::Watched);
    QVERIFY(watched().contains(u".hidden/inside"_s));
}

QTEST_GUILESS_MAIN(tst_InotifyTree)
#include "tst_inotify_tree.moc"

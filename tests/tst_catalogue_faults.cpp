// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/db/catalogue.h"
#include "tests/support/failing_vfs.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <optional>
#include <tuple>

using namespace Qt::StringLiterals;
using namespace yingxun;
using db::Catalogue;
using test::Fault;
using test::g_sqliteFaults;

namespace {

constexpr int kMostCalls = 2000; // More than any of these operations makes.

/// Something that changes a catalogue.
using Change = std::function<Result<void>(Catalogue &)>;

ContentHash content(int number)
{
    ContentHash hash;
    hash.bytes[0] = std::uint8_t(number);
    return hash;
}

Photo photo(int path, int contentNumber)
{
    Photo photo;
    photo.folder = {1};
    photo.path = "/p/" + std::to_string(path);
    photo.hash = content(contentNumber);
    photo.width = photo.height = 100;
    return photo;
}

template<typename T>
Result<void> withoutValue(const Result<T> &result)
{
    return result ? Result<void>() : Result<void>(result.propagate());
}

/// Everything that these tests change, in user.db and in cache.db.
struct State {
    using User = std::tuple<std::map<std::string, std::vector<int>>, std::map<int, int>,
                            std::vector<std::string>, std::vector<std::string>>;
    using Cache = std::vector<std::pair<std::string, std::pair<int, bool>>>;
    User user;   ///< Contents by label, stars by content, folders, exclusions.
    Cache cache; ///< Path, content and whether it has a thumbnail.
    friend bool operator==(const State &, const State &) = default;
};

State stateOf(Catalogue &catalogue)
{
    State state;
    auto &[labels, stars, folders, exclusions] = state.user;
    const auto numbers = [](const std::vector<ContentHash> &hashes) {
        std::vector<int> result;
        for (const ContentHash &hash : hashes)
            result.push_back(hash.bytes[0]);
        std::sort(result.begin(), result.end());
        return result;
    };
    const auto allLabels = catalogue.labels();
    for (const Label &label : allLabels.value())
        labels[label.name] = numbers(catalogue.contentsWithLabel(label.id).value());
    const auto ratings = catalogue.ratings();
    for (const auto &[hash, count] : ratings.value())
        stars[hash.bytes[0]] = count;
    const auto allFolders = catalogue.folders();
    for (const Folder &folder : allFolders.value())
        folders.push_back(folder.path);
    exclusions = catalogue.exclusions().value().value_or(std::vector<std::string>{"default"});
    const auto photos = catalogue.photosWithin("/p");
    for (const Photo &one : photos.value())
        state.cache.emplace_back(one.path,
                                 std::pair(int{one.hash.bytes[0]}, catalogue.hasThumbnail(one.hash).value()));
    return state;
}

/// Of all databases and what SQLite has on the disk beside them.
void copyFiles(const QTemporaryDir &from, const QTemporaryDir &to)
{
    for (const QString &name : QDir(from.path()).entryList(QDir::Files)) {
        if (!name.endsWith(u"-shm"_s)) // Made anew by whoever comes first.
            QFile::copy(from.filePath(name), to.filePath(name));
    }
}

/// What the next start finds if the program is killed at this moment.
std::optional<State> stateAfterKill(const QTemporaryDir &data)
{
    const QTemporaryDir copy;
    copyFiles(data, copy);
    auto catalogue = Catalogue::open(copy.path().toStdString());
    return catalogue ? std::optional(stateOf(*catalogue)) : std::nullopt;
}

Catalogue opened(const QTemporaryDir &data)
{
    auto catalogue = Catalogue::open(data.path().toStdString());
    if (!catalogue)
        qFatal("%s", catalogue.error().message.c_str());
    return *std::move(catalogue);
}

/// Label 1 "old" on content 1, content 2 with two stars; /p/1 to /p/3 with contents 1 to 3.
void fill(Catalogue &catalogue)
{
    if (!catalogue.addFolder("/p") || !catalogue.addLabel("old") ||
        !catalogue.assignLabel({1}, std::array{content(1)}) ||
        !catalogue.setRatings(std::array{Rating{content(2), 2}}) ||
        !catalogue.putPhotos(std::array{photo(1, 1), photo(2, 2), photo(3, 3)}) ||
        !catalogue.putThumbnail(content(1), std::array{std::byte{1}}))
        qFatal("cannot make a catalogue");
}

void addRow(const char *name, const Change &change)
{
    for (const auto &[kind, fault] :
         {std::pair("once", Fault::Once), std::pair("full", Fault::Full), std::pair("short", Fault::Short)})
        QTest::addRow("%s, %s", name, kind) << fault << change;
}

} // namespace

Q_DECLARE_METATYPE(yingxun::test::Fault)
Q_DECLARE_METATYPE(Change)

class tst_CatalogueFaults : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { test::useFailingVfs(); }
    void makesACatalogue_data();
    void makesACatalogue();
    void changesAllOrNothing_data();
    void changesAllOrNothing();
    void losesNothingWhenClosing_data() { makesACatalogue_data(); }
    void losesNothingWhenClosing();
};

void tst_CatalogueFaults::makesACatalogue_data()
{
    QTest::addColumn<Fault>("fault");
    QTest::newRow("once") << Fault::Once;
    QTest::newRow("full") << Fault::Full;
    QTest::newRow("short") << Fault::Short;
}

void tst_CatalogueFaults::makesACatalogue()
{
    QFETCH(const Fault, fault);
    bool untouched = false;
    for (int call = 1; !untouched; ++call) {
        QVERIFY(call < kMostCalls);
        const QTemporaryDir data;
        g_sqliteFaults.arm(call, fault);
        {
            const auto catalogue = Catalogue::open(data.path().toStdString());
            g_sqliteFaults.disarm();
            untouched = !g_sqliteFaults.hasStruck();
            QVERIFY(catalogue || !untouched);
            QVERIFY2(catalogue || catalogue.error().code == ErrorCode::Io,
                     qPrintable(u"call %1: "_s.arg(call) +
                                QString::fromStdString(catalogue ? "" : catalogue.error().message)));
        }
        auto catalogue = opened(data);
        QVERIFY(stateOf(catalogue) == (State{{{}, {}, {}, {"default"}}, {}}));
        fill(catalogue);
        QVERIFY(QDir(data.path()).entryList({u"*.broken*"_s, u"*.damaged"_s}).isEmpty());
    }
}

void tst_CatalogueFaults::changesAllOrNothing_data()
{
    QTest::addColumn<Fault>("fault");
    QTest::addColumn<Change>("change");
    addRow("label", [](Catalogue &c) { return withoutValue(c.addLabel("new")); });
    addRow("name of a label", [](Catalogue &c) { return c.renameLabel({1}, "new"); });
    addRow("no label", [](Catalogue &c) { return c.removeLabel({1}); });
    addRow("labelled", [](Catalogue &c) {
        return withoutValue(c.assignLabel({1}, std::array{content(1), content(2), content(3), content(4)}));
    });
    addRow("stars", [](Catalogue &c) {
        return withoutValue(
            c.setRatings(std::array{Rating{content(1), 1}, Rating{content(2), 0}, Rating{content(3), 3}}));
    });
    addRow("exclusions", [](Catalogue &c) {
        return c.setExclusions(std::vector<std::string>{"one", "two"});
    });
    addRow("folder", [](Catalogue &c) { return withoutValue(c.addFolder("/q")); });
    addRow("photos", [](Catalogue &c) { return c.putPhotos(std::array{photo(4, 4), photo(5, 5)}); });
    addRow("edited photos", [](Catalogue &c) { return c.putPhotos(std::array{photo(1, 6), photo(2, 7)}); });
    addRow("no photos", [](Catalogue &c) { return c.removePhotos(std::array{PhotoId{1}, PhotoId{2}}); });
    addRow("thumbnails", [](Catalogue &c) {
        const std::vector<std::byte> large(20'000, std::byte{7});
        return c.putThumbnails(std::array{Thumbnail{content(2), large}, Thumbnail{content(3), large}});
    });
    addRow("no folder", [](Catalogue &c) { return c.removeFolder({1}); });
}

void tst_CatalogueFaults::changesAllOrNothing()
{
    QFETCH(const Fault, fault);
    QFETCH(const Change, change);
    const QTemporaryDir filled;
    const QTemporaryDir changed;
    State before;
    State after;
    {
        auto catalogue = opened(filled);
        fill(catalogue);
        before = stateOf(catalogue);
    }
    copyFiles(filled, changed);
    {
        auto catalogue = opened(changed);
        QVERIFY(change(catalogue));
        after = stateOf(catalogue);
    }
    QVERIFY(before != after);
    bool untouched = false;
    for (int call = 1; !untouched; ++call) {
        QVERIFY(call < kMostCalls);
        const QTemporaryDir data;
        copyFiles(filled, data);
        auto catalogue = std::optional(opened(data));
        g_sqliteFaults.arm(call, fault);
        const auto done = change(*catalogue);
        g_sqliteFaults.disarm();
        untouched = !g_sqliteFaults.hasStruck();
        const State left = stateOf(*catalogue);
        const auto killed = stateAfterKill(data);

        const auto again = change(*catalogue); // The same connection goes on once there is room.
        QVERIFY2(again, qPrintable(u"call %1"_s.arg(call)));
        QVERIFY2(stateOf(*catalogue) == after, qPrintable(u"call %1"_s.arg(call)));
        catalogue.reset();
        auto reopened = opened(data);
        QVERIFY(stateOf(reopened) == after);

        QVERIFY(done || !untouched);
        QVERIFY(done || done.error().code == ErrorCode::Io);
        QVERIFY(killed);
        for (const State &state : {left, *killed}) {
            QVERIFY2(state.user == after.user || (!done && state.user == before.user),
                     qPrintable(u"call %1"_s.arg(call)));
            QVERIFY2(state.cache == after.cache || (!done && state.cache == before.cache),
                     qPrintable(u"call %1"_s.arg(call)));
        }
        QVERIFY(QDir(data.path()).entryList({u"*.broken*"_s, u"*.damaged"_s}).isEmpty());
    }
}

void tst_CatalogueFaults::losesNothingWhenClosing()
{
    QFETCH(const Fault, fault);
    bool untouched = false;
    for (int call = 1; !untouched; ++call) {
        QVERIFY(call < kMostCalls);
        const QTemporaryDir data;
        auto catalogue = std::optional(opened(data));
        fill(*catalogue);
        const State before = stateOf(*catalogue);
        g_sqliteFaults.arm(call, fault);
        catalogue.reset();
        g_sqliteFaults.disarm();
        untouched = !g_sqliteFaults.hasStruck();
        catalogue = opened(data);
        QVERIFY2(stateOf(*catalogue) == before, qPrintable(u"call %1"_s.arg(call)));
        QVERIFY(QDir(data.path()).entryList({u"*.broken*"_s, u"*.damaged"_s}).isEmpty());
    }
}

QTEST_GUILESS_MAIN(tst_CatalogueFaults)
#include "tst_catalogue_faults.moc"

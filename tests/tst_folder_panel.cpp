// SPDX-License-Identifier: GPL-3.0-or-later
#include "places.h"
#include "ui/folder_panel.h"

#include <QTest>

#include <random>

using namespace yingxun;
using namespace Qt::StringLiterals;

class tst_FolderPanel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void countsWhatLiesBelow();
    void showsTheSameHoweverItCameAbout();
    void keepsWhatIsOpenAndChosen();
};

namespace {

Photo photo(const std::string &path)
{
    Photo one;
    one.path = path;
    return one;
}

void dump(const QTreeWidgetItem *item, int depth, QStringList &lines)
{
    lines.append(QString(depth, u' ') + item->text(0) + u' ' + item->text(1));
    for (int i = 0; i < item->childCount(); ++i)
        dump(item->child(i), depth + 1, lines);
}

QStringList shown(const ui::FolderPanel &panel)
{
    QStringList lines;
    for (int i = 0; i < panel.topLevelItemCount(); ++i)
        dump(panel.topLevelItem(i), 0, lines);
    return lines;
}

const QList<Folder> kFolders{{{1}, "/p"}, {{2}, "/p/3"}, {{3}, "/q"}};

} // namespace

void tst_FolderPanel::countsWhatLiesBelow()
{
    ui::FolderPanel panel;
    panel.setFolders(kFolders);
    panel.setLibrary(*test::snapshotOf({photo("/p/1.jpg"), photo("/p/b/2.jpg"), photo("/p/a/x/3.jpg"),
                                        photo("/p/a/x/4.jpg"), photo("/p/3/5.jpg"), photo("/p/a-/6.jpg")}));
    QCOMPARE(shown(panel), QStringList({u"All photos 6"_s, u"p 6"_s, u" 3 1"_s, u" a 2"_s, u"  x 2"_s,
                                        u" a- 1"_s, u" b 1"_s, u"3 1"_s, u"q 0"_s}));
    Problem problem;
    panel.setProblems({problem, problem});
    QCOMPARE(shown(panel).last(), u"Unreadable files 2"_s);
    panel.setProblems({});
    QCOMPARE(shown(panel).last(), u"q 0"_s);
}

void tst_FolderPanel::showsTheSameHoweverItCameAbout()
{
    std::mt19937 random(3);
    ui::FolderPanel panel;
    panel.setFolders(kFolders);
    library::Snapshot index = test::snapshotOf({photo("/p/1.jpg")});
    panel.setLibrary(*index);
    std::int64_t next = 2;
    for (int step = 0; step < 200; ++step) {
        std::vector<library::PhotoChange> changes;
        const int added = random() % 25 == 0 ? 300 : int(random() % 4); // Now and then, many directories.
        for (int i = 0; i < added; ++i) {
            Photo one = photo((random() % 3 == 0 ? "/q/" : "/p/") + std::to_string(random() % 9) + '/' +
                              std::to_string(random() % 9) + "/1.jpg");
            one.id = {next++};
            changes.push_back({one.id, one});
        }
        for (std::int64_t id = 1; id < next - added; ++id) {
            if (random() % 20 == 0 || step == 150) // Once all go.
                changes.push_back({{id}, {}});
        }
        std::sort(changes.begin(), changes.end(), [](const auto &a, const auto &b) { return a.id < b.id; });
        index = index->with(changes);
        panel.setLibrary(*index);
        ui::FolderPanel fresh;
        fresh.setFolders(kFolders);
        fresh.setLibrary(*index);
        QCOMPARE(shown(panel), shown(fresh));
    }
    QVERIFY(index->size() > 0);
}

void tst_FolderPanel::keepsWhatIsOpenAndChosen()
{
    ui::FolderPanel panel;
    panel.setFolders(kFolders);
    panel.show();
    std::vector<Photo> photos{photo("/p/a/1.jpg"), photo("/p/a/b/2.jpg")};
    panel.setLibrary(*test::snapshotOf(photos));
    QTreeWidgetItem *a = panel.topLevelItem(1)->child(0);
    panel.topLevelItem(1)->setExpanded(true);
    a->setExpanded(true);
    panel.setCurrentItem(a->child(0));
    for (int i = 0; i < 60; ++i) // Made anew.
        photos.push_back(photo("/p/a/c" + std::to_string(i) + "/3.jpg"));
    panel.setLibrary(*test::snapshotOf(photos));
    a = panel.topLevelItem(1)->child(0);
    QCOMPARE(a->childCount(), 61);
    QVERIFY(panel.topLevelItem(1)->isExpanded() && a->isExpanded());
    QVERIFY(!a->child(0)->isExpanded());
    QCOMPARE(panel.currentItem(), a->child(0));
    // Moved within what is open: it is the same item still.
    library::Snapshot index = test::snapshotOf(photos);
    Photo moved = index->photo(0);
    moved.path = "/p/a/z/1.jpg";
    Photo gone = index->photo(1);
    gone.path = "/p/a/z/2.jpg";
    std::vector<library::PhotoChange> changes{{moved.id, moved}, {gone.id, gone}};
    for (std::int64_t id = 3; id <= index->size(); ++id)
        changes.push_back({{id}, {}});
    for (std::size_t i = 2; i < 40; ++i) { // Few enough to be touched one by one.
        index = index->with(std::array{changes[i]});
        panel.setLibrary(*index);
    }
    index = index->with(changes);
    panel.setLibrary(*index);
    QCOMPARE(panel.topLevelItem(1)->child(0), a);
    QVERIFY(a->isExpanded());
    QCOMPARE(a->childCount(), 1);
    panel.setFolders({kFolders[2]});
    QCOMPARE(panel.currentItem()->text(0), u"All photos"_s);
}

QTEST_MAIN(tst_FolderPanel)
#include "tst_folder_panel.moc"

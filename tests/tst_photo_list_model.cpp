// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/moment_key.h"
#include "core/services/thumbnail_source.h"
#include "places.h"
#include "ui/photo_grid.h"
#include "ui/photo_list_model.h"

#include <QAbstractItemModelTester>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

#include <numeric>

using namespace yingxun;
using namespace Qt::StringLiterals;

namespace {

class FakeThumbnails : public services::ThumbnailSource
{
public:
    void request(const Photo &photo) override
    {
        asked.append(photo.id.value);
        contents.insert(photo.id.value, photo.hash);
    }
    void forgetPending() override { ++forgotten; }
    void requestLarge(const Photo &, int) override {}
    void answer(qint64 photo, const QColor &colour)
    {
        QImage image(16, 16, QImage::Format_RGB32);
        image.fill(colour);
        Q_EMIT ready({photo}, contents.value(photo), colour.isValid() ? image : QImage());
    }

    QList<qint64> asked;
    QHash<qint64, ContentHash> contents; ///< As they were last asked for.
    int forgotten = 0;
};

ui::Listing listing(int photos)
{
    std::vector<Photo> all;
    for (int i = 0; i < photos; ++i) {
        Photo photo;
        photo.path = "/photos/" + std::to_string(i) + ".jpg";
        photo.hash.bytes[0] = std::uint8_t(i);
        photo.hash.bytes[1] = std::uint8_t(i >> 8);
        photo.hash.bytes[2] = std::uint8_t(i >> 16);
        all.push_back(photo);
    }
    std::vector<library::Row> rows(all.size());
    std::iota(rows.begin(), rows.end(), library::Row{0});
    ui::Listing out;
    out.library = test::snapshotOf(std::move(all));
    out.photos = std::make_shared<const std::vector<library::Row>>(std::move(rows));
    return out;
}

} // namespace

class tst_PhotoListModel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void asksForAThumbnailOnlyWhenPainted();
    void repaintsTheOneRowThatArrived();
    void doesNotAskAgainForABrokenFile();
    void takesNoThumbnailOfWhatAFileWasBefore();
    void showsScores();
    void saysWhyAPhotoIsWhereItIs();
    void showsTheMomentThatFits();
    void aScrolledGridMayBecomeEmpty();
    void asksOnlyForWhatIsInSightOfAHundredThousand();
};

void tst_PhotoListModel::asksForAThumbnailOnlyWhenPainted()
{
    FakeThumbnails source;
    ui::PhotoListModel model(&source, 1024);
    new QAbstractItemModelTester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest, &model);
    model.show(listing(3));
    source.asked.clear(); // The tester reads every role of the first row.
    QCOMPARE(model.index(1).data().toString(), u"1.jpg"_s);
    QVERIFY(source.asked.isEmpty());
    model.index(1).data(Qt::DecorationRole);
    model.index(1).data(Qt::DecorationRole);
    QCOMPARE(source.asked, QList<qint64>{2});
}

void tst_PhotoListModel::repaintsTheOneRowThatArrived()
{
    FakeThumbnails source;
    ui::PhotoListModel model(&source, 1024);
    model.show(listing(3));
    model.index(2).data(Qt::DecorationRole);
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    source.answer(3, Qt::red);
    QCOMPARE(changed.size(), 1);
    QCOMPARE(changed[0][0].toModelIndex(), model.index(2));
    QCOMPARE(model.index(2).data(Qt::DecorationRole).value<QPixmap>().toImage().pixelColor(0, 0),
             QColor(Qt::red));
    source.answer(1, Qt::red); // Nobody asked for it.
    QCOMPARE(changed.size(), 1);
}

void tst_PhotoListModel::doesNotAskAgainForABrokenFile()
{
    FakeThumbnails source;
    ui::PhotoListModel model(&source, 1024);
    model.show(listing(1));
    model.index(0).data(Qt::DecorationRole);
    source.answer(1, QColor());
    source.asked.clear();
    model.index(0).data(Qt::DecorationRole);
    QVERIFY(source.asked.isEmpty());
    QVERIFY(model.index(0).data(ui::PhotoListModel::BrokenRole).toBool());
}

void tst_PhotoListModel::takesNoThumbnailOfWhatAFileWasBefore()
{
    FakeThumbnails source;
    ui::PhotoListModel model(&source, 1024);
    ui::Listing before = listing(1);
    model.show(before);
    model.index(0).data(Qt::DecorationRole);
    const ContentHash old = source.contents.value(1);
    Photo edited = before.library->photo(0);
    edited.hash.bytes[5] = 1;
    before.library = before.library->with(std::array{library::PhotoChange{edited.id, edited}});
    model.show(before);
    model.index(0).data(Qt::DecorationRole);
    QCOMPARE(source.asked, QList<qint64>({1, 1}));
    QImage image(16, 16, QImage::Format_RGB32);
    image.fill(Qt::red);
    Q_EMIT source.ready({1}, old, image);
    QVERIFY(model.index(0).data(Qt::DecorationRole).value<QPixmap>().isNull());
    source.answer(1, Qt::blue);
    QCOMPARE(model.index(0).data(Qt::DecorationRole).value<QPixmap>().toImage().pixelColor(0, 0),
             QColor(Qt::blue));
}

void tst_PhotoListModel::showsScores()
{
    FakeThumbnails source;
    ui::PhotoListModel model(&source, 1024);
    ui::Listing two = listing(2);
    two.photos = std::make_shared<const std::vector<library::Row>>(std::vector<library::Row>{1, 0});
    two.scores = {0.5F, 0.25F};
    two.kind = ui::Listing::Score::Probability;
    model.show(two);
    QCOMPARE(model.id(0).value, 2);
    QVERIFY(model.index(0).data(ui::PhotoListModel::ScoreTextRole).toString().contains(u"50"_s));
}

void tst_PhotoListModel::saysWhyAPhotoIsWhereItIs()
{
    FakeThumbnails source;
    ui::PhotoListModel model(&source, 1024);
    const auto toolTip = [&model](int row) { return model.index(row).data(Qt::ToolTipRole).toString(); };
    ui::Listing two = listing(2);
    model.show(two);
    QVERIFY(!toolTip(0).contains(u"Similarity"_s));
    two.kind = ui::Listing::Score::Similarity;
    two.scores = {0.5F, 0.25F};
    two.relevances = {0.875F, 0.1F};
    model.show(two);
    QVERIFY2(toolTip(0).contains(u"\nSimilarity 0.50, relevance 88%"_s), qPrintable(toolTip(0)));
    two.relevances.clear();
    two.parts = QStringList{u"狗"_s, u"雪"_s};
    two.partScores = {{0.75F, -0.25F}, {}};
    model.show(two);
    QVERIFY2(toolTip(0).contains(u"\nSimilarity 0.50, of it 狗: 0.75; 雪: -0.25"_s), qPrintable(toolTip(0)));
    QVERIFY(!toolTip(1).contains(u"Similarity"_s)); // It has left the store meanwhile.
}

void tst_PhotoListModel::showsTheMomentThatFits()
{
    FakeThumbnails source;
    ui::PhotoListModel model(&source, 1024);
    ui::Listing two = listing(2);
    two.moments = {61'000, -1};
    model.show(two);
    for (int row = 0; row < 2; ++row)
        model.index(row).data(Qt::DecorationRole);
    const ContentHash film = model.photo(0).hash;
    QVERIFY(source.contents.value(model.id(0).value) == momentKey(film, 61'000));
    QVERIFY(source.contents.value(model.id(1).value) == model.photo(1).hash);
    source.answer(model.id(0).value, Qt::red);
    QCOMPARE(model.index(0).data(Qt::DecorationRole).value<QPixmap>().toImage().pixelColor(0, 0),
             QColor(Qt::red));
    QCOMPARE(model.index(0).data(ui::PhotoListModel::MomentTextRole).toString(), u"1:01"_s);
    QVERIFY(model.index(0).data(Qt::ToolTipRole).toString().contains(u"1:01"));
    QCOMPARE(model.index(1).data(ui::PhotoListModel::MomentTextRole).toString(), QString());
    model.setMarks({{momentKey(film, 61'000)}, {}}); // This scene is right, not the video.
    QCOMPARE(model.index(0).data(ui::PhotoListModel::MarkRole).toString(), u"▲"_s);
    model.setMarks({{film}, {}});
    QCOMPARE(model.index(0).data(ui::PhotoListModel::MarkRole).toString(), QString());
    // Among all photos again it stands for itself.
    model.show(listing(2));
    QVERIFY(model.index(0).data(Qt::DecorationRole).isNull());
    QVERIFY(source.contents.value(model.id(0).value) == film);
}

void tst_PhotoListModel::aScrolledGridMayBecomeEmpty()
{
    FakeThumbnails source;
    ui::PhotoListModel model(&source, 1024);
    ui::PhotoGrid grid(&model);
    grid.resize(600, 400);
    grid.show();
    QVERIFY(QTest::qWaitForWindowExposed(&grid));
    model.show(listing(500));
    QTRY_VERIFY(grid.verticalScrollBar()->maximum() > 0);
    grid.verticalScrollBar()->setValue(grid.verticalScrollBar()->maximum());
    grid.hide(); // As where a sentence takes its place: the scroll bar stays where it was.
    model.show(listing(0));
    QVERIFY(grid.verticalScrollBar()->value() > 0);
    grid.rememberPlace();
    model.show(listing(3));
    grid.restorePlace(true);
    QVERIFY(grid.selectedPhotos().isEmpty());
}

void tst_PhotoListModel::asksOnlyForWhatIsInSightOfAHundredThousand()
{
    FakeThumbnails source;
    ui::PhotoListModel model(&source, 64 * 1024);
    ui::PhotoGrid grid(&model);
    grid.resize(1000, 800);
    grid.show();
    QVERIFY(QTest::qWaitForWindowExposed(&grid));
    model.show(listing(100'000));
    QTRY_VERIFY(!source.asked.isEmpty());
    QVERIFY(source.asked.size() < 100);
    source.asked.clear();
    grid.verticalScrollBar()->setValue(grid.verticalScrollBar()->maximum());
    QTRY_VERIFY(source.asked.contains(100'000));
    QVERIFY(source.asked.size() < 200);
    QTRY_VERIFY(source.forgotten > 0);
}

QTEST_MAIN(tst_PhotoListModel)
#include "tst_photo_list_model.moc"

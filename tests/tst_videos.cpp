// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/db/catalogue.h"
#include "core/media/media.h"
#include "core/services/indexer.h"
#include "core/services/thumbnail_loader.h"
#include "library.h"
#include "places.h"
#include "ui/photo_delegate.h"
#include "ui/photo_list_model.h"
#include "ui/photo_viewer.h"
#include "video_samples.h"

#include <QDesktopServices>
#include <QFile>
#include <QPainter>
#include <QUrl>

using namespace yingxun;
using namespace yingxun::test;
using namespace Qt::StringLiterals;

namespace {

constexpr VideoPart kRed{2, 220, 20, 20};
constexpr VideoPart kBlue{2, 20, 20, 220};

/// Takes the place of the system's player.
class Player : public QObject
{
    Q_OBJECT
public:
    Player() { QDesktopServices::setUrlHandler(u"file"_s, this, "play"); }
    ~Player() override { QDesktopServices::unsetUrlHandler(u"file"_s); }
    Q_INVOKABLE void play(const QUrl &url) { played.append(url.toLocalFile()); }

    QStringList played;
};

QList<Photo> indexed(const Library &library)
{
    auto catalogue = db::Catalogue::open(library.data());
    if (!catalogue || !catalogue->addFolder(library.folder().toStdString()))
        return {};
    library.age();
    services::Indexer indexer(library.data(), library.encoder, library.store);
    if (!Library::finish(indexer, [&] { indexer.start(); }))
        return {};
    const auto photos = catalogue->photos();
    return photos ? QList<Photo>(photos->begin(), photos->end()) : QList<Photo>();
}

ui::Listing listing(const QList<Photo> &photos)
{
    ui::Listing out;
    out.library = test::snapshotOf({photos.begin(), photos.end()});
    out.photos = out.library->byTime();
    return out;
}

/// A cell of the grid, when its thumbnail has come.
QImage cell(ui::PhotoListModel &model)
{
    const QModelIndex index = model.index(0);
    if (!QTest::qWaitFor([&] { return !index.data(Qt::DecorationRole).value<QPixmap>().isNull(); }))
        return {};
    ui::PhotoDelegate delegate;
    QStyleOptionViewItem option;
    option.rect = QRect(QPoint(0, 0), delegate.sizeHint(option, index));
    QImage image(option.rect.size(), QImage::Format_RGB32);
    image.fill(Qt::gray);
    QPainter painter(&image);
    delegate.paint(&painter, option, index);
    return image;
}

int whitePixels(const QImage &image)
{
    int count = 0;
    for (int y = 0; y < image.height() * 3 / 4; ++y) {
        for (int x = 0; x < image.width(); ++x)
            count += image.pixelColor(x, y) == Qt::white ? 1 : 0;
    }
    return count;
}

} // namespace

class tst_Videos : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aVideoIsFoundAsOneItemByItsPoster();
    void aTruncatedVideoIsListed();
    void aVideoCarriesABadgeInTheGrid();
    void enterAndDoubleClickPlayAVideo();
};

void tst_Videos::aVideoIsFoundAsOneItemByItsPoster()
{
    Library library;
    const std::string path = library.path(u"海边.MP4"_s).toStdString();
    QVERIFY(writeVideo(path, {kRed, kBlue}));
    QVERIFY(library.paint(u"photo.png"_s, Qt::blue));
    for (const Photo &photo : indexed(library)) {
        QCOMPARE(photo.kind == MediaKind::Video, photo.path == path);
        if (photo.kind == MediaKind::Photo)
            continue;
        QCOMPARE(photo.width, 160);
        QVERIFY(photo.hash == *media::MediaFile::open(path)->content({}));
        const std::vector<float> embedding = library.store->find(photo.hash);
        QCOMPARE(embedding.size(), std::size_t{3});
        QVERIFY(embedding[0] > 0.9F); // Red.
        auto catalogue = db::Catalogue::open(library.data());
        QVERIFY(*catalogue->hasThumbnail(photo.hash));
        QVERIFY(*catalogue->hasMeasure(photo.hash));
    }
    QCOMPARE(library.store->count(), 3); // The blue scene is another one; see tst_moments.
}

void tst_Videos::aTruncatedVideoIsListed()
{
    Library library;
    QVERIFY(writeVideo(library.path(u"cut.mov"_s).toStdString(), {kRed}));
    QFile file(library.path(u"cut.mov"_s));
    QVERIFY(file.resize(file.size() / 2));
    QVERIFY(library.paint(u"photo.png"_s, Qt::blue));
    QCOMPARE(indexed(library).size(), 1);
    auto catalogue = db::Catalogue::open(library.data());
    const auto problems = catalogue->problems();
    QCOMPARE(problems->size(), std::size_t{1});
    QCOMPARE(QString::fromStdString(problems->front().path), library.path(u"cut.mov"_s));
    QCOMPARE(problems->front().code, static_cast<int>(ErrorCode::CorruptData));
}

void tst_Videos::aVideoCarriesABadgeInTheGrid()
{
    Library library;
    QVERIFY(writeVideo(library.path(u"a.mp4"_s).toStdString(), {kRed}));
    QList<Photo> photos = indexed(library);
    QCOMPARE(photos.size(), 1);
    services::ThumbnailLoader thumbnails(library.data(), std::make_shared<media::DirectReader>());
    ui::PhotoListModel model(&thumbnails, 1024);
    model.show(listing(photos));
    QVERIFY(model.index(0).data(ui::PhotoListModel::VideoRole).toBool());
    QVERIFY(whitePixels(cell(model)) > 20);
    photos.front().kind = MediaKind::Photo;
    model.show(listing(photos));
    QCOMPARE(whitePixels(cell(model)), 0);
}

void tst_Videos::enterAndDoubleClickPlayAVideo()
{
    Library library;
    QVERIFY(writeVideo(library.path(u"看 海.mp4"_s).toStdString(), {kRed}));
    QVERIFY(library.paint(u"photo.png"_s, Qt::blue));
    QList<Photo> photos = indexed(library);
    QCOMPARE(photos.size(), 2);
    if (photos.front().kind != MediaKind::Video)
        photos.swapItemsAt(0, 1);
    services::ThumbnailLoader thumbnails(library.data(), std::make_shared<media::DirectReader>());
    ui::PhotoListModel model(&thumbnails, 1024);
    model.show(listing(photos));
    ui::PhotoViewer viewer(&thumbnails, &model);
    viewer.resize(400, 300);
    viewer.show();
    QSignalSpy closed(&viewer, &ui::PhotoViewer::closed);
    QSignalSpy loaded(&thumbnails, &services::ThumbnailSource::largeReady);
    const Player player;

    viewer.open(photos[0]);
    QTRY_COMPARE(loaded.size(), 1);
    QCOMPARE(loaded.first().at(1).value<QImage>().size(), QSize(160, 96)); // The poster.
    QTest::keyClick(&viewer, Qt::Key_Return);
    QTest::mouseDClick(&viewer, Qt::LeftButton);
    QCOMPARE(player.played, QStringList({library.path(u"看 海.mp4"_s), library.path(u"看 海.mp4"_s)}));
    QCOMPARE(closed.size(), 0);

    viewer.open(photos[1]); // A photo: as ever.
    QTest::keyClick(&viewer, Qt::Key_Return);
    QCOMPARE(closed.size(), 1);
    QCOMPARE(player.played.size(), 2);
}

QTEST_MAIN(tst_Videos)
#include "tst_videos.moc"

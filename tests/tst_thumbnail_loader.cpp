// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/media.h"
#include "core/services/thumbnail_loader.h"
#include "library.h"

using namespace yingxun;
using namespace yingxun::test;
using namespace Qt::StringLiterals;

class tst_ThumbnailLoader : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsTheFileWhereThereIsNoThumbnail();
    void answersABrokenFileWithNothing();
    void showsOnlyTheLatestLargePicture();
};

namespace {

Photo photoAt(const QString &path, qint64 id)
{
    Photo photo;
    photo.id = {id};
    photo.path = path.toStdString();
    return photo;
}

} // namespace

void tst_ThumbnailLoader::readsTheFileWhereThereIsNoThumbnail()
{
    Library library;
    QVERIFY(library.paint(u"a.png"_s, Qt::red));
    services::ThumbnailLoader loader(library.data(), std::make_shared<media::DirectReader>());
    QSignalSpy ready(&loader, &services::ThumbnailSource::ready);
    loader.request(photoAt(library.path(u"a.png"_s), 7));
    QVERIFY(ready.wait());
    QCOMPARE(ready.first()[0].value<PhotoId>().value, 7);
    const auto image = ready.first()[2].value<QImage>();
    QCOMPARE(image.size(), QSize(64, 48)); // Never enlarged.
    QCOMPARE(image.pixelColor(40, 40), QColor(Qt::red));
}

void tst_ThumbnailLoader::answersABrokenFileWithNothing()
{
    Library library;
    services::ThumbnailLoader loader(library.data(), std::make_shared<media::DirectReader>());
    QSignalSpy ready(&loader, &services::ThumbnailSource::ready);
    loader.request(photoAt(library.path(u"nowhere.png"_s), 8));
    QVERIFY(ready.wait());
    QVERIFY(ready.first()[2].value<QImage>().isNull());
}

void tst_ThumbnailLoader::showsOnlyTheLatestLargePicture()
{
    Library library;
    QVERIFY(library.paint(u"a.png"_s, Qt::red));
    QVERIFY(library.paint(u"b.png"_s, Qt::blue));
    services::ThumbnailLoader loader(library.data(), std::make_shared<media::DirectReader>());
    QSignalSpy ready(&loader, &services::ThumbnailSource::largeReady);
    loader.requestLarge(photoAt(library.path(u"a.png"_s), 1), 0);
    loader.requestLarge(photoAt(library.path(u"b.png"_s), 2), 0);
    QVERIFY(ready.wait());
    QVERIFY(!ready.wait(200));
    QCOMPARE(ready.size(), 1);
    QCOMPARE(ready.first()[0].value<PhotoId>().value, 2);
}

QTEST_GUILESS_MAIN(tst_ThumbnailLoader)
#include "tst_thumbnail_loader.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/photo_collection.h"

#include <QTest>

using namespace yingxun;

class tst_PhotoCollection : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void knowsCopiesAndDirectories();
    void isEmpty();
};

namespace {

/// The last byte is `number`, so that all contents begin alike.
Photo photo(const std::string &path, int number)
{
    Photo one;
    one.path = path;
    one.hash.bytes.back() = static_cast<std::uint8_t>(number);
    return one;
}

QList<int> with(const jobs::Photos &photos, int number)
{
    QList<int> indices;
    photos->forEachWith(photo({}, number).hash, [&](int index) { indices.append(index); });
    return indices;
}

} // namespace

void tst_PhotoCollection::knowsCopiesAndDirectories()
{
    const auto photos =
        jobs::sharedPhotos({photo("/p/a/1.jpg", 7), photo("/p/b/2.jpg", 8), photo("/p/a/3.jpg", 7),
                            photo("/p/a/b/4.jpg", 9), photo("/p/a/5.jpg", 7), photo("/6.jpg", 8)});
    QCOMPARE(photos->size(), 6);
    QCOMPARE(with(photos, 7), QList<int>({0, 2, 4}));
    QCOMPARE(with(photos, 8), QList<int>({1, 5}));
    QCOMPARE(with(photos, 9), QList<int>({3}));
    QVERIFY(with(photos, 1).isEmpty());
    for (const int number : {7, 8, 9})
        QVERIFY(photos->contents().contains(photo({}, number).hash));
    const std::map<std::string, qsizetype> expected{{"", 1}, {"/p/a", 3}, {"/p/a/b", 1}, {"/p/b", 1}};
    QVERIFY(photos->directories() == expected);
}

void tst_PhotoCollection::isEmpty()
{
    const auto photos = jobs::sharedPhotos({});
    QCOMPARE(photos->size(), 0);
    QVERIFY(photos->contents().isEmpty() && photos->directories().empty() && with(photos, 0).isEmpty());
}

QTEST_APPLESS_MAIN(tst_PhotoCollection)
#include "tst_photo_collection.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/path_text.h"

#include <QTest>
#include <QUrl>

using namespace yingxun;
using namespace Qt::StringLiterals;

class tst_PathText : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void keepsEveryByte_data();
    void keepsEveryByte();
    void isPlainTextWherePathsAreUtf8();
};

void tst_PathText::keepsEveryByte_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("plain") << QByteArray("/home/a b%20#?/x.jpg");
    QTest::newRow("Chinese and beyond the BMP") << QByteArray("/照片/🌋.jpg");
    QTest::newRow("GBK") << QByteArray("/\xD5\xD5\xC6\xAC/\xB0\xA1.jpg");
    QTest::newRow("cut short") << QByteArray("/\xE7\x85/\xF0\x9F\x8C/\xE7");
    QTest::newRow("a surrogate in UTF-8") << QByteArray("/\xED\xB3\x95/\xED\xA0\x80");
    QTest::newRow("an overlong slash") << QByteArray("/\xC0\xAF");
    QByteArray all("/");
    for (int i = 1; i < 256; ++i)
        all.append(static_cast<char>(i)).append(static_cast<char>(i ^ 0x55));
    all.replace('\0', 'x');
    QTest::newRow("every byte") << all;
}

void tst_PathText::keepsEveryByte()
{
    QFETCH(QByteArray, bytes);
    const std::string path = bytes.toStdString();
    QCOMPARE(services::pathOfText(services::textOfPath(path)), path);
    if (!path.empty())
        QCOMPARE(services::pathOfUrl(services::urlOfPath(path)), path);
}

void tst_PathText::isPlainTextWherePathsAreUtf8()
{
    QCOMPARE(services::textOfPath("/照片/🌋"), u"/照片/🌋"_s);
    QCOMPARE(services::pathOfText(u"/照片/🌋"_s), std::string("/照片/🌋"));
    QCOMPARE(services::pathOfUrl(QUrl::fromLocalFile(u"/照 片/a#b"_s)), std::string("/照 片/a#b"));
    QVERIFY(services::pathOfUrl(QUrl(u"https://example.org/a"_s)).empty());
}

QTEST_APPLESS_MAIN(tst_PathText)
#include "tst_path_text.moc"

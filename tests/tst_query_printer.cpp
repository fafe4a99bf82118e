// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/parser.h"
#include "core/query/printer.h"
#include "query_words.h"

#include <QRandomGenerator>
#include <QTest>

#include <utility>

using namespace yingxun;
using namespace yingxun::query;
using namespace Qt::StringLiterals;

namespace {

/// Queries as parse() may return them, from a fixed seed.
class Generator
{
public:
    Query query()
    {
        Query result;
        for (int i = below(4); i > 0; --i)
            result.terms.push_back({text(), weight(), {}});
        for (int i = below(3); i > 0; --i)
            result.pictures.push_back({text(), weight(), {}});
        if (below(3) > 0)
            result.filter = filter(4, Filter::Kind::Leaf);
        return result;
    }

private:
    int below(int bound) { return m_random.bounded(bound); }

    QString text()
    {
        static const QStringList pieces{
            u"狗"_s,    u"red"_s,   u" "_s,     u"-"_s,  u"("_s,      u")"_s, u"（"_s, u"|"_s,   u"!"_s,
            u"或"_s,    u"or"_s,    u" not "_s, u"\""_s, u"＂"_s,     u"“"_s, u"”"_s,  u"「"_s,  u"」"_s,
            u"标签:"_s, u"date:"_s, u"视频"_s,  u"^2"_s, u"image:"_s, u"🌋"_s, u"　"_s, u"a b"_s, u"+"_s};
        QString result;
        for (int i = 1 + below(6); i > 0; --i)
            result += pieces[below(int(pieces.size()))];
        return result.trimmed().isEmpty() ? u"海"_s : result;
    }

    QString name() { return text().trimmed(); }

    double weight()
    {
        static const QList<double> weights{1, 1, -1, 2, 0.1, 10, -1.25, 1.0 / 3, -7.3};
        return weights[below(int(weights.size()))];
    }

    DayRange days()
    {
        const QDate from = QDate(1990, 1, 1).addDays(below(20'000));
        const QDate round = below(2) ? QDate(from.year(), from.month(), 1) : QDate(from.year(), 1, 1);
        const QDate first = below(2) ? from : round;
        const QDate end = below(2) ? first.addDays(1 + below(900)) : first.addMonths(1 + below(24));
        const int open = below(4);
        return {open == 0 ? QDate() : first, open == 1 ? QDate() : end};
    }

    Condition condition()
    {
        const auto comparison = Comparison(below(5));
        switch (below(13)) {
        case 0:
            return FolderFilter{name()};
        case 1:
            return CameraFilter{name()};
        case 2:
            return LensFilter{name()};
        case 3: {
            const int least = below(6);
            return RatingFilter{least, least + below(6 - least)};
        }
        case 4:
            return FormatFilter{FileFormat(below(10))};
        case 5:
            return GpsFilter{};
        case 6:
            return PixelCountFilter{comparison, (1 + below(99)) * (below(2) ? 1'000'000 : 123'457)};
        case 7:
            return PixelSizeFilter{comparison, 1 + below(9999), 1 + below(9999)};
        case 8:
            return FileSizeFilter{comparison, 1 + below(2'000'000'000)};
        case 9:
            return OrientationFilter{Orientation(below(3))};
        case 10:
            return KindFilter{FileKind(below(2))};
        case 11:
            return DateFilter{days()};
        default:
            return LabelFilter{name()};
        }
    }

    Filter filter(int depth, Filter::Kind within)
    {
        Filter result;
        do
            result.kind = depth == 0 ? Filter::Kind::Leaf : Filter::Kind(below(4));
        while (result.kind == within && (within == Filter::Kind::And || within == Filter::Kind::Or));
        if (result.kind == Filter::Kind::Leaf) {
            result.condition = condition();
            return result;
        }
        for (int i = result.kind == Filter::Kind::Not ? 1 : 2 + below(2); i > 0; --i)
            result.children.push_back(filter(depth - 1, result.kind));
        return result;
    }

    QRandomGenerator m_random{20'261'127};
};

} // namespace

class tst_QueryPrinter : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void printsWhatPeopleWouldType_data();
    void printsWhatPeopleWouldType();
    void printsWhatIsReadAsTheSame();
};

void tst_QueryPrinter::printsWhatPeopleWouldType_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("printed");
    const auto row = [](const QString &typed, const QString &printed) {
        QTest::addRow("%s", qPrintable(typed)) << typed << printed;
    };
    row(u""_s, u""_s);
    row(u" 红色　的 狗 "_s, u"红色 的 狗"_s);
    row(u"狗 -人 +雪^1.5"_s, u"狗 -人 雪^1.5"_s);
    row(u"\"-红 的\" “白 的”^2"_s, u"\"-红 的\" \"白 的\"^2"_s);
    row(u"标签:旅行 或 （标签:「a b」 视频）"_s, u"(label:旅行 or (label:\"a b\" type:video))"_s);
    row(u"日期:上个月 非 横图 有GPS"_s, u"date:2026-10 not orientation:landscape has:gps"_s);
    row(u"图片:/a/b.jpg 狗 -图片:\"/a b\" +图片:c"_s, u"狗 image:/a/b.jpg -image:\"/a b\" image:c^2"_s);
    row(u"尺寸:12MP 评分:>3 格式:JPG 狗"_s, u"狗 size:>=12mp rating:>=4 format:jpeg"_s);
}

void tst_QueryPrinter::printsWhatPeopleWouldType()
{
    QFETCH(QString, typed);
    QFETCH(QString, printed);
    QCOMPARE(print(std::get<Query>(parse(typed, QDate(2026, 11, 27)))), printed);
}

void tst_QueryPrinter::printsWhatIsReadAsTheSame()
{
    Generator generator;
    for (int i = 0; i < 5000; ++i) {
        const Query query = generator.query();
        const QString printed = print(query);
        const auto result = parse(printed, QDate(2001, 2, 3));
        const auto *again = std::get_if<Query>(&result);
        QVERIFY2(again, qPrintable(printed));
        if (!(*again == query))
            QFAIL(qPrintable(printed + u"\n  "_s + test::queryWords(query) + u"\n  "_s +
                             test::queryWords(*again)));
        QCOMPARE(print(*again), printed);
    }
}

QTEST_GUILESS_MAIN(tst_QueryPrinter)
#include "tst_query_printer.moc"

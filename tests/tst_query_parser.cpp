// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/parser.h"
#include "query_words.h"

#include <QTest>

using namespace yingxun;
using namespace yingxun::query;
using namespace Qt::StringLiterals;
using Wrong = SyntaxErrorKind;

Q_DECLARE_METATYPE(SyntaxErrorKind)

namespace {

std::variant<Query, SyntaxError> parse(const QString &typed)
{
    return query::parse(typed, QDate(2026, 11, 27));
}

} // namespace

class tst_QueryParser : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void reads_data();
    void reads();
    void tellsWhatIsWrong_data();
    void tellsWhatIsWrong();
    void knowsWhereItStood();
    void boundsItsDepth();
    void boundsItsTerms();
    void survivesAnything();
    void takesLinearTime();
};

void tst_QueryParser::reads_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("meant");
    const auto row = [](const QString &typed, const QString &meant) {
        QTest::addRow("%s", qPrintable(typed)) << typed << meant;
    };
    row(u""_s, u""_s);
    row(u"  　 "_s, u""_s);
    row(u"雪地里奔跑的狗"_s, u"雪地里奔跑的狗^1"_s);
    row(u"红色　的 狗"_s, u"红色 的 狗^1"_s);
    row(u"a small dog (in a park)"_s, u"a small dog in a park^1"_s);
    row(u"f(x) :) C++ t-shirt a - b -> !! ！？"_s, u"f(x) :) C++ t-shirt a - b -> ! ! ！ ？^1"_s);
    row(u"https://example.org/a?b=c 12:30 海边标签:旅行"_s,
        u"https://example.org/a?b=c 12:30 海边标签:旅行^1"_s);
    row(u"（“火山”）！？"_s, u"火山 ！ ？^1"_s);

    row(u"海边 -人"_s, u"海边^1; 人^-1"_s);
    row(u"海边 －人 日落"_s, u"海边 日落^1; 人^-1"_s);
    row(u"+雪 狗^1.5 -人^2 房^1"_s, u"雪^2; 狗^1.5; 人^-2; 房^1"_s);
    row(u"+雪^3 雪＾２"_s, u"雪^3; 雪^2"_s);
    row(u"^_^ a^b 2^"_s, u"^_^ a^b 2^^1"_s);
    row(u"\"-人 | 狗\" 海"_s, u"-人 | 狗 海^1"_s);
    row(u"-“红色 的狗”^2"_s, u"红色 的狗^-2"_s);
    row(u"”反 的“ 『书』 ＂全 角＂"_s, u"反 的 书 全 角^1"_s);
    row(u"海边「日 落」的海 5\" disc"_s, u"海边日 落的海 5\" disc^1"_s);
    row(u"\"say \"\"hi\"\"\" \"\""_s, u"say \"hi\"^1"_s);
    row(u"「未 完"_s.mid(1), u"未 完^1"_s);

    row(u"标签:旅行"_s, u" / label[旅行]"_s);
    row(u"狗 标签：旅行 跑"_s, u"狗 跑^1 / label[旅行]"_s);
    row(u"LABEL:a Ｔａｇ：b 標籤:c"_s, u" / (and label[a] label[b] label[c])"_s);
    row(u"label:\"a b\" in:「我 的」 文件夹:/照片/2023"_s,
        u" / (and label[a b] folder[我 的] folder[/照片/2023])"_s);
    row(u"label:f(x) (label:f(x))"_s, u" / (and label[f(x)] label[f(x)])"_s);
    row(u"相机:X100 camera:\"Canon R5\" 镜头:50mm"_s, u" / (and camera[X100] camera[Canon R5] lens[50mm])"_s);
    row(u"评分:>=4 rating:4 stars:＜３ 评分:2..3 评分:5星"_s,
        u" / (and rating4-5 rating4-4 rating0-2 rating2-3 rating5-5)"_s);
    row(u"format:JPG 格式:heic 格式:raw"_s, u" / (and format0 format6 format8)"_s);
    row(u"日期:2023 狗 DATE：2023-05..2024-01"_s,
        u"狗^1 / (and date[2023-01-01,2024-01-01) date[2023-05-01,2024-02-01))"_s);
    row(u"date:spring festival 2023 dog"_s, u"dog^1 / date[2023-01-21,2023-01-29)"_s);
    row(u"(date:last week or date:yesterday) date:today dog"_s,
        u"dog^1 / (and (or date[2026-11-16,2026-11-23) date[2026-11-26,2026-11-27)) date[2026-11-27,2026-11-28))"_s);
    row(u"日期:2023 spring 日期:去年 夏天"_s,
        u"spring 夏天^1 / (and date[2023-01-01,2024-01-01) date[2025-01-01,2026-01-01))"_s);
    row(u"-日期:去年夏天"_s, u" / (not date[2025-06-01,2025-09-01))"_s);
    row(u"date:2023 may dog"_s, u"dog^1 / date[2023-05-01,2023-06-01)"_s);
    row(u"date:2023May date:\"2023 may\" date:may 2023 date:Ｍａｙ ２０２３"_s,
        u" / (and date[2023-05-01,2023-06-01) date[2023-05-01,2023-06-01) date[2023-05-01,2023-06-01) "
        u"date[2023-05-01,2023-06-01))"_s);
    row(u"date:2022..2023 May date:>=2023 may|date:2023 may to 2024 jan"_s,
        u" / (and date[2022-01-01,2023-06-01) (or date[2023-05-01,) date[2023-05-01,2024-02-01)))"_s);
    row(u"date:2023 may..july date:may..july 2023 date:may 2023..july 2023 dog"_s,
        u"dog^1 / (and date[2023-05-01,2023-08-01) date[2023-05-01,2023-08-01) date[2023-05-01,2023-08-01))"_s);
    row(u"date:yesterday dog. date:2023 dog..cat"_s,
        u"dog. dog..cat^1 / (and date[2026-11-26,2026-11-27) date[2023-01-01,2024-01-01))"_s);
    row(u"date:2023 maypole date:2023 may-day"_s,
        u"maypole may-day^1 / (and date[2023-01-01,2024-01-01) date[2023-01-01,2024-01-01))"_s);
    row(u"date:>=last summer dog"_s, u"dog^1 / date[2026-06-01,)"_s);
    row(u"date:＜last year 日期:≤去年夏天"_s, u" / (and date[,2025-01-01) date[,2025-09-01))"_s);
    row(u"有GPS has:gps 有ｇｐｓ -has:GPS"_s, u" / (and gps gps gps (not gps))"_s);
    row(u"尺寸:>=12MP size:1200万像素 大小:>5MB"_s,
        u" / (and pixels>=12000000 pixels>=12000000 bytes>5000000)"_s);
    row(u"尺寸:>2000x1000 size:640×480 size:<=1.5gb"_s,
        u" / (and sides>2000x1000 sides=640x480 bytes<=1500000000)"_s);
    row(u"横图 竖图 方图 橫圖"_s, u" / (and landscape portrait square landscape)"_s);
    row(u"orientation:portrait 方向:横图"_s, u" / (and portrait landscape)"_s);
    row(u"landscape \"横图\" 横图画 视频^2"_s, u"landscape 横图 横图画^1; 视频^2"_s);
    row(u"视频 狗"_s, u"狗^1 / video"_s);
    row(u"\"视频\" 照片 视频里的狗"_s, u"视频 照片 视频里的狗^1"_s);
    row(u"类型:照片 type:VIDEO"_s, u" / (and photo video)"_s);

    row(u"标签:a 或 标签:b"_s, u" / (or label[a] label[b])"_s);
    row(u"标签:a 标签:b or 标签:c"_s, u" / (and label[a] (or label[b] label[c]))"_s);
    row(u"标签:a|标签:b｜标签:c"_s, u" / (or label[a] label[b] label[c])"_s);
    row(u"标签:a and 标签:b 且 横图"_s, u" / (and label[a] label[b] landscape)"_s);
    row(u"(标签:a 标签:b) 或 （标签:c）"_s, u" / (or (and label[a] label[b]) label[c])"_s);
    row(u"(标签:a 或 标签:b) 或 标签:c"_s, u" / (or label[a] label[b] label[c])"_s);
    row(u"-标签:旅行 非 横图 not 视频 !标签:a ！（标签:b）"_s,
        u" / (and (not label[旅行]) (not landscape) (not video) (not label[a]) (not label[b]))"_s);
    row(u"-(标签:a 或 not not 标签:b)"_s, u" / (not (or label[a] (not (not label[b]))))"_s);
    row(u"非 横图 或 视频"_s, u" / (or (not landscape) video)"_s);
    row(u"+标签:a"_s, u" / label[a]"_s);
    row(u"猫 标签:a 或 标签:b 狗"_s, u"猫 狗^1 / (or label[a] label[b])"_s);
    row(u"dog or cat 或 not 狗 and 猫 非"_s, u"dog or cat 或 not 狗 and 猫 非^1"_s);
    row(u"(small (white) dog"_s, u"small white dog^1"_s);
    row(u"标签:a (small dog)"_s, u"small dog^1 / label[a]"_s);

    row(u"image:/a/b.jpg 在雪地里"_s, u"在雪地里^1; [/a/b.jpg]^1"_s);
    row(u"图片：\"/a b.jpg\" 圖片:「c d」"_s, u"[/a b.jpg]^1; [c d]^1"_s);
    row(u"-image:/a.jpg +image:/b.jpg IMAGE:/c.jpg^1.5 -图片:\"/d^3.jpg\"^2"_s,
        u"[/a.jpg]^-1; [/b.jpg]^2; [/c.jpg]^1.5; [/d^3.jpg]^-2"_s);
    row(u"狗 image:a(1).jpg 跑 标签:a and image:b 视频"_s,
        u"狗 跑^1; [a(1).jpg]^1; [b]^1 / (and label[a] video)"_s);
    row(u"(image:/a.jpg 狗) type:图片"_s, u"狗^1; [/a.jpg]^1 / photo"_s);
    row(u"\"image:/a.jpg\" images:b 的图片"_s, u"image:/a.jpg images:b 的图片^1"_s);
}

void tst_QueryParser::reads()
{
    QFETCH(QString, typed);
    QFETCH(QString, meant);
    const auto result = parse(typed);
    if (const auto *error = std::get_if<SyntaxError>(&result))
        QFAIL(qPrintable(
            u"error %1 at %2: %3"_s.arg(int(error->kind)).arg(error->span.offset).arg(error->found)));
    QCOMPARE(test::queryWords(std::get<Query>(result)), meant);
}

void tst_QueryParser::tellsWhatIsWrong_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<SyntaxErrorKind>("kind");
    QTest::addColumn<QString>("underlined");
    const auto row = [](const QString &typed, Wrong kind, const QString &underlined) {
        QTest::addRow("%s", qPrintable(typed)) << typed << kind << underlined;
    };
    row(u"狗 标签:"_s, Wrong::MissingValue, u"标签:"_s);
    row(u"标签:\"\" 狗"_s, Wrong::MissingValue, u"标签:\"\""_s);
    row(u"-\"\""_s, Wrong::MissingValue, u"-\"\""_s);
    row(u"评分:9"_s, Wrong::BadValue, u"9"_s);
    row(u"评分:>5"_s, Wrong::BadValue, u">5"_s);
    row(u"评分:4..2"_s, Wrong::BadValue, u"4..2"_s);
    row(u"格式:\"word doc\""_s, Wrong::BadValue, u"\"word doc\""_s);
    row(u"日期:2023-13 狗"_s, Wrong::BadValue, u"2023-13"_s);
    row(u"date:someday soon"_s, Wrong::BadValue, u"someday"_s);
    row(u"has:nothing"_s, Wrong::BadValue, u"nothing"_s);
    row(u"size:1e9mb"_s, Wrong::BadValue, u"1e9mb"_s);
    row(u"size:0x0"_s, Wrong::BadValue, u"0x0"_s);
    row(u"size:5"_s, Wrong::BadValue, u"5"_s);
    row(u"size:>mp"_s, Wrong::BadValue, u">mp"_s);
    row(u"狗^0"_s, Wrong::BadWeight, u"0"_s);
    row(u"狗^99999999"_s, Wrong::BadWeight, u"99999999"_s);
    row(u"狗^-1"_s, Wrong::BadWeight, u"-1"_s);
    row(u"狗^1e1"_s, Wrong::BadWeight, u"1e1"_s);
    row(u"狗 \"红色 的"_s, Wrong::UnclosedQuote, u"\"红色 的"_s);
    row(u"标签:「红色 的"_s, Wrong::UnclosedQuote, u"标签:「红色 的"_s);
    row(u"狗 (标签:a 横图"_s, Wrong::UnclosedBracket, u"("_s);
    row(u"(标签:a) )"_s, Wrong::UnexpectedBracket, u")"_s);
    row(u"标签:a）"_s, Wrong::UnexpectedBracket, u"）"_s);
    row(u"标签:a 或"_s, Wrong::MissingOperand, u"或"_s);
    row(u"| 标签:a"_s, Wrong::MissingOperand, u"|"_s);
    row(u"标签:a or | 标签:b"_s, Wrong::MissingOperand, u"or"_s);
    row(u"(标签:a 或)"_s, Wrong::MissingOperand, u"或"_s);
    row(u"狗 或 标签:a"_s, Wrong::TextInOr, u"狗"_s);
    row(u"标签:a 或 狗"_s, Wrong::TextInOr, u"狗"_s);
    row(u"猫|狗"_s, Wrong::TextInOr, u"猫"_s);
    row(u"(猫 或 标签:a)"_s, Wrong::TextInOr, u"猫"_s);
    row(u"！狗"_s, Wrong::TextInNot, u"狗"_s);
    row(u"-(红 狗)"_s, Wrong::TextInNot, u"-("_s);
    row(u"(狗 标签:a)"_s, Wrong::TextInBrackets, u"狗"_s);
    row(u"狗 -图片:"_s, Wrong::MissingValue, u"-图片:"_s);
    row(u"image:\" \"^2"_s, Wrong::MissingValue, u"image:\" \"^2"_s);
    row(u"image:/a.jpg^11 狗"_s, Wrong::BadWeight, u"11"_s);
    row(u"image:\"/a b"_s, Wrong::UnclosedQuote, u"image:\"/a b"_s);
    row(u"image:/a 或 image:/b"_s, Wrong::TextInOr, u"image:/a"_s);
    row(u"标签:a or -image:/b"_s, Wrong::TextInOr, u"-image:/b"_s);
    row(u"!image:/a"_s, Wrong::TextInNot, u"image:/a"_s);
    row(u"(标签:a image:/a)"_s, Wrong::TextInBrackets, u"image:/a"_s);
}

void tst_QueryParser::tellsWhatIsWrong()
{
    QFETCH(QString, typed);
    QFETCH(SyntaxErrorKind, kind);
    QFETCH(QString, underlined);
    const auto result = parse(typed);
    const auto *error = std::get_if<SyntaxError>(&result);
    QVERIFY(error);
    QCOMPARE(int(error->kind), int(kind));
    QCOMPARE(typed.mid(error->span.offset, error->span.length), underlined);
}

void tst_QueryParser::knowsWhereItStood()
{
    const QString typed = u"🌋 海 -\"红 狗\"^2 日落 -image:\"/a b\"^2 (标签：旅行 或 非 视频) size:>5mb"_s;
    const Query query = std::get<Query>(parse(typed));
    const auto at = [&typed](Span span) { return typed.mid(span.offset, span.length); };
    QCOMPARE(at(query.terms[0].span), u"🌋 海 -\"红 狗\"^2 日落"_s);
    QCOMPARE(at(query.pictures[0].span), u"-image:\"/a b\"^2"_s);
    QCOMPARE(at(query.terms[1].span), u"-\"红 狗\"^2"_s);
    QCOMPARE(at(query.filter->span), u"(标签：旅行 或 非 视频) size:>5mb"_s);
    const Filter &either = query.filter->children[0];
    QCOMPARE(at(either.span), u"(标签：旅行 或 非 视频)"_s);
    QCOMPARE(at(either.children[0].span), u"标签：旅行"_s);
    QCOMPARE(at(either.children[1].span), u"非 视频"_s);
    QCOMPARE(at(either.children[1].children[0].span), u"视频"_s);
}

void tst_QueryParser::boundsItsDepth()
{
    for (const QString &opener : {u"("_s, u"not "_s, u"!"_s, u"-("_s}) {
        const auto nested = [&opener](int depth) {
            const QString closers = opener.contains(u'(') ? QString(depth, u')') : QString();
            return parse(opener.repeated(depth) + u"标签:a "_s + closers);
        };
        QVERIFY(std::holds_alternative<Query>(nested(kDeepestNesting)));
        const auto result = nested(kDeepestNesting + 1);
        const auto *error = std::get_if<SyntaxError>(&result);
        QVERIFY(error);
        QCOMPARE(int(error->kind), int(Wrong::TooDeep));
        QCOMPARE(error->span.offset, kDeepestNesting * opener.size());
        QVERIFY(std::holds_alternative<SyntaxError>(nested(200'000)));
    }
    QVERIFY(std::holds_alternative<Query>(parse(QString(200'000, u'(') + u"dog"_s)));
}

void tst_QueryParser::boundsItsTerms()
{
    QVERIFY(std::holds_alternative<Query>(parse(u"+a "_s.repeated(kMostTerms))));
    const auto result = parse(u"+a "_s.repeated(kMostTerms) + u"b"_s);
    QCOMPARE(int(std::get<SyntaxError>(result).kind), int(Wrong::TooManyTerms));
    QVERIFY(std::holds_alternative<Query>(parse(u"a "_s.repeated(1000)))); // One description.
}

void tst_QueryParser::survivesAnything()
{
    const QStringList pieces{u"标签:"_s,
                             u"rating:"_s,
                             u"size:>"_s,
                             u"日期:"_s,
                             u"("_s,
                             u")"_s,
                             u"（"_s,
                             u"）"_s,
                             u"|"_s,
                             u"!"_s,
                             u"-"_s,
                             u"+"_s,
                             u"^2"_s,
                             u"^"_s,
                             u"\""_s,
                             u"“"_s,
                             u"「"_s,
                             u"」"_s,
                             u" "_s,
                             u"　"_s,
                             u"或"_s,
                             u" or "_s,
                             u" not "_s,
                             u"视频"_s,
                             u"横图"_s,
                             u"狗"_s,
                             u"5mb"_s,
                             u"🌋"_s,
                             QString(QChar(0xD83C)),
                             QString(QChar(0)),
                             u"\u200d"_s,
                             u"İ"_s};
    quint32 state = 7;
    const auto random = [&state](qsizetype below) {
        state = state * 1664525 + 1013904223;
        return qsizetype(state >> 8) % below;
    };
    int wrong = 0;
    for (int i = 0; i < 20'000; ++i) {
        QString typed;
        for (qsizetype length = random(24); length > 0; --length)
            typed += pieces[random(pieces.size())];
        const auto result = parse(typed);
        if (const auto *error = std::get_if<SyntaxError>(&result)) {
            ++wrong;
            QVERIFY(error->span.offset >= 0 && error->span.length >= 0 && error->span.end() <= typed.size());
        }
    }
    QVERIFY(wrong > 1000 && wrong < 19'000);
}

void tst_QueryParser::takesLinearTime()
{
    // A quadratic reader would take minutes.
    for (const QString &piece :
         {u"a「"_s, u"\"a"_s, u"(a "_s, u"label:a|"_s, u"not "_s, u"a:"_s, u"a^2"_s, u"“”"_s})
        parse(piece.repeated(200'000));
}

QTEST_GUILESS_MAIN(tst_QueryParser)
#include "tst_query_parser.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/completions.h"
#include "core/query/parser.h"

#include <QTest>

using namespace yingxun;
using namespace yingxun::query;
using namespace Qt::StringLiterals;

namespace {

const QDate kToday(2026, 11, 27);
const KnownNames kNames{
    {u"旅行"_s, u"家人"_s, u"New York"_s}, {u"/照片/旅行 2023"_s}, {u"Canon EOS R5"_s}, {}};

/// What the line is after each completion at the bar, which is left where the cursor would be.
QStringList completed(QString typed)
{
    const auto cursor = typed.indexOf(u'¦');
    typed.remove(cursor, 1);
    QStringList lines;
    for (const Completion &completion : completions(typed, cursor, kToday, kNames)) {
        QString line = typed;
        lines << line.replace(completion.replaced.offset, completion.replaced.length, completion.text);
    }
    return lines;
}

} // namespace

class tst_QueryCompletions : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void followWhatIsTyped_data();
    void followWhatIsTyped();
    void offerEveryKeyOnce();
    void areAllUnderstood();
};

void tst_QueryCompletions::followWhatIsTyped_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QStringList>("lines");
    const auto row = [](const QString &typed, const QStringList &lines) {
        QTest::addRow("%s", qPrintable(typed)) << typed << lines;
    };
    row(u"狗 标¦"_s, {u"狗 标签:"_s});
    row(u"LA¦ 狗"_s, {u"label: 狗"_s, u"labels: 狗"_s});
    row(u"-标¦"_s, {u"-标签:"_s});
    row(u"（标¦"_s, {u"（标签:"_s});
    row(u"o¦"_s, {u"orientation:"_s});
    row(u"视¦"_s, {u"视频"_s});
    row(u"有¦"_s, {u"有GPS"_s});
    row(u"\"标¦"_s, {});
    row(u"雪地里的狗¦"_s, {});
    row(u"标签:¦"_s, {u"标签:旅行"_s, u"标签:家人"_s, u"标签:\"New York\""_s});
    row(u"标签:人¦ 狗"_s, {u"标签:家人 狗"_s});
    row(u"标签：\"new¦"_s, {u"标签：\"New York\""_s});
    row(u"标签:家¦人"_s, {u"标签:家人"_s});
    row(u"标¦签:家人"_s, {});
    row(u"in:2023¦"_s, {u"in:\"/照片/旅行 2023\""_s});
    row(u"camera:r5¦"_s, {u"camera:\"Canon EOS R5\""_s});
    row(u"镜头:¦"_s, {});
    row(u"日期:去¦"_s, {u"日期:去年"_s, u"日期:去年夏天"_s});
    row(u"日期:2026-¦"_s, {u"日期:2026-11"_s, u"日期:2026-10"_s});
    row(u"日期:2023..今¦"_s, {u"日期:2023..今天"_s, u"日期:2023..今年"_s});
    row(u"date:last¦"_s,
        {u"date:last week"_s, u"date:last month"_s, u"date:last year"_s, u"date:last summer"_s});
    row(u"格式:h¦"_s, {u"格式:heic"_s, u"格式:heif"_s});
    row(u"方向:竖¦"_s, {u"方向:竖图"_s, u"方向:竖"_s, u"方向:竖向"_s});
    row(u"has:¦"_s, {u"has:gps"_s, u"has:位置"_s});
    row(u"评分:>=4¦"_s, {u"评分:>=4"_s});
    row(u"im¦"_s, {u"image:"_s});
    row(u"image:/ho¦"_s, {});
}

void tst_QueryCompletions::followWhatIsTyped()
{
    QFETCH(QString, typed);
    QFETCH(QStringList, lines);
    QCOMPARE(completed(typed), lines);
}

void tst_QueryCompletions::offerEveryKeyOnce()
{
    const QStringList keys{u"标签:"_s, u"文件夹:"_s, u"日期:"_s, u"相机:"_s, u"镜头:"_s, u"评分:"_s,
                           u"格式:"_s, u"has:"_s,    u"尺寸:"_s, u"方向:"_s, u"类型:"_s, u"图片:"_s};
    QCOMPARE(completed(u"¦"_s), keys);
    QStringList after;
    for (const QString &key : keys)
        after << u"狗 "_s + key;
    QCOMPARE(completed(u"狗 ¦"_s), after);
}

void tst_QueryCompletions::areAllUnderstood()
{
    for (const QString &key : {u"标签:"_s, u"文件夹:"_s, u"日期:"_s, u"相机:"_s, u"评分:"_s, u"格式:"_s,
                               u"has:"_s, u"尺寸:"_s, u"方向:"_s, u"类型:"_s, u"日期:2020.."_s}) {
        const QStringList lines = completed(key + u'¦');
        QVERIFY(!lines.isEmpty());
        for (const QString &line : lines) {
            const auto result = parse(line, kToday);
            const auto *query = std::get_if<Query>(&result);
            QVERIFY2(query && query->terms.empty() && query->filter, qPrintable(line));
        }
    }
}

QTEST_GUILESS_MAIN(tst_QueryCompletions)
#include "tst_query_completions.moc"

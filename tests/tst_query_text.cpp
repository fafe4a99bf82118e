// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/phrasings.h"
#include "core/query/query_text.h"
#include "fake_encoder.h"

#include <QTest>

using namespace yingxun;
using namespace Qt::StringLiterals;

class tst_QueryText : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void isWhatWasMeant_data();
    void isWhatWasMeant();
    void aSentenceIsAlsoAskedAsOne();
    void tellsWhatHasNoAnswer();
};

void tst_QueryText::isWhatWasMeant_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("text");
    const auto row = [](const char *name, const QString &typed, const QString &text) {
        QTest::newRow(name) << typed << text;
    };
    row("plain", u"雪地里奔跑的狗"_s, u"雪地里奔跑的狗"_s);
    row("full stop", u"火山。"_s, u"火山"_s);
    row("corner brackets", u"「火山」"_s, u"火山"_s);
    row("quotes in brackets", u"（“火山”）！？"_s, u"火山"_s);
    row("Western quotes", u"\"volcano\"..."_s, u"volcano"_s);
    row("emoji after", u"火山🌋"_s, u"火山"_s);
    row("emoji of several parts", u"👩🏽‍🚒❤️火山"_s, u"火山"_s);
    row("emoji between words", u"red🌋dog"_s, u"red dog"_s);
    row("a flag", u"🇨🇳 火山"_s, u"火山"_s);
    row("full-width letters", u"ｖｏｌｃａｎｏ"_s, u"volcano"_s);
    row("full-width blank", u"　红色　　的狗\t"_s, u"红色 的狗"_s);
    row("case is the tokenizer's", u"Volcano"_s, u"Volcano"_s);
    row("punctuation within", u"红、绿"_s, u"红、绿"_s);
    row("an apostrophe within", u"dog's"_s, u"dog's"_s);
    row("signs that mean something", u"C++"_s, u"C++"_s);
    row("numbers with their unit", u"25°"_s, u"25°"_s);
    row("percent", u"100%。"_s, u"100%"_s);
    row("traditional", u"貓頭鷹與鳥"_s, u"猫头鹰与鸟"_s);
    row("traditional in quotes", u"『龍』"_s, u"龙"_s);
    row("beyond the first plane", u"「𠮷」"_s, u"𠮷"_s);
    row("nothing", QString(), QString());
    row("emoji alone", u"🌋👩🏽‍🚒"_s, QString());
    row("punctuation alone", u"「」……"_s, QString());
    row("signs alone", u"+ ★ ="_s, QString());
}

void tst_QueryText::isWhatWasMeant()
{
    QFETCH(QString, typed);
    QFETCH(QString, text);
    QCOMPARE(query::queryText(typed), text);
    QCOMPARE(query::queryText(text), text); // Cleaning it again changes nothing.
}

void tst_QueryText::aSentenceIsAlsoAskedAsOne()
{
    using Texts = std::vector<std::string>;
    QCOMPARE(query::phrasings(u"火山"_s), Texts{"火山"});
    QCOMPARE(query::phrasings(u"a dog runs on the beach"_s), Texts{"a dog runs on the beach"});
    QCOMPARE(query::phrasings(u"在玩滑板的两个女孩"_s),
             (Texts{"在玩滑板的两个女孩", "在玩滑板的两个女孩。"}));
    QCOMPARE(query::phrasings(u"一只狗在雪地里奔跑 2023"_s), Texts{"一只狗在雪地里奔跑 2023"});
    test::FakeEncoder encoder;
    for (const QString &text : {u"绿"_s, u"绿色的草地上有一只狗"_s}) {
        const auto embedding = query::embeddingOf(text, encoder);
        QVERIFY(embedding);
        double squares = 0;
        for (const float value : *embedding)
            squares += double(value) * double(value);
        QVERIFY(std::abs(squares - 1) < 1e-5 && embedding->at(1) > 0.9F);
    }
    QCOMPARE(encoder.textCalls.load(), 2);
}

void tst_QueryText::tellsWhatHasNoAnswer()
{
    const test::FakeEncoder encoder;
    const auto problem = [&encoder](const QString &text) { return int(query::queryProblem(encoder, text)); };
    QCOMPARE(problem(QString()), int(query::QueryProblem::NoWords));
    QCOMPARE(problem(u"犇"_s), int(query::QueryProblem::UnknownWords));
    QCOMPARE(problem(u"犇、犇"_s), int(query::QueryProblem::UnknownWords));
    QCOMPARE(problem(u"犇红"_s), int(query::QueryProblem::None));
    QCOMPARE(problem(u"红"_s), int(query::QueryProblem::None));
}

QTEST_GUILESS_MAIN(tst_QueryText)
#include "tst_query_text.moc"

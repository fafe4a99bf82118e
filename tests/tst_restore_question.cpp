// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/restore_question.h"

#include <QLocale>
#include <QPushButton>
#include <QTest>
#include <QTimer>

using namespace yingxun;
using namespace Qt::StringLiterals;

class tst_RestoreQuestion : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void restoresOnlyOnTheUsersWord_data();
    void restoresOnlyOnTheUsersWord();
    void offersNoCopyWhereThereIsNone();
};

void tst_RestoreQuestion::restoresOnlyOnTheUsersWord_data()
{
    QTest::addColumn<Qt::Key>("key"); // None: the button is clicked.
    QTest::addColumn<bool>("restores");
    QTest::newRow("the button") << Qt::Key(0) << true;
    QTest::newRow("Escape") << Qt::Key_Escape << false;
    QTest::newRow("Return at once") << Qt::Key_Return << false;
}

void tst_RestoreQuestion::restoresOnlyOnTheUsersWord()
{
    QFETCH(Qt::Key, key);
    QFETCH(bool, restores);
    const QDate day(2024, 5, 1);
    ui::RestoreQuestion question(u"user.db: malformed"_s, day);
    QVERIFY(question.informativeText().contains(QLocale().toString(day, QLocale::LongFormat)));
    QTimer::singleShot(0, &question, [&] {
        if (key == Qt::Key(0))
            question.findChild<QPushButton *>(u"restoreButton"_s)->click();
        else
            QTest::keyClick(&question, key);
    });
    question.exec();
    QCOMPARE(question.isRestoreChosen(), restores);
}

void tst_RestoreQuestion::offersNoCopyWhereThereIsNone()
{
    ui::RestoreQuestion question(u"user.db: malformed"_s, {});
    QVERIFY(question.findChild<QPushButton *>(u"restoreButton"_s) == nullptr);
    QTimer::singleShot(0, &question, [&] { QTest::keyClick(&question, Qt::Key_Escape); });
    question.exec();
    QVERIFY(!question.isRestoreChosen());
}

QTEST_MAIN(tst_RestoreQuestion)
#include "tst_restore_question.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/parser.h"
#include "core/services/query_error_text.h"
#include "ui/search_field.h"

#include <QClipboard>
#include <QDropEvent>
#include <QGuiApplication>
#include <QImage>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QSignalSpy>
#include <QTest>
#include <QUrl>

#include <memory>

using namespace yingxun;
using namespace Qt::StringLiterals;

class tst_SearchField : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void takesPicturesThatAreDropped();
    void takesOneOfAPhotoAndWhatGoesWithIt();
    void leavesTextToTheLine();
    void takesFilesThatArePasted();
    void handsOnPixelsThatArePasted();
    void forgetsWhatWasWrongWithAnotherLine();
    void saysWhatToWriteForEitherOfTwoDescriptions();

private:
    bool drop(const QMimeData &mime);
    void paste(QMimeData *mime); ///< Takes ownership.

    std::unique_ptr<ui::SearchField> m_field;
    QLineEdit *m_line = nullptr;
};

void tst_SearchField::init()
{
    m_field = std::make_unique<ui::SearchField>();
    m_line = m_field->findChild<QLineEdit *>(u"searchField"_s);
    QVERIFY(m_line);
    m_field->show();
}

bool tst_SearchField::drop(const QMimeData &mime)
{
    const QPoint at = m_line->rect().center();
    QDragEnterEvent enter(at, Qt::CopyAction | Qt::MoveAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(m_line, &enter);
    QDropEvent dropped(at, Qt::CopyAction | Qt::MoveAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(m_line, &dropped);
    return enter.isAccepted() && dropped.isAccepted();
}

void tst_SearchField::paste(QMimeData *mime)
{
    QGuiApplication::clipboard()->setMimeData(mime);
    QTest::keySequence(m_line, QKeySequence::Paste);
}

void tst_SearchField::takesPicturesThatAreDropped()
{
    QSignalSpy wanted(m_field.get(), &ui::SearchField::searchWanted);
    m_line->setText(u"在雪地里 "_s);
    QMimeData mime;
    mime.setUrls({QUrl::fromLocalFile(u"/a b/狗.jpg"_s), QUrl::fromLocalFile(u"/c/d.png"_s)});
    QVERIFY(drop(mime));
    QCOMPARE(m_line->text(), u"在雪地里 image:\"/a b/狗.jpg\" image:/c/d.png"_s);
    QCOMPARE(wanted.last().first().toString(), m_line->text());

    mime.setUrls({QUrl(u"https://example.org/e.jpg"_s)});
    m_line->clear();
    drop(mime);
    QVERIFY(!m_line->text().contains(u"image:"_s));
}

void tst_SearchField::takesOneOfAPhotoAndWhatGoesWithIt()
{
    QMimeData mime;
    mime.setUrls({QUrl::fromLocalFile(u"/c/d.jpg"_s), QUrl::fromLocalFile(u"/c/d.nef"_s),
                  QUrl::fromLocalFile(u"/c/d.e.jpg"_s)});
    QVERIFY(drop(mime));
    QCOMPARE(m_line->text(), u"image:/c/d.jpg image:/c/d.e.jpg"_s);
}

void tst_SearchField::leavesTextToTheLine()
{
    QMimeData mime;
    mime.setText(u"海边"_s);
    QVERIFY(drop(mime));
    QCOMPARE(m_line->text(), u"海边"_s);
    auto *table = new QMimeData; // As office programs copy it: text, and a picture of it.
    table->setText(u"日落"_s);
    table->setImageData(QImage(4, 4, QImage::Format_RGB32));
    QSignalSpy pasted(m_field.get(), &ui::SearchField::picturePasted);
    m_line->clear();
    paste(table);
    QCOMPARE(m_line->text(), u"日落"_s);
    QVERIFY(pasted.isEmpty());
}

void tst_SearchField::takesFilesThatArePasted()
{
    m_line->setText(u"海边"_s);
    auto *mime = new QMimeData;
    mime->setUrls({QUrl::fromLocalFile(u"/c/d.png"_s)});
    m_line->selectAll();
    paste(mime);
    QCOMPARE(m_line->text(), u"image:/c/d.png"_s); // In the place of what was selected.
}

void tst_SearchField::handsOnPixelsThatArePasted()
{
    QSignalSpy pasted(m_field.get(), &ui::SearchField::picturePasted);
    auto *mime = new QMimeData;
    QImage image(4, 4, QImage::Format_RGB32);
    image.fill(Qt::red);
    mime->setImageData(image);
    paste(mime);
    QCOMPARE(pasted.size(), 1);
    QCOMPARE(pasted.first().first().value<QImage>().pixelColor(1, 1), QColor(Qt::red));
    QVERIFY(m_line->text().isEmpty());
    m_field->addPicture(u"/data/pasted/1.png"_s);
    QCOMPARE(m_line->text(), u"image:/data/pasted/1.png"_s);
}

void tst_SearchField::forgetsWhatWasWrongWithAnotherLine()
{
    auto *error = m_field->findChild<QLabel *>(u"searchError"_s);
    m_line->setText(u"标签:"_s);
    m_field->setError(query::SyntaxError{});
    QTRY_VERIFY(error->isVisible());
    m_line->setText(u"狗"_s); // Nobody reads it as long as there is no model.
    QVERIFY(error->isVisible());
    QTRY_VERIFY(!error->isVisible());

    m_line->setText(u"标签:"_s);
    m_field->setError(query::SyntaxError{});
    QTRY_VERIFY(error->isVisible());
    m_field->addPicture(u"/c/d.png"_s);
    QVERIFY(!error->isVisible());
}

void tst_SearchField::saysWhatToWriteForEitherOfTwoDescriptions()
{
    const QDate today(2026, 11, 27);
    const auto wrong = query::parse(u"猫|狗"_s, today);
    QVERIFY(std::holds_alternative<query::SyntaxError>(wrong));
    const QString said = services::queryErrorText(std::get<query::SyntaxError>(wrong));
    for (const QString &advice : {u"猫或狗"_s, u"label:a | label:b"_s}) {
        QVERIFY2(said.contains(advice), qPrintable(said));
        QVERIFY(std::holds_alternative<query::Query>(query::parse(advice, today)));
    }
}

QTEST_MAIN(tst_SearchField)
#include "tst_search_field.moc"

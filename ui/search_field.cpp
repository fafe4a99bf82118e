// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/search_field.h"

#include "core/query/printer.h"
#include "core/services/path_text.h"
#include "core/services/query_error_text.h"

#include <QAbstractItemView>
#include <QClipboard>
#include <QCompleter>
#include <QDropEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QImage>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QStringListModel>
#include <QToolButton>
#include <QUrl>
#include <QVBoxLayout>

#include <filesystem>

using namespace Qt::StringLiterals;

namespace yingxun::ui {
namespace {

/// Of files; of a photo and what goes with it under its name, such as its raw file, the first one.
QStringList picturesIn(const QMimeData &mime)
{
    QStringList pictures;
    std::filesystem::path before;
    for (const QUrl &url : mime.urls()) {
        const std::filesystem::path path = services::pathOfUrl(url);
        const auto name = std::filesystem::path(path).replace_extension();
        if (!path.empty() && name != before)
            pictures.append(services::textOfPath(path.string()));
        before = name;
    }
    return pictures;
}

bool holdsPicture(const QMimeData &mime)
{
    return !picturesIn(mime).isEmpty() || (mime.hasImage() && !mime.hasText());
}

} // namespace

SearchField::SearchField(QWidget *parent)
    : QWidget(parent), m_line(new QLineEdit(this)), m_star(new QToolButton(this)),
      m_errorLine(new QLabel(this)), m_offered(new QStringListModel(this)),
      m_completer(new QCompleter(m_offered, this))
{
    m_line->setObjectName(u"searchField"_s);
    m_line->setAccessibleName(tr("Description"));
    m_line->setPlaceholderText(tr("Describe a photo in Chinese, such as 雪地里奔跑的狗"));
    m_line->setClearButtonEnabled(true);
    QFont font = m_line->font();
    font.setPointSizeF(font.pointSizeF() * 1.25);
    m_line->setFont(font);
    m_line->setMinimumHeight(38);
    m_star->setObjectName(u"saveSearch"_s);
    m_star->setAutoRaise(true);
    m_star->setFont(font);
    m_star->setAccessibleName(tr("Save this search"));
    m_errorLine->setObjectName(u"searchError"_s);
    m_errorLine->setContentsMargins(8, 0, 8, 0);
    m_errorLine->setTextFormat(Qt::PlainText);
    m_errorLine->setWordWrap(true);
    m_errorLine->hide();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    auto *row = new QHBoxLayout;
    row->addWidget(m_line);
    row->addWidget(m_star);
    layout->addLayout(row);
    layout->addWidget(m_errorLine);

    // Only its list: QLineEdit would put a completion in the place of the whole line.
    m_completer->setWidget(m_line);
    m_completer->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
    m_completer->popup()->setObjectName(u"searchCompletions"_s);
    connect(m_completer, QOverload<const QModelIndex &>::of(&QCompleter::activated), this,
            [this](const QModelIndex &index) {
                if (m_offersHistory)
                    ask(index.data().toString());
                else if (index.isValid() && index.row() < int(m_completions.size()))
                    complete(query::Completion(m_completions[std::size_t(index.row())]));
            });

    m_pause.setSingleShot(true);
    m_pause.setInterval(kPauseMs);
    connect(&m_pause, &QTimer::timeout, this, &SearchField::showError);
    connect(m_line, &QLineEdit::textChanged, this, [this](const QString &typed) {
        m_error.reset(); // Of another line; the new one may not be read before there is a model.
        m_pause.start();
        m_standing.start();
        showStar();
        Q_EMIT searchWanted(typed);
    });
    connect(m_star, &QToolButton::clicked, this, [this] { Q_EMIT saveWanted(line()); });
    showStar();
    m_standing.setSingleShot(true);
    m_standing.setInterval(kStandMs);
    connect(&m_standing, &QTimer::timeout, this, &SearchField::note);
    m_line->installEventFilter(this);
    connect(m_line, &QLineEdit::textEdited, this, &SearchField::offer);
    connect(m_line, &QLineEdit::returnPressed, this, [this] {
        m_pause.stop();
        showError();
        note();
        Q_EMIT searchWanted(m_line->text());
    });
}

void SearchField::beginTyping()
{
    m_line->setFocus();
    m_line->selectAll();
}

void SearchField::addPicture(const QString &path)
{
    const QString term = query::print({{}, {{path, 1, {}}}, {}});
    const QString typed = m_line->text().trimmed();
    m_line->setText(typed.isEmpty() ? term : typed + u' ' + term);
    m_pause.stop(); // Nobody types: what is wrong with the file is said at once.
    showError();
}

bool SearchField::take(const QMimeData &mime)
{
    const QStringList pictures = picturesIn(mime);
    for (const QString &picture : pictures)
        addPicture(picture);
    if (!pictures.isEmpty())
        return true;
    if (!holdsPicture(mime))
        return false;
    Q_EMIT picturePasted(qvariant_cast<QImage>(mime.imageData()));
    return true;
}

bool SearchField::eventFilter(QObject *watched, QEvent *event)
{
    switch (event->type()) {
    case QEvent::DragEnter:
    case QEvent::DragMove:
    case QEvent::Drop: {
        auto *drop = static_cast<QDropEvent *>(event); // The others are ones, too.
        if (!holdsPicture(*drop->mimeData()))
            break;
        if (event->type() == QEvent::Drop)
            take(*drop->mimeData());
        drop->setDropAction(Qt::CopyAction);
        drop->accept();
        return true;
    }
    case QEvent::KeyPress: {
        auto *key = static_cast<QKeyEvent *>(event);
        if (key->key() == Qt::Key_Down && m_line->text().isEmpty() && !m_completer->popup()->isVisible()) {
            offerHistory();
            return true;
        }
        const QMimeData *mime = QGuiApplication::clipboard()->mimeData();
        if (!key->matches(QKeySequence::Paste) || !mime || !holdsPicture(*mime))
            break;
        if (m_line->hasSelectedText())
            m_line->insert({}); // As any pasting does.
        return take(*mime);
    }
    default:
        break;
    }
    return QWidget::eventFilter(watched, event);
}

QString SearchField::line() const
{
    return m_line->text();
}

void SearchField::ask(const QString &line)
{
    if (line == m_line->text())
        Q_EMIT searchWanted(line); // Something else may have been asked since then.
    else
        m_line->setText(line);
}

void SearchField::setSaved(const QList<SavedSearch> &searches)
{
    m_saved.clear();
    for (const SavedSearch &search : searches)
        m_saved.append(QString::fromStdString(search.line));
    showStar();
}

void SearchField::showStar()
{
    const QString typed = line().trimmed();
    const bool isSaved = m_saved.contains(typed);
    m_star->setText(isSaved ? u"★"_s : u"☆"_s);
    m_star->setToolTip(isSaved ? tr("This search is saved.")
                               : tr("Save this search: it is then found at the left (Ctrl+D)."));
    m_star->setEnabled(!typed.isEmpty());
}

void SearchField::setEquipment(const QStringList &cameras, const QStringList &lenses)
{
    m_names.cameras = cameras;
    m_names.lenses = lenses;
}

void SearchField::setError(const std::optional<query::SyntaxError> &error)
{
    m_error = error;
    if (!m_error || !m_pause.isActive())
        showError();
}

void SearchField::showError()
{
    m_errorLine->setText(m_error ? services::queryErrorText(*m_error) : QString());
    m_errorLine->setVisible(m_error.has_value());
}

void SearchField::offerHistory()
{
    if (m_history.isEmpty())
        return;
    m_offersHistory = true;
    m_offered->setStringList(m_history);
    m_completer->complete();
    m_completer->popup()->setCurrentIndex(m_offered->index(0)); // Whoever asks for it goes on with Return.
}

void SearchField::leaveOut()
{
    m_standing.stop();
}

void SearchField::note()
{
    if (m_error || line().trimmed().isEmpty())
        return;
    m_standing.stop();
    Q_EMIT lineStood(line().trimmed());
}

void SearchField::offer()
{
    m_offersHistory = false;
    const QString typed = m_line->text();
    m_completions = query::completions(typed, m_line->cursorPosition(), QDate::currentDate(), m_names);
    // Not the list of all keys after each blank, nor what stands there already.
    std::erase_if(m_completions, [&typed](const query::Completion &one) {
        const bool isUnasked = one.kind == query::Completion::Kind::Key && one.replaced.length == 0;
        return isUnasked || typed.mid(one.replaced.offset, one.replaced.length) == one.text;
    });
    QStringList texts;
    for (const query::Completion &one : m_completions)
        texts << one.text;
    m_offered->setStringList(texts);
    if (texts.isEmpty())
        m_completer->popup()->hide();
    else
        propose();
}

void SearchField::propose()
{
    m_completer->complete();
    // Nobody has chosen one yet: Return is for what was typed.
    m_completer->popup()->selectionModel()->clearCurrentIndex();
}

void SearchField::complete(const query::Completion &chosen)
{
    QString typed = m_line->text();
    typed.replace(chosen.replaced.offset, chosen.replaced.length, chosen.text);
    m_line->setText(typed);
    m_line->setCursorPosition(int(chosen.replaced.offset + chosen.text.size()));
    if (chosen.kind == query::Completion::Kind::Key)
        offer(); // Its values.
}

} // namespace yingxun::ui

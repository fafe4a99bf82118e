// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/db/records.h"
#include "core/query/completions.h"
#include "core/query/syntax.h"

#include <QList>
#include <QTimer>
#include <QWidget>

#include <optional>
#include <vector>

class QCompleter;
class QImage;
class QLabel;
class QLineEdit;
class QMimeData;
class QStringListModel;
class QToolButton;

namespace yingxun::ui {

/// Where the query line is typed. Offers what may follow at the cursor, and says below what is wrong with the
/// line, once nobody types any more. Down in an empty line shows what was asked before. Picture files that
/// are dropped or pasted into it become terms of the line.
class SearchField : public QWidget
{
    Q_OBJECT
public:
    static constexpr int kPauseMs =
        700; ///< What is wrong with a line that is being typed is not said sooner.
    static constexpr int kStandMs = 2000; ///< A line that stands for so long was meant, and is noted.

    explicit SearchField(QWidget *parent = nullptr);

    void beginTyping(); ///< Takes the focus, and selects all.
    QString line() const;
    void ask(const QString &line); ///< As if it had been typed.
    void setSaved(const QList<yingxun::SavedSearch> &searches);
    void setLabels(const QStringList &names) { m_names.labels = names; }
    void setFolders(const QStringList &names) { m_names.folders = names; }
    void setHistory(const QStringList &lines) { m_history = lines; } ///< What was asked before.
    void leaveOut(); ///< The line as it is now does not belong to the history.
    void setEquipment(const QStringList &cameras, const QStringList &lenses);
    /// What is wrong with the line as it is now; nothing: it is right.
    void setError(const std::optional<query::SyntaxError> &error);

    void addPicture(const QString &path); ///< A term at the end of the line.

Q_SIGNALS:
    void picturePasted(const QImage &picture); ///< Without a file: addPicture() is waited for.
    void searchWanted(const QString &typed);   ///< At each key, and with Return.
    void saveWanted(const QString &line);
    void lineStood(const QString &line); ///< Or was confirmed with Return: it belongs to the history.

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    bool take(const QMimeData &mime); ///< False: it holds no picture.
    void offer();
    void offerHistory();
    void propose();
    void note();
    void complete(const query::Completion &chosen);
    void showError();
    void showStar(); ///< Full when the line is saved.

    QLineEdit *m_line;
    QToolButton *m_star;
    QLabel *m_errorLine;
    QStringListModel *m_offered;
    QCompleter *m_completer;
    std::vector<query::Completion> m_completions; ///< As offered.
    QStringList m_history;
    bool m_offersHistory = false; ///< In the place of completions.
    query::KnownNames m_names;
    QStringList m_saved; ///< Lines.
    std::optional<query::SyntaxError> m_error;
    QTimer m_pause;
    QTimer m_standing;
};

} // namespace yingxun::ui

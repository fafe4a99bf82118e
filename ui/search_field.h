// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/query/completions.h"
#include "core/query/syntax.h"

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

namespace yingxun::ui {

/// Where the query line is typed. Offers what may follow at the cursor, and says below what is wrong with the
/// line, once nobody types any more. Picture files that are dropped or pasted into it become terms of the
/// line.
class SearchField : public QWidget
{
    Q_OBJECT
public:
    static constexpr int kPauseMs =
        700; ///< What is wrong with a line that is being typed is not said sooner.

    explicit SearchField(QWidget *parent = nullptr);

    void beginTyping(); ///< Takes the focus, and selects all.
    void setLabels(const QStringList &names) { m_names.labels = names; }
    void setFolders(const QStringList &names) { m_names.folders = names; }
    void setEquipment(const QStringList &cameras, const QStringList &lenses);
    /// What is wrong with the line as it is now; nothing: it is right.
    void setError(const std::optional<query::SyntaxError> &error);

    void addPicture(const QString &path); ///< A term at the end of the line.

Q_SIGNALS:
    void picturePasted(const QImage &picture); ///< Without a file: addPicture() is waited for.
    void searchWanted(const QString &typed);   ///< At each key, and with Return.

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    bool take(const QMimeData &mime); ///< False: it holds no picture.
    void offer();
    void propose();
    void complete(const query::Completion &chosen);
    void showError();

    QLineEdit *m_line;
    QLabel *m_errorLine;
    QStringListModel *m_offered;
    QCompleter *m_completer;
    std::vector<query::Completion> m_completions; ///< As offered.
    query::KnownNames m_names;
    std::optional<query::SyntaxError> m_error;
    QTimer m_pause;
};

} // namespace yingxun::ui

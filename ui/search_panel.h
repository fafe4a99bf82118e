// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/db/records.h"

#include <QList>
#include <QWidget>

class QAction;
class QListWidget;

namespace yingxun::services {
class Librarian;
}

namespace yingxun::ui {

/// The saved searches: choose, keep, rename, delete. Not to be seen while there are none.
class SearchPanel : public QWidget
{
    Q_OBJECT
public:
    /// `librarian` is borrowed and outlives the panel.
    explicit SearchPanel(services::Librarian *librarian, QWidget *parent = nullptr);

    void save(const QString &line);     ///< Asks for a name to keep it under.
    void setAsked(const QString &line); ///< Points out the search of this line, if there is one.

Q_SIGNALS:
    void searchChosen(const QString &line);
    void refused(const QString &reason); ///< Why a line is not kept.

private:
    void setSearches(const QList<SavedSearch> &searches);
    const SavedSearch *current() const; ///< Null when none is chosen.
    void choose();
    void rename();
    void remove();
    void showMenu(const QPoint &at);
    void pointOut();
    QStringList namesBut(SavedSearchId search) const;

    services::Librarian *m_librarian;
    QListWidget *m_list;
    QAction *m_rename;
    QAction *m_remove;
    QList<SavedSearch> m_searches;
    QString m_asked;
};

} // namespace yingxun::ui

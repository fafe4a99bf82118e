// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>

class QAction;
class QMenu;
class QUndoStack;

namespace yingxun::ui {

class PhotoBrowser;
class PhotoGrid;
class PhotoListModel;

/// Marks the selected photos of a search as right (+) or wrong (-), of a video the scene that is shown, which
/// refines it at once. The same again, Escape and the undo stack take it back.
class FeedbackActions : public QObject
{
    Q_OBJECT
public:
    /// All borrowed; they outlive this. The keys are the grid's.
    FeedbackActions(PhotoBrowser *browser, PhotoListModel *model, PhotoGrid *grid, QUndoStack *undo,
                    QObject *parent);

    void addTo(QMenu *menu) const; ///< Of the photos.

Q_SIGNALS:
    void told(const QString &text); ///< For the message line; empty: what was told no longer holds.

private:
    enum class Mark { More, Less };
    QAction *makeAction(const QString &text, Qt::Key key);
    void mark(Mark mark);
    void takeBack();
    void onChanged();

    PhotoBrowser *m_browser;
    PhotoListModel *m_model;
    PhotoGrid *m_grid;
    QUndoStack *m_undo;
    QAction *m_more;
    QAction *m_less;
    QAction *m_takeBack;
};

} // namespace yingxun::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/db/records.h"
#include "ui/services.h"

#include <QElapsedTimer>
#include <QMainWindow>
#include <QPointer>
#include <QTimer>
#include <QUndoStack>

class QLabel;
class QMenu;
class QStackedWidget;

namespace yingxun::ui {

class FeedbackActions;
class FolderPanel;
class LabelPanel;
class MessageLine;
class PhotoBrowser;
class PhotoGrid;
class PhotoListModel;
class PhotoViewer;
class ProblemsDialog;
class SearchField;
class SearchPanel;
class StatusPanel;
class ZeroShotPanel;

/// The window: places and labels at the side, the search field on top, the grid or one large photo, the
/// status below.
class MainWindow : public QMainWindow
{
    Q_OBJECT
public:
    explicit MainWindow(const Services &services, QWidget *parent = nullptr);

    void showModel(const QString &name, const QString &device); ///< In the status bar.
    void showWarning(const QString &text); ///< In the status bar, until the next one; empty: none.
    void showMessage(const QString &text); ///< Above the status bar, until the next one.

private:
    QWidget *makeSidebar();
    QWidget *makeContent();
    void makeActions();
    void connectLibrary();
    void connectSearch();
    void connectSavedSearches();
    void connectViews();

    void addFolder();
    void removeFolder();
    void editExclusions();
    void openPhoto(const Photo &photo);
    void closeViewer();
    void searchLike(const Photo &photo);
    void searchLikeCurrent();
    void showPage(); ///< The grid, or the sentence that stands for an empty one.
    void showPhotoMenu(const QPoint &globalPosition);
    void assignLabel(LabelId label, const QList<PhotoId> &photos);
    void unassignLabel();
    enum class RatingKeys { Shown, Hidden };
    void addRatingActions(QMenu *menu, RatingKeys keys); ///< Keys once only: two of one kind are ambiguous.
    void rate(int stars); ///< The large photo, else those selected; 0: no stars.
    void moveToTrash();   ///< The same photos.
    void showProblems();
    void onShown();

    Services m_services;
    PhotoListModel *m_model;
    PhotoBrowser *m_browser;
    PhotoGrid *m_grid = nullptr;
    FeedbackActions *m_feedback = nullptr;
    PhotoViewer *m_viewer = nullptr;
    FolderPanel *m_folders = nullptr;
    LabelPanel *m_labels = nullptr;
    SearchPanel *m_searches = nullptr;
    ZeroShotPanel *m_zeroShot = nullptr;
    StatusPanel *m_status = nullptr;
    SearchField *m_search = nullptr;
    QLabel *m_heading = nullptr;
    QLabel *m_empty = nullptr;
    MessageLine *m_message = nullptr;
    QStackedWidget *m_pages = nullptr;
    QPointer<ProblemsDialog> m_problems; ///< Null unless it is open.
    QTimer m_refresh;
    QElapsedTimer m_refreshed; ///< Since the latest refresh.
    QUndoStack m_undo;
    QList<Label> m_labelList;
    QList<Problem> m_problemList;
    QStringList m_exclusions; ///< Patterns of what is not indexed.
    bool m_hasFolders = false;
    bool m_newQuestion = true;
};

} // namespace yingxun::ui

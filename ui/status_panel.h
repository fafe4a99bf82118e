// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jobs/indexer.h"

#include <QWidget>

class QLabel;
class QProgressBar;
class QToolButton;

namespace yingxun::ui {

/// Progress of indexing with pause and cancel; model and device at the right.
class StatusPanel : public QWidget
{
    Q_OBJECT
public:
    StatusPanel(jobs::Indexer *indexer, const QString &modelName, const QString &device,
                QWidget *parent = nullptr);

    void setPhotoCount(qsizetype photos);

private:
    void show(const jobs::IndexProgress &progress);
    void showAccess(jobs::LibraryAccess access);

    jobs::Indexer *m_indexer;
    QLabel *m_text;
    QLabel *m_count;
    QLabel *m_access; ///< Says why this window does not index; hidden when it does.
    QProgressBar *m_bar;
    QToolButton *m_pause;
    QToolButton *m_cancel;
};

} // namespace yingxun::ui

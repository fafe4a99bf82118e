// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ids.h"
#include "core/services/indexer.h"
#include "ui/services.h"

#include <QWidget>

class QLabel;
class QProgressBar;
class QToolButton;

namespace yingxun::ui {

/// Whether the library is current, progress of indexing with pause and cancel; model and device at the right.
/// Above them a change of the
/// model and a warning, when there are any.
class StatusPanel : public QWidget
{
    Q_OBJECT
public:
    explicit StatusPanel(const Services &services, QWidget *parent = nullptr);

    void setPhotoCount(qsizetype photos);
    void setModel(const QString &name, const QString &device); ///< Without a name: there is none.
    void setWarning(const QString &text);                      ///< Empty: none.

Q_SIGNALS:
    void problemsWanted();
    void folderWanted(yingxun::FolderId folder); ///< Something is to be said of it.

private:
    void show(const services::IndexProgress &progress);
    void showAccess(ingest::LibraryAccess access);
    QWidget *makeChange(services::ModelSwitch *models); ///< The line on a change of the model.
    QWidget *makeLight(services::HealthMonitor *monitor);

    services::Indexer *m_indexer;
    QLabel *m_text;
    QLabel *m_count;
    QLabel *m_access; ///< Says why this window does not index; hidden when it does.
    QLabel *m_warning;
    QProgressBar *m_bar;
    QToolButton *m_pause;
    QToolButton *m_cancel;
    QLabel *m_model;
};

} // namespace yingxun::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/model_keeper.h"

#include <QDialog>
#include <QHash>

#include <filesystem>

class QLabel;
class QProgressBar;
class QPushButton;
class QVBoxLayout;

namespace yingxun::ui {

class ModelRow;
class ModelSourceField;

/// Shows which models there are, gets them, checks them, and chooses the one in use. What goes on when it is
/// closed goes on.
class ModelsDialog : public QDialog
{
    Q_OBJECT
public:
    /// @param keeper  borrowed; outlives it. @param inUse  the id of the model that is in use.
    ModelsDialog(models::ModelKeeper *keeper, const QString &inUse, QWidget *parent = nullptr);

    void setInUse(const QString &id);
    void present(); ///< Shows it, in front.

Q_SIGNALS:
    void useRequested(const QString &id); ///< models::kStarterId: the one that is part of the program.
    void noticed(const QString &text);    ///< How something ended while this was closed.

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    QWidget *makeAddRow();
    void setModels(const QList<models::ModelEntry> &entries);
    ModelRow *makeRow(const QString &id);
    void showProgressOf(const QString &id);
    void onFinished(const QString &id, models::ModelWork work);
    void notice(const QString &text);
    void addFile();
    void addFolder();
    void add(const QUrl &url);
    void remove(const QString &id);
    QString titleOf(const QString &id) const;

    models::ModelKeeper *m_keeper;
    QString m_inUse;
    QList<models::ModelEntry> m_entries;
    QHash<QString, ModelRow *> m_rows;
    QVBoxLayout *m_list;
    ModelSourceField *m_source;
    QPushButton *m_add = nullptr;
    QProgressBar *m_addBar = nullptr;
    QLabel *m_addPace = nullptr;
    QPushButton *m_addCancel = nullptr;
    QLabel *m_message;
};

} // namespace yingxun::ui

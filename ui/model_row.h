// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/model_keeper.h"

#include <QWidget>

#include <array>
#include <optional>

class QLabel;
class QProgressBar;
class QPushButton;

namespace yingxun::ui {

/// How far something with a model is, for people: how much of how much, the rate, and the time left.
QString progressText(const models::ModelProgress &progress);
void showProgress(QProgressBar *bar, const models::ModelProgress &progress);

/// One model in the dialog: what it is, how it stands, and what can be done with it.
class ModelRow : public QWidget
{
    Q_OBJECT
public:
    explicit ModelRow(QWidget *parent = nullptr);

    enum class Use { InUse, NotInUse };
    void setEntry(const models::ModelEntry &entry, Use use);
    void setProgress(const std::optional<models::ModelProgress> &progress); ///< None: nothing is being done.

    const models::ModelEntry &entry() const { return m_entry; }
    QString title() const;

Q_SIGNALS:
    void downloadWanted();
    void cancelWanted();
    void useWanted();
    void verifyWanted();
    void removeWanted();

private:
    void refresh();
    QString stateText() const;

    models::ModelEntry m_entry;
    std::optional<models::ModelProgress> m_progress;
    Use m_use = Use::NotInUse;
    QLabel *m_title;
    QLabel *m_state;
    std::array<QLabel *, 5> m_facts;
    QProgressBar *m_bar;
    QLabel *m_pace;
    QPushButton *m_get; ///< Downloads, continues and cancels, so that the focus stays.
    QPushButton *m_useIt;
    QPushButton *m_verify;
    QPushButton *m_remove;
};

} // namespace yingxun::ui

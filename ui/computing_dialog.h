// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/services/computing.h"

#include <QDialog>
#include <QHash>

class QAbstractButton;
class QButtonGroup;
class QComboBox;
class QGridLayout;
class QLabel;

namespace yingxun::services {
class ModelSwitch;
}

namespace yingxun::ui {

/// Chooses the device that the model runs on and the precision that it computes in. What is accepted is
/// applied at once, in the background; how that ended is heard from the switch.
class ComputingDialog : public QDialog
{
    Q_OBJECT
public:
    /// @param models  borrowed; outlives it. @param choices  with one device at least.
    ComputingDialog(services::ModelSwitch *models, services::ComputingChoices choices,
                    QWidget *parent = nullptr);

    void present(); ///< Shows it, in front.
    void accept() override;

Q_SIGNALS:
    void noticed(const QString &text); ///< That a choice could not be applied.

protected:
    void showEvent(QShowEvent *event) override;

private:
    void addPrecision(QGridLayout *grid, const QString &precision, const QString &title, const QString &text);
    QLabel *makeNote(const QString &decided);
    void showChosen();  ///< What is chosen up to now.
    void showNow();     ///< What the model runs on.
    void showFitting(); ///< Disables the precisions that the device does not compute in.
    const services::ComputingDevice &device() const; ///< Chosen, or taken without a choice.
    services::Computing chosen() const;

    services::ModelSwitch *m_models;
    services::ComputingChoices m_choices;
    QLabel *m_now;
    QComboBox *m_devices;
    QButtonGroup *m_precisions;
    QHash<QAbstractButton *, QLabel *> m_explanations;
};

} // namespace yingxun::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/model_menu.h"

#include "core/jobs/model_switch.h"
#include "ui/main_window.h"
#include "ui/models_dialog.h"

#include <QMenu>

namespace yingxun::ui {

void addModelActions(QMenu *menu, const Services &services, MainWindow *window)
{
    if (services.keeper == nullptr)
        return;
    auto *models = new ModelsDialog(services.keeper, services.modelName, window);
    if (services.modelSwitch != nullptr) {
        QObject::connect(models, &ModelsDialog::useRequested, services.modelSwitch, &jobs::ModelSwitch::use);
        QObject::connect(services.modelSwitch, &jobs::ModelSwitch::changed, models, &ModelsDialog::setInUse);
    }
    QObject::connect(models, &ModelsDialog::noticed, window, &MainWindow::showMessage);
    menu->addAction(MainWindow::tr("&Models…"), models, &ModelsDialog::present);
}

} // namespace yingxun::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/model_menu.h"

#include "core/services/model_switch.h"
#include "ui/computing_dialog.h"
#include "ui/main_window.h"
#include "ui/models_dialog.h"

#include <QMenu>

namespace yingxun::ui {

namespace {

void addModels(QMenu *menu, const Services &services, MainWindow *window)
{
    auto *models = new ModelsDialog(services.keeper, services.modelName, window);
    if (services.modelSwitch != nullptr) {
        QObject::connect(models, &ModelsDialog::useRequested, services.modelSwitch,
                         &services::ModelSwitch::use);
        QObject::connect(services.modelSwitch, &services::ModelSwitch::changed, models,
                         &ModelsDialog::setInUse);
    }
    QObject::connect(models, &ModelsDialog::noticed, window, &MainWindow::showMessage);
    menu->addAction(MainWindow::tr("&Models…"), models, &ModelsDialog::present);
}

void addComputing(QMenu *menu, const Services &services, MainWindow *window)
{
    auto *computing = new ComputingDialog(services.modelSwitch, services.computing, window);
    QObject::connect(computing, &ComputingDialog::noticed, window, &MainWindow::showMessage);
    menu->addAction(MainWindow::tr("&Computing…"), computing, &ComputingDialog::present);
}

} // namespace

void addModelActions(QMenu *menu, const Services &services, MainWindow *window)
{
    if (services.keeper != nullptr)
        addModels(menu, services, window);
    if (services.modelSwitch != nullptr && !services.computing.devices.isEmpty())
        addComputing(menu, services, window);
}

} // namespace yingxun::ui

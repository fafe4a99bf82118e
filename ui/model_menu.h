// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/services.h"

class QMenu;

namespace yingxun::ui {

class MainWindow;

/// Adds what opens the dialogs of the model, which become the window's. Without a service that a dialog
/// needs, its entry is left out.
void addModelActions(QMenu *menu, const Services &services, MainWindow *window);

} // namespace yingxun::ui

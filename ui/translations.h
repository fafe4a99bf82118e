// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QCoreApplication;
class QLocale;

namespace yingxun::ui {

/// Loads Yingxun's own translation for `locale` and Qt's for its standard dialogs, in place of earlier
/// ones. Texts made before keep their language, so call it before the window is built.
void installTranslations(QCoreApplication &application, const QLocale &locale);

} // namespace yingxun::ui

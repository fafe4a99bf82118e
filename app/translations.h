// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QLocale>

namespace yingxun::app {

/// Loads Yingxun's and Qt's own texts for a language; English is in the sources (its plurals in a file).
/// $YINGXUN_LANGUAGE ("zh_CN", "en") goes before the system's language.
void installTranslations(QCoreApplication &application);

} // namespace yingxun::app

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/translations.h"

#include <QLibraryInfo>
#include <QTranslator>

using namespace Qt::StringLiterals;

namespace yingxun::app {

void installTranslations(QCoreApplication &application)
{
    const QString chosen = qEnvironmentVariable("YINGXUN_LANGUAGE");
    QLocale locale = chosen.isEmpty() ? QLocale::system() : QLocale(chosen);
    if (locale.language() != QLocale::Chinese)
        locale = QLocale(QLocale::English);
    QLocale::setDefault(locale);

    const auto install = [&](const QString &name, const QString &directory) {
        auto *translator = new QTranslator(&application);
        if (translator->load(locale, name, u"_"_s, directory))
            QCoreApplication::installTranslator(translator);
        else
            delete translator;
    };
    install(u"qtbase"_s, QLibraryInfo::path(QLibraryInfo::TranslationsPath));
    install(u"yingxun"_s, u":/i18n"_s); // Last: asked first.
}

} // namespace yingxun::app

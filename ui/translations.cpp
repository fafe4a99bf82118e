// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/translations.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>

using namespace Qt::StringLiterals;

namespace yingxun::ui {

void installTranslations(QCoreApplication &application, const QLocale &locale)
{
    const QString own = u"yingxunTranslator"_s;
    const auto earlier = application.findChildren<QTranslator *>(own, Qt::FindDirectChildrenOnly);
    for (QTranslator *translator : earlier) {
        QCoreApplication::removeTranslator(translator);
        delete translator;
    }
    const auto install = [&](const QString &name, const QString &directory) {
        auto *translator = new QTranslator(&application);
        translator->setObjectName(own);
        if (translator->load(locale, name, u"_"_s, directory))
            QCoreApplication::installTranslator(translator);
        else
            delete translator;
    };
    install(u"qtbase"_s, QLibraryInfo::path(QLibraryInfo::TranslationsPath));
    const bool chinese = locale.language() == QLocale::Chinese;
    auto *translator = new QTranslator(&application);
    translator->setObjectName(own);
    // English carries the plural forms; it also serves every language that has no file.
    if (translator->load(chinese ? u":/i18n/yingxun_zh_CN.qm"_s : u":/i18n/yingxun_en.qm"_s))
        QCoreApplication::installTranslator(translator);
    else
        delete translator;
}

} // namespace yingxun::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/recovery.h"

#include "core/db/backup.h"
#include "core/db/catalogue.h"
#include "ui/restore_question.h"

#include <algorithm>

namespace yingxun::app {

bool mendLibrary(const std::filesystem::path &dataDirectory)
{
    const auto catalogue = db::Catalogue::open(dataDirectory);
    if (catalogue || !db::isUserDatabaseDamaged(dataDirectory))
        return true; // Other failures are told by the window.
    std::vector<db::BackupCopy> copies;
    if (auto found = db::backupCopies(dataDirectory))
        copies = *std::move(found);
    const auto newest = std::find_if(copies.begin(), copies.end(), [](const db::BackupCopy &copy) {
        return db::checkCopy(copy.file).has_value();
    });
    const QDate day = newest == copies.end()
                          ? QDate()
                          : QDate::fromString(QString::fromStdString(newest->date), Qt::ISODate);
    ui::RestoreQuestion question(QString::fromStdString(catalogue.error().message), day);
    question.exec();
    if (!question.isRestoreChosen())
        return false;
    const auto restored = db::restoreCopy(dataDirectory, newest->file);
    if (!restored)
        QMessageBox::critical(nullptr, {}, QString::fromStdString(restored.error().message));
    return restored.has_value();
}

} // namespace yingxun::app

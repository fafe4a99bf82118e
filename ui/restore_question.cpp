// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/restore_question.h"

#include <QLocale>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace yingxun::ui {

RestoreQuestion::RestoreQuestion(const QString &reason, const QDate &copy, QWidget *parent)
    : QMessageBox(parent)
{
    setObjectName(u"restoreQuestion"_s);
    setIcon(QMessageBox::Warning);
    setTextFormat(Qt::PlainText);
    setText(tr("The file with your labels and stars is damaged."));
    setDetailedText(reason);
    if (copy.isValid()) {
        const QString day = QLocale().toString(copy, QLocale::LongFormat);
        setInformativeText(tr("There is a good copy of %1. Put it back? What was changed since then would be "
                              "missing; the damaged file is kept beside it.")
                               .arg(day));
        m_restore = addButton(tr("Put the copy of %1 back").arg(day), QMessageBox::AcceptRole);
        m_restore->setObjectName(u"restoreButton"_s);
    } else {
        setInformativeText(tr("There is no good copy of it yet. Nothing has been changed."));
    }
    QPushButton *quit = addButton(tr("Quit"), QMessageBox::RejectRole);
    quit->setObjectName(u"quitButton"_s);
    setDefaultButton(quit);
    setEscapeButton(quit);
}

bool RestoreQuestion::isRestoreChosen() const
{
    return m_restore != nullptr && clickedButton() == m_restore;
}

} // namespace yingxun::ui

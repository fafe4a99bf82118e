// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/trash_question.h"

#include <QPushButton>

using namespace Qt::StringLiterals;

namespace yingxun::ui {

TrashQuestion::TrashQuestion(const QList<services::TrashItem> &items, QWidget *parent) : QMessageBox(parent)
{
    qsizetype companions = 0;
    for (const services::TrashItem &item : items)
        companions += item.companions.size();
    setObjectName(u"trashQuestion"_s);
    setIcon(QMessageBox::Question);
    setWindowTitle(tr("Move to the trash"));
    setText(tr("Move %n photo(s) to the trash?", nullptr, int(items.size())));
    QString more;
    if (companions > 0)
        more = tr("%n file(s) go along that are one with them: raw files, or the films of Live Photos.",
                  nullptr, int(companions)) +
               u"\n\n"_s;
    setInformativeText(more + tr("Sidecars (.xmp) go along. Labels and stars are kept, and undoing this puts "
                                 "everything back."));
    m_move = addButton(tr("Move to the trash"), QMessageBox::DestructiveRole);
    m_move->setObjectName(u"moveToTrashButton"_s);
    QPushButton *keep = addButton(tr("Keep"), QMessageBox::RejectRole);
    keep->setObjectName(u"keepButton"_s);
    setDefaultButton(keep);
    setEscapeButton(keep);
}

bool TrashQuestion::isConfirmed()
{
    exec();
    return clickedButton() == m_move;
}

} // namespace yingxun::ui

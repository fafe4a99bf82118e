// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/section_title.h"

namespace yingxun::ui {

SectionTitle::SectionTitle(const QString &text, QWidget *parent) : QLabel(text, parent)
{
    QFont bold = font();
    bold.setBold(true);
    setFont(bold);
    setContentsMargins(4, 8, 4, 2);
}

} // namespace yingxun::ui

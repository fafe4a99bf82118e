// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/message_line.h"

#include "ui/error_text.h"

using namespace Qt::StringLiterals;

namespace yingxun::ui {

MessageLine::MessageLine(QWidget *parent) : QLabel(parent)
{
    setObjectName(u"message"_s);
    setContentsMargins(8, 4, 8, 4);
    setWordWrap(true);
    setTextFormat(Qt::PlainText);
    hide();
}

void MessageLine::showText(const QString &text)
{
    setText(text);
    setVisible(!text.isEmpty());
}

void MessageLine::setNoModel(const Error &error)
{
    m_noModel =
        tr("No model could be loaded, so photos are neither searched for nor indexed: %1 Choose another "
           "model under Library → Models…, or another device under Library → Computing….")
            .arg(errorText(error));
    showText(m_noModel);
}

void MessageLine::forgetNoModel()
{
    if (!m_noModel.isEmpty() && text() == m_noModel)
        showText({});
    m_noModel.clear();
}

void MessageLine::remindOfNoModel()
{
    if (!m_noModel.isEmpty())
        showText(m_noModel);
}

} // namespace yingxun::ui

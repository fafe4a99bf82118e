// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/search_name_dialog.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace yingxun::ui {

SearchNameDialog::SearchNameDialog(const QString &title, const QString &name, const QStringList &taken,
                                   QWidget *parent)
    : QDialog(parent), m_taken(taken), m_name(new QLineEdit(name, this)), m_reason(new QLabel(this))
{
    setObjectName(u"searchNameDialog"_s);
    setWindowTitle(title);
    setMinimumWidth(380);
    auto *label = new QLabel(tr("&Name"), this);
    label->setBuddy(m_name);
    m_name->setObjectName(u"searchName"_s);
    m_name->selectAll();
    m_reason->setObjectName(u"searchNameReason"_s);
    m_reason->setTextFormat(Qt::PlainText);
    m_reason->setWordWrap(true);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    m_accept = buttons->button(QDialogButtonBox::Ok);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_name, &QLineEdit::textChanged, this, &SearchNameDialog::check);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(label);
    layout->addWidget(m_name);
    layout->addWidget(m_reason);
    layout->addWidget(buttons);
    check();
}

QString SearchNameDialog::name() const
{
    return m_name->text().trimmed();
}

void SearchNameDialog::check()
{
    QString reason;
    if (name().isEmpty())
        reason = tr("It needs a name.");
    else if (m_taken.contains(name()))
        reason = tr("Another saved search has this name.");
    m_reason->setText(reason);
    m_accept->setEnabled(reason.isEmpty());
}

} // namespace yingxun::ui

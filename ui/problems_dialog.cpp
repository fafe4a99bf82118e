// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/problems_dialog.h"

#include "ui/error_text.h"
#include "ui/photo_paths.h"

#include <QDialogButtonBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace yingxun::ui {

ProblemsDialog::ProblemsDialog(QWidget *parent)
    : QDialog(parent), m_list(new QPlainTextEdit(this)), m_retry(new QPushButton(tr("&Retry"), this))
{
    setObjectName(u"problemsDialog"_s);
    setWindowTitle(tr("Unreadable files"));
    resize(700, 400);
    m_list->setObjectName(u"problemList"_s);
    m_list->setReadOnly(true);
    m_retry->setObjectName(u"retryButton"_s);
    m_retry->setToolTip(tr("Opens all of them again now."));
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    buttons->addButton(m_retry, QDialogButtonBox::ActionRole);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_list);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::close);
    connect(m_retry, &QPushButton::clicked, this, &ProblemsDialog::retryWanted);
    setProblems({});
}

void ProblemsDialog::setProblems(const QList<Problem> &problems)
{
    QString text;
    for (const Problem &problem : problems)
        text += tr("%1\n    %2\n")
                    .arg(shownPath(problem.path), errorText({ErrorCode(problem.code), problem.message}));
    m_list->setPlainText(text.isEmpty() ? tr("Every file could be read.") : text);
    m_retry->setEnabled(!problems.isEmpty());
}

} // namespace yingxun::ui

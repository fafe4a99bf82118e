// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/exclusion_dialog.h"

#include "core/ingest/exclusions.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace yingxun::ui {

ExclusionDialog::ExclusionDialog(const QStringList &patterns, QWidget *parent)
    : QDialog(parent), m_lines(new QPlainTextEdit(patterns.join(u'\n'), this))
{
    setObjectName(u"exclusionDialog"_s);
    setWindowTitle(tr("What is not indexed"));
    resize(460, 480);
    auto *explanation = new QLabel(
        tr("Files and folders whose names fit one of these lines are left out. * stands for anything, ? for "
           "one character; a line with / is a path below the folder of the library. Photos that are left out "
           "keep their labels and stars."),
        this);
    explanation->setWordWrap(true);
    m_lines->setObjectName(u"exclusionLines"_s);
    m_lines->setAccessibleName(tr("Patterns, one a line"));
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    QPushButton *restore = buttons->addButton(tr("&Restore defaults"), QDialogButtonBox::ResetRole);
    restore->setObjectName(u"restoreExclusions"_s);
    connect(restore, &QPushButton::clicked, this, [this] {
        QStringList lines;
        for (const std::string &pattern : ingest::defaultExclusions())
            lines.append(QString::fromStdString(pattern));
        m_lines->setPlainText(lines.join(u'\n'));
    });
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(explanation);
    layout->addWidget(m_lines, 1);
    layout->addWidget(buttons);
}

QStringList ExclusionDialog::patterns() const
{
    return m_lines->toPlainText().split(u'\n', Qt::SkipEmptyParts);
}

} // namespace yingxun::ui

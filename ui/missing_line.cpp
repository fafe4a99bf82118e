// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/missing_line.h"

#include "core/services/indexer.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace yingxun::ui {
namespace {

QToolButton *button(const QString &name, const QString &text, const QString &toolTip, QWidget *parent)
{
    auto *made = new QToolButton(parent);
    made->setObjectName(name);
    made->setText(text);
    made->setToolTip(toolTip);
    return made;
}

} // namespace

MissingLine::MissingLine(services::Indexer *indexer, QWidget *parent)
    : QWidget(parent), m_text(new QLabel(this))
{
    m_text->setObjectName(u"missingText"_s);
    m_text->setWordWrap(true);
    auto *remove = button(u"removeMissingButton"_s, tr("Remove them"),
                          tr("Take them out of the library; their labels and stars are kept"), this);
    auto *keep = button(u"keepMissingButton"_s, tr("Keep them"),
                        tr("Leave them in the library, in case that a disk comes back"), this);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_text, 1);
    layout->addWidget(remove);
    layout->addWidget(keep);
    hide();
    connect(indexer, &services::Indexer::missingChanged, this, &MissingLine::setMissing);
    connect(remove, &QToolButton::clicked, this, [this, indexer] {
        hide();
        indexer->removeMissing();
    });
    connect(keep, &QToolButton::clicked, this, &QWidget::hide);
}

void MissingLine::setMissing(qint64 photos)
{
    m_text->setText(
        tr("%n photo(s) have gone from the disk all at once. They stay in the library until you decide.",
           nullptr, int(photos)));
    setVisible(photos > 0);
}

} // namespace yingxun::ui

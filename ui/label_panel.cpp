// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/label_panel.h"

#include "ui/label_list.h"

#include <QInputDialog>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace yingxun::ui {

LabelPanel::LabelPanel(QWidget *parent)
    : QWidget(parent), m_list(new LabelList(this)), m_name(new QLineEdit(this))
{
    m_name->setObjectName(u"newLabel"_s);
    m_name->setPlaceholderText(tr("New label"));
    m_name->setAccessibleName(tr("New label"));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_list);
    layout->addWidget(m_name);
    connect(m_name, &QLineEdit::returnPressed, this, [this] {
        const QString name = m_name->text().trimmed();
        if (name.isEmpty())
            return;
        m_name->clear();
        Q_EMIT labelAdded(name);
    });
    connect(m_list, &QListWidget::itemClicked, this,
            [this](QListWidgetItem *item) { Q_EMIT labelChosen(m_list->labelOf(item)); });
    connect(m_list, &QListWidget::itemActivated, this,
            [this](QListWidgetItem *item) { Q_EMIT labelChosen(m_list->labelOf(item)); });
    connect(m_list, &QWidget::customContextMenuRequested, this, &LabelPanel::showMenu);
}

void LabelPanel::showMenu(const QPoint &at)
{
    const Label label = m_list->labelOf(m_list->itemAt(at));
    if (!label.id)
        return;
    const QString name = QString::fromStdString(label.name);
    QMenu menu;
    const QAction *rename = menu.addAction(tr("Rename…"));
    const QAction *remove = menu.addAction(tr("Delete…"));
    const QAction *chosen = menu.exec(m_list->viewport()->mapToGlobal(at));
    if (chosen == rename) {
        bool ok = false;
        const QString wanted =
            QInputDialog::getText(this, tr("Rename the label"), tr("Name"), QLineEdit::Normal, name, &ok);
        if (ok && !wanted.trimmed().isEmpty())
            Q_EMIT labelRenamed(label.id, wanted.trimmed());
    } else if (chosen == remove) {
        const auto answer = QMessageBox::question(
            this, tr("Delete the label"),
            tr("Delete the label “%1”? %n photo(s) carry it; the photos stay.", nullptr, label.count)
                .arg(name));
        if (answer == QMessageBox::Yes)
            Q_EMIT labelRemoved(label.id);
    }
}

} // namespace yingxun::ui

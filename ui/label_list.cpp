// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/label_list.h"

#include "ui/photo_mime.h"

#include <QDropEvent>
#include <QLocale>
#include <QMimeData>

using namespace Qt::StringLiterals;

namespace yingxun::ui {

LabelList::LabelList(QWidget *parent) : QListWidget(parent)
{
    setObjectName(u"labelList"_s);
    setAccessibleName(tr("Labels"));
    setFrameShape(QFrame::NoFrame);
    setAcceptDrops(true);
    setContextMenuPolicy(Qt::CustomContextMenu);
    setToolTip(tr("Drag photos onto a label to assign it."));
}

void LabelList::setLabels(const QList<Label> &labels)
{
    const LabelId chosen = currentLabel().id;
    m_labels = labels;
    clear();
    for (const Label &label : labels) {
        auto *item = new QListWidgetItem(
            tr("%1  (%2)").arg(QString::fromStdString(label.name), QLocale().toString(label.items)), this);
        item->setData(Qt::UserRole, qint64{label.id.value});
        if (label.id == chosen)
            setCurrentItem(item);
    }
}

Label LabelList::labelOf(const QListWidgetItem *item) const
{
    if (item != nullptr) {
        for (const Label &label : m_labels) {
            if (label.id.value == item->data(Qt::UserRole).toLongLong())
                return label;
        }
    }
    return {};
}

Label LabelList::currentLabel() const
{
    return labelOf(currentItem());
}

void LabelList::dragEnterEvent(QDragEnterEvent *event)
{
    if (event->mimeData()->hasFormat(photoMimeType()))
        event->acceptProposedAction();
}

void LabelList::dragMoveEvent(QDragMoveEvent *event)
{
    const QListWidgetItem *item = itemAt(event->position().toPoint());
    event->setAccepted(item != nullptr);
    if (item != nullptr)
        event->acceptProposedAction();
}

void LabelList::dropEvent(QDropEvent *event)
{
    const Label label = labelOf(itemAt(event->position().toPoint()));
    const QList<PhotoId> photos = photoIdsIn(*event->mimeData());
    if (!label.id || photos.isEmpty())
        return;
    event->setDropAction(Qt::CopyAction); // Never a move: the photos stay where they are.
    event->accept();
    Q_EMIT photosDropped(label.id, photos);
}

} // namespace yingxun::ui

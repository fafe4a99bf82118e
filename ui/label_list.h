// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/db/records.h"

#include <QListWidget>

namespace yingxun::ui {

/// The hand-made labels with their counts; photos are assigned by dropping them onto one.
class LabelList : public QListWidget
{
    Q_OBJECT
public:
    explicit LabelList(QWidget *parent = nullptr);

    void setLabels(const QList<Label> &labels);
    Label labelOf(const QListWidgetItem *item) const;
    Label currentLabel() const; ///< Without id when none is chosen.

Q_SIGNALS:
    void photosDropped(yingxun::LabelId label, const QList<yingxun::PhotoId> &photos);

protected:
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dragMoveEvent(QDragMoveEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    QList<Label> m_labels;
};

} // namespace yingxun::ui

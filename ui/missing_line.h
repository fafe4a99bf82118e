// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;

namespace yingxun::services {
class Indexer;
}

namespace yingxun::ui {

/// Asks what is to become of photos that have gone from the disk many at once; hidden when there are none.
class MissingLine : public QWidget
{
    Q_OBJECT
public:
    explicit MissingLine(services::Indexer *indexer, QWidget *parent = nullptr);

private:
    void setMissing(qint64 photos);

    QLabel *m_text;
};

} // namespace yingxun::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/services/library_health.h"

#include <QToolButton>

namespace yingxun::ui {

/// Says in a few words, a shape and a colour whether the library is current; the whole story in the tooltip
/// and for screen readers. Hidden as long as there are no folders. Clicked, it leads to where more is said.
class HealthLight : public QToolButton
{
    Q_OBJECT
public:
    explicit HealthLight(QWidget *parent = nullptr);

    void setHealth(const services::LibraryHealth &health);

Q_SIGNALS:
    void problemsWanted();
    void folderWanted(yingxun::FolderId folder);

private:
    void open();

    services::LibraryHealth m_health;
};

} // namespace yingxun::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>

namespace yingxun::ui {

/// Stands above a part of the sidebar.
class SectionTitle : public QLabel
{
    Q_OBJECT
public:
    explicit SectionTitle(const QString &text, QWidget *parent = nullptr);
};

} // namespace yingxun::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/db/records.h"

#include <QDateTime>
#include <QString>

namespace yingxun::ui {

/// The path as people read it.
QString shownPath(const std::string &path);
/// The last component of the photo's path, as people read it.
QString shownName(const Photo &photo);
/// When it was taken, or last changed where the file does not say.
QDateTime shownTime(const Photo &photo);

} // namespace yingxun::ui

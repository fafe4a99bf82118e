// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/services/library_health.h"

#include <QString>

namespace yingxun::ui {

/// In a few words.
QString healthSummary(const services::LibraryHealth &health);
/// What stands in the way, folder by folder, and what to do about it; some lines.
QString healthDetails(const services::LibraryHealth &health);

} // namespace yingxun::ui

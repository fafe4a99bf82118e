// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/library_session.h"

#include <QString>

#include <vector>

namespace yingxun::app {

/// Paints the first photos of a result with rank, cosine and name into a PNG, five in a row.
/// Needs a QGuiApplication. Errors: Io.
Result<void> writeContactSheet(const QString &file, const QString &title,
                               const std::vector<FoundPhoto> &found, db::Catalogue &catalogue);

} // namespace yingxun::app

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/db/records.h"

#include <QStringList>

#include <vector>

namespace yingxun::services {

/// For people of any language, as it has no words of ours: camera and lens, exposure, time with zone, place,
/// and what others wrote about the photo; a line each, without those that nothing is known of.
QStringList metadataLines(const Metadata &metadata);

/// Maker and model, or the model alone where it says the maker already; of a lens its name.
QString equipmentName(const Equipment &equipment);
QStringList equipmentNames(const std::vector<Equipment> &equipment); ///< In the same order, each once.

} // namespace yingxun::services

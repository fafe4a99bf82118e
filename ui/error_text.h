// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QString>

namespace yingxun::ui {

/// One translated sentence for people; the error's own message is English and for the log.
QString errorText(ErrorCode code);

} // namespace yingxun::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QString>

namespace yingxun::ui {

/// What went wrong, for people, in their language; the only place where error codes become sentences.
QString errorText(ErrorCode code);
/// The sentence, and in brackets the log's message, which names file and cause.
QString errorText(const Error &error);

} // namespace yingxun::ui

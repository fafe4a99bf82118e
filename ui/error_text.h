// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/db/records.h"
#include "core/models/model_keeper.h"
#include "core/services/folder_watcher.h"
#include "core/services/trash.h"

#include <QString>

namespace yingxun::ui {

/// What went wrong, for people, in their language; the only place where error codes become sentences.
QString errorText(ErrorCode code);
/// The sentence, and in brackets the log's message, which names file and cause.
QString errorText(const Error &error);
/// Why the photos of a folder cannot be opened now, and what becomes of them.
QString awayText(const VolumePlace &place);
/// Why a folder is only looked at from time to time, and what to do about it.
QString pollingText(services::PollingReason reason);
/// Of files that were not moved to the trash, or not back: why one of them was not, what to do, and how many
/// more there are.
QString stayedText(const QList<services::StayedFile> &files);
/// Why something was not done with a model, and what to do.
QString errorText(models::ModelWork work, const Error &error);

} // namespace yingxun::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/library_session.h"

#include <QString>
#include <QStringList>

namespace yingxun::app {

/// What to do where there is no display.
struct HeadlessJob {
    QStringList folders;
    QString query; ///< Empty: only index.
    QString sheet; ///< Where the contact sheet goes.
    int limit = 20;
};

/// Indexes with a progress line on standard error, prints the ranked photos, writes a contact sheet.
/// @return the program's exit code.
int runHeadless(const LibrarySession &session, const HeadlessJob &job);

} // namespace yingxun::app

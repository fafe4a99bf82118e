// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCommandLineParser>

namespace yingxun::app::cli {

/// Prints what the photos of the library say of themselves, as the catalogue has it. @return an ExitCode
int printPhotos(const QCommandLineParser &parser);

} // namespace yingxun::app::cli

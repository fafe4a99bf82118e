// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/startup.h"

class QCommandLineParser;

namespace yingxun::app {

/// --model, --device, --precision, --memory and --exact-weights, of every program and command that loads a
/// model.
void addModelOptions(QCommandLineParser &parser);

/// What they were given.
ModelWish modelWish(const QCommandLineParser &parser);

} // namespace yingxun::app

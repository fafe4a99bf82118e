// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/clip/model.h"

#include <QString>
#include <QStringList>

#include <filesystem>

namespace yingxun::app {

/// Starts the program anew, once, with OpenMP threads that sleep soon after they have run out of work.
/// The default spins: beside the decoding threads, embedding then runs at a quarter of its speed
/// (measured on 2 cores). OpenMP reads its environment before main(), so it cannot be set later.
void makeOpenMpPatient(char **argv);

/// The program's arguments with every byte, as textOfPath() gives them: QCoreApplication::arguments() loses
/// what is not UTF-8. To be called when the application object has taken out its own.
QStringList argumentsOf(int argc, char **argv);

/// Where catalogue and embeddings lie: `chosen`, else $YINGXUN_DATA, else the user's data directory.
std::filesystem::path dataDirectory(const QString &chosen);

/// Where the models that were added or downloaded are kept.
std::filesystem::path modelsFolder(const std::filesystem::path &data);

/// The model's folder or file: `chosen`, else $YINGXUN_MODEL, else the starter model (installed beside the
/// program, or in the source tree that it was built from). What is no path may be the id of an installed
/// model.
std::filesystem::path modelFolder(const QString &chosen, const std::filesystem::path &data);

/// Errors: NotFound (neither a path nor an installed model), those of clip::Model::load().
Result<clip::Model> loadModel(const QString &chosen, const std::filesystem::path &data = dataDirectory({}));

} // namespace yingxun::app

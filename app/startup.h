// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/clip/model.h"
#include "core/media/media.h"
#include "core/services/computing.h"
#include "core/vectors/encoder.h"

#include <QString>
#include <QStringList>

#include <filesystem>
#include <memory>
#include <stop_token>

class QSettings;

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

/// What is kept for the next start, of whoever runs the program.
std::unique_ptr<QSettings> openSettings();

/// Which model, and how it runs; empty: what the functions below say.
struct ModelWish {
    QString model;             ///< A path, or the id of an installed model.
    QString device;            ///< As clip::resolvedDevice() takes it.
    QString precision;         ///< As clip::precisionOf() takes it.
    QString memory;            ///< MiB that the model may take.
    bool exactWeights = false; ///< As published, not rounded to fp16 as the reference does.
};

/// The model that is asked for by name: `chosen`, else $YINGXUN_MODEL, else nothing.
QString namedModel(const QString &chosen);

/// The model's folder or file: the named one, else the one that was chosen in the window if it is still
/// there, else the starter model (installed beside the program, or in the source tree that it was built
/// from). What is no path may be the id of an installed model, or models::kStarterId.
std::filesystem::path modelFolder(const QString &chosen, const std::filesystem::path &data);

/// Device, precision and memory: what is wished for, else $YINGXUN_DEVICE, $YINGXUN_PRECISION and
/// $YINGXUN_MEMORY, else the best there is. Errors: InvalidArgument (one sentence that names what there is).
Result<clip::LoadOptions> loadOptions(const ModelWish &wish);

/// With what was chosen of device and precision, where neither wish nor environment says more.
ModelWish withComputing(ModelWish wish, const services::Computing &chosen);

/// What the window's settings say of device and precision; nothing when that does not fit this computer (any
/// more), or the wish.
services::Computing rememberedComputing(const ModelWish &wish, const QSettings &settings);

/// What this computer offers the window to choose from, and what wish and environment have decided.
services::ComputingChoices computingChoices(const ModelWish &wish);

/// Decodes in processes of their own, see media::DecoderPool, by the program that lies beside this one.
std::shared_ptr<media::Reader> decoderPool();

/// Says so on stderr when the memory budget moves the model to another device.
/// Errors: NotFound (neither a path nor an installed model), those of loadOptions(),
/// models::ModelStore::verifyChanged() and clip::Model::load().
Result<clip::Model> loadModel(const ModelWish &wish, const std::stop_token &stop = {},
                              const std::filesystem::path &data = dataDirectory({}));
/// The same for the services. `stop` stays with the encoder, see ClipEncoder.
Result<std::shared_ptr<vectors::Encoder>> loadEncoder(const ModelWish &wish, const std::stop_token &stop,
                                                      const std::filesystem::path &data);

} // namespace yingxun::app

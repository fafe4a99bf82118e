// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/startup.h"

#include "app/clip_encoder.h"
#include "core/base/atomic_file.h"
#include "core/media/decoder_pool.h"
#include "core/models/model_keeper.h"
#include "core/models/model_store.h"
#include "core/services/model_switch.h"
#include "core/services/path_text.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QSettings>
#include <QStandardPaths>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <system_error>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace yingxun::app {
namespace {

constexpr const char *kCompactCopies = ".compact"; // The model store leaves out names that begin with a dot.
constexpr const char *kDeviceVariable = "YINGXUN_DEVICE";
constexpr const char *kPrecisionVariable = "YINGXUN_PRECISION";

class Text
{
    Q_DECLARE_TR_FUNCTIONS(yingxun::app::Startup)
};

QString orVariable(const QString &chosen, const char *variable)
{
    return chosen.isEmpty() ? services::textOfPath(qgetenv(variable).toStdString()) : chosen;
}

/// Bytes of so many MiB; none: 0.
Result<std::int64_t> memoryBudget(const QString &mebibytes)
{
    constexpr qlonglong kMost = qlonglong{1} << 30; // A pebibyte: more is a slip.
    if (mebibytes.isEmpty())
        return 0;
    bool isNumber = false;
    const qlonglong count = mebibytes.toLongLong(&isNumber);
    if (!isNumber || count < 1 || count > kMost)
        return fail(
            ErrorCode::InvalidArgument,
            Text::tr("“%1” is no amount of memory; give whole MiB, 2048 say.").arg(mebibytes).toStdString());
    return std::int64_t{count} << 20;
}

/// Of a path, or of the id of an installed model.
std::optional<std::filesystem::path> folderOf(const std::filesystem::path &name,
                                              const models::ModelStore &store)
{
    if (std::error_code error; std::filesystem::exists(name, error))
        return name;
    const auto installed = store.find(name.string());
    return installed ? std::optional(installed->folder) : std::nullopt;
}

} // namespace

void makeOpenMpPatient(char **argv)
{
    // GNU OpenMP's own variable; whoever set it or the standard's OMP_WAIT_POLICY knows better.
    if (std::getenv("GOMP_SPINCOUNT") != nullptr || std::getenv("OMP_WAIT_POLICY") != nullptr)
        return;
    ::setenv("GOMP_SPINCOUNT", "3000", 0);
    ::execv("/proc/self/exe", argv); // Returns only if that fails: then it is slower, nothing else.
}

QStringList argumentsOf(int argc, char **argv)
{
    QStringList arguments;
    for (int i = 0; i < argc; ++i)
        arguments.append(services::textOfPath(argv[i]));
    return arguments;
}

std::filesystem::path dataDirectory(const QString &chosen)
{
    QString path = orVariable(chosen, "YINGXUN_DATA");
    if (path.isEmpty())
        path = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + u"/yingxun"_s;
    return services::pathOfText(path);
}

std::filesystem::path modelsFolder(const std::filesystem::path &data)
{
    return data / "models";
}

std::unique_ptr<QSettings> openSettings()
{
    return std::make_unique<QSettings>(u"yingxun"_s, u"yingxun"_s);
}

QString namedModel(const QString &chosen)
{
    return orVariable(chosen, "YINGXUN_MODEL");
}

std::filesystem::path modelFolder(const QString &chosen, const std::filesystem::path &data)
{
    const models::ModelStore store(modelsFolder(data), models::Manifest::builtIn());
    const QString named = namedModel(chosen);
    const QString model =
        named.isEmpty() ? openSettings()->value(services::ModelSwitch::kModelKey).toString() : named;
    if (!model.isEmpty()) {
        const std::filesystem::path path = services::pathOfText(model);
        if (auto folder = folderOf(path, store))
            return *std::move(folder);
        // What was remembered may have been removed since; what is named must be there.
        if (!named.isEmpty() && named != QString::fromLatin1(models::kStarterId))
            return path;
    }
    QString starter = QCoreApplication::applicationDirPath() + u"/../share/yingxun/models/starter"_s;
    if (!QFile::exists(starter))
        starter = QStringLiteral(YINGXUN_SOURCE_MODELS "/starter");
    return services::pathOfText(starter);
}

Result<clip::LoadOptions> loadOptions(const ModelWish &wish)
{
    clip::LoadOptions options;
    const QString device = orVariable(wish.device, kDeviceVariable);
    const QString precision = orVariable(wish.precision, kPrecisionVariable);
    auto resolved = clip::resolvedDevice(device.toStdString());
    if (!resolved)
        return resolved.propagate();
    options.device = *std::move(resolved);
    if (!precision.isEmpty()) {
        const auto named = clip::precisionOf(precision.toStdString());
        if (!named)
            return named.propagate();
        options.precision = *named;
    }
    const auto budget = memoryBudget(orVariable(wish.memory, "YINGXUN_MEMORY"));
    if (!budget)
        return budget.propagate();
    options.memoryBudget = *budget;
    if (const auto fits = clip::resolvedPrecision(options.precision, options.device); !fits)
        return fail(ErrorCode::InvalidArgument, fits.error().message);
    return options;
}

ModelWish withComputing(ModelWish wish, const services::Computing &chosen)
{
    if (orVariable(wish.device, kDeviceVariable).isEmpty())
        wish.device = chosen.device;
    if (orVariable(wish.precision, kPrecisionVariable).isEmpty())
        wish.precision = chosen.precision;
    return wish;
}

services::Computing rememberedComputing(const ModelWish &wish, const QSettings &settings)
{
    const services::Computing remembered{settings.value(services::ModelSwitch::kDeviceKey).toString(),
                                         settings.value(services::ModelSwitch::kPrecisionKey).toString()};
    // What fitted once need not fit for ever: a graphics card may be gone.
    return loadOptions(withComputing(wish, remembered)) ? remembered : services::Computing{};
}

services::ComputingChoices computingChoices(const ModelWish &wish)
{
    services::ComputingChoices choices;
    choices.decided = {orVariable(wish.device, kDeviceVariable),
                       orVariable(wish.precision, kPrecisionVariable)};
    if (const QString &named = choices.decided.device; !named.isEmpty() && named != u"auto"_s) {
        if (const auto device = clip::resolvedDevice(named.toStdString()))
            choices.decided.device = QString::fromStdString(*device); // "cuda" is a name, too.
    }
    for (const std::string &device : clip::devices()) {
        services::ComputingDevice offered{QString::fromStdString(device), {}};
        for (const auto precision :
             {clip::Precision::Float32, clip::Precision::BFloat16, clip::Precision::Float16}) {
            if (clip::resolvedPrecision(precision, device))
                offered.precisions.append(QString::fromLatin1(nameOf(precision)));
        }
        choices.devices.append(offered);
    }
    return choices;
}

std::shared_ptr<media::Reader> decoderPool()
{
    const QString program = QDir(QCoreApplication::applicationDirPath()).filePath(u"yingxun-decoder"_s);
    return std::make_shared<media::DecoderPool>(services::pathOfText(program));
}

Result<clip::Model> loadModel(const ModelWish &wish, const std::stop_token &stop,
                              const std::filesystem::path &data)
{
    auto options = loadOptions(wish);
    if (!options)
        return options.propagate();
    options->stop = stop;
    if (!wish.exactWeights) { // Else nothing is rounded.
        static constexpr std::array<std::string_view, 1> kAll{""};
        options->compactCopies = modelsFolder(data) / kCompactCopies;
        removeAbandoned(options->compactCopies, kAll); // Gigabytes, and nobody looks there.
    }
    const std::filesystem::path folder = modelFolder(wish.model, data);
    if (std::error_code error; !std::filesystem::exists(folder, error))
        return fail(ErrorCode::NotFound, folder.string() +
                                             " is neither a model's folder nor the id of an "
                                             "installed model: “yingxun-cli models” lists them");
    const models::ModelStore store(modelsFolder(data), models::Manifest::builtIn());
    if (auto intact = store.verifyChanged(folder, stop); !intact)
        return intact.propagate();
    auto model = clip::Model::load(folder, *options);
    if (model && model->info().device != options->device)
        std::fprintf(
            stderr, "%s\n",
            qUtf8Printable(Text::tr("The model does not fit into the memory that it may take on %1: it "
                                    "runs on the CPU.")
                               .arg(QString::fromStdString(options->device))));
    return model;
}

Result<std::shared_ptr<vectors::Encoder>> loadEncoder(const ModelWish &wish, const std::stop_token &stop,
                                                      const std::filesystem::path &data)
{
    auto model = loadModel(wish, stop, data);
    if (!model)
        return model.propagate();
    return std::shared_ptr<vectors::Encoder>(std::make_shared<ClipEncoder>(*std::move(model), stop));
}

} // namespace yingxun::app

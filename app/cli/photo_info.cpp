// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/photo_info.h"

#include "app/cli/command.h"
#include "app/startup.h"
#include "core/db/catalogue.h"
#include "core/services/metadata_text.h"
#include "core/services/path_text.h"

#include <QDateTime>

#include <filesystem>
#include <optional>

using namespace Qt::StringLiterals;

namespace yingxun::app::cli {
namespace {

template<typename T>
void put(JsonWriter &json, const char *key, const std::optional<T> &value)
{
    if (value)
        json.member(key, *value);
}

void put(JsonWriter &json, const char *key, const std::string &text)
{
    if (!text.empty())
        json.member(key, text);
}

std::string jsonOf(const Photo &photo, const Metadata &metadata)
{
    JsonWriter json;
    putPath(json.beginObject(), "path", photo.path).member("kind", kindName(photo));
    json.member("width", photo.width).member("height", photo.height);
    if (metadata.captureTimeMs)
        json.member("captured", QDateTime::fromMSecsSinceEpoch(*metadata.captureTimeMs, Qt::UTC)
                                    .toString(u"yyyy-MM-ddTHH:mm:ss"_s)
                                    .toStdString());
    put(json, "utc_offset_minutes", metadata.utcOffsetMinutes);
    put(json, "latitude", metadata.latitude);
    put(json, "longitude", metadata.longitude);
    put(json, "altitude_metres", metadata.altitudeMetres);
    put(json, "camera_make", metadata.cameraMake);
    put(json, "camera_model", metadata.cameraModel);
    put(json, "lens", metadata.lens);
    put(json, "iso", metadata.iso);
    put(json, "exposure_seconds", metadata.exposureSeconds);
    put(json, "f_number", metadata.fNumber);
    put(json, "focal_length_mm", metadata.focalLengthMm);
    put(json, "rating", metadata.rating);
    put(json, "title", metadata.title);
    put(json, "description", metadata.description);
    return json.array("keywords", metadata.keywords).endObject().text();
}

} // namespace

int printPhotos(const QCommandLineParser &parser)
{
    auto catalogue = db::Catalogue::open(dataDirectory(parser.value(u"data"_s)));
    if (!catalogue)
        return printError(catalogue.error());
    int status = Success;
    for (const QString &name : parser.positionalArguments()) {
        std::error_code error;
        const std::string given = services::pathOfText(name);
        const auto path = std::filesystem::canonical(given, error);
        const auto photo = catalogue->photoAt(error ? given : path.string());
        if (!photo)
            return printError(photo.error());
        if (!*photo) {
            status = printError(
                {ErrorCode::NotFound, Text::tr("%1 is not in the library.").arg(name).toStdString()});
            continue;
        }
        const auto metadata = catalogue->metadataOf(**photo);
        if (!metadata)
            return printError(metadata.error());
        if (parser.isSet(u"json"_s)) {
            printLine(jsonOf(**photo, *metadata));
            continue;
        }
        printLine((*photo)->path);
        for (const QString &line : services::metadataLines(*metadata))
            printLine("  " + line.toStdString());
    }
    return status;
}

} // namespace yingxun::app::cli

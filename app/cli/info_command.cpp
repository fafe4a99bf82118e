// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/cli/photo_info.h"
#include "core/base/utf8.h"
#include "core/clip/blas_speed.h"
#include "core/clip/device.h"
#include "core/vectors/embedding_list.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace yingxun::app::cli {
namespace {

/// With commas between.
std::string joined(const std::vector<std::string> &list)
{
    std::string text;
    for (const std::string &entry : list)
        text += (text.empty() ? "" : ",") + entry;
    return text;
}

void putFolders(JsonWriter &json, const std::vector<Folder> &folders)
{
    json.key("folders").beginArray();
    for (const Folder &folder : folders)
        json.value(folder.path);
    json.endArray();
    if (std::all_of(folders.begin(), folders.end(), [](const Folder &one) { return isUtf8(one.path); }))
        return;
    json.key("folders_not_utf8").beginArray();
    for (const Folder &folder : folders) {
        if (!isUtf8(folder.path))
            putPath(json.beginObject(), "path", folder.path).endObject();
    }
    json.endArray();
}

} // namespace

int infoCommand(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(Text::tr(
        "Shows the library, the model and how fast this machine runs it; of photos, what they and the "
        "sidecars beside them say: camera, exposure, time, place, keywords."));
    addLibraryOptions(parser);
    parser.addOption({u"problems"_s, Text::tr("List the files that could not be read, with the reasons.")});
    parser.addPositionalArgument(u"photos"_s, Text::tr("Photos of the library to tell of instead."),
                                 u"[photos…]"_s);
    if (const auto end = parse(parser, arguments))
        return *end;
    if (!parser.positionalArguments().isEmpty())
        return printPhotos(parser);
    auto session = openLibrary(parser);
    if (!session)
        return cannotLoad(session.error());
    endWhenInterrupted();
    auto catalogue = db::Catalogue::open(session->data);
    if (!catalogue)
        return printError(catalogue.error());
    const auto folders = catalogue->folders();
    const auto photos = catalogue->photos();
    const auto labels = catalogue->labels();
    const auto problems = catalogue->problems();
    if (!folders || !photos || !labels || !problems)
        return printError({ErrorCode::Io, Text::tr("The catalogue cannot be read.").toStdString()});
    const double speed = clip::blasGigaflops();
    const vectors::Encoder &encoder = *session->encoder;
    const auto stored = vectors::listEmbeddings(vectors::embeddingsFolder(session->data));
    if (parser.isSet(u"json"_s)) {
        JsonWriter json;
        putPath(json.beginObject(), "data", session->data.string());
        putFolders(json, *folders);
        json.member("photos", photos->size())
            .member("labels", labels->size())
            .member("problems", problems->size())
            .member("embeddings", session->store->count())
            .member("model", encoder.name())
            .member("identity", encoder.identity())
            .member("image_size", encoder.imageSize())
            .member("dimension", encoder.dimension())
            .member("logit_scale", jsonNumber(encoder.logitScale(), 4))
            .member("device", encoder.device())
            .member("precision", encoder.precision())
            .array("devices", clip::devices());
        json.key("models").beginArray();
        for (const vectors::EmbeddingListing &one : stored)
            json.beginObject()
                .member("model", one.name)
                .member("identity", one.identity)
                .member("embeddings", one.count)
                .member("in_use", one.identity == session->store->identity())
                .endObject();
        printLine(json.endArray().member("blas_gflops", jsonNumber(speed, 1)).endObject().text());
    } else {
        printLine(Text::tr("Library: %1").arg(QString::fromStdString(session->data.string())).toStdString());
        for (const Folder &folder : *folders)
            printLine("  " + folder.path);
        printLine(Text::tr("%1 photos, %2 embeddings, %3 labels, %4 unreadable files")
                      .arg(photos->size())
                      .arg(session->store->count())
                      .arg(labels->size())
                      .arg(problems->size())
                      .toStdString());
        printLine(Text::tr("Model: %1 (%2 × %2 pixels, dimension %3, %4)")
                      .arg(QString::fromStdString(encoder.name()))
                      .arg(encoder.imageSize())
                      .arg(encoder.dimension())
                      .arg(QString::fromStdString(encoder.device() + ", " + encoder.precision()))
                      .toStdString());
        printLine(Text::tr("Devices: %1").arg(QString::fromStdString(joined(clip::devices()))).toStdString());
        printLine(Text::tr("Models with embeddings of this library:").toStdString());
        for (const vectors::EmbeddingListing &one : stored)
            printLine(
                "  " + one.identity + "\t" + one.name + "\t" + std::to_string(one.count) +
                (one.identity == session->store->identity() ? "\t" + Text::tr("in use").toStdString() : ""));
        printLine(Text::tr("Matrix products: %1 GFLOP/s").arg(speed, 0, 'f', 1).toStdString());
        if (speed < clip::kSlowBlasGigaflops)
            printLine(
                Text::tr("This is the slow reference BLAS. Indexing on the CPU gets some 50 times faster "
                         "with: sudo apt install libopenblas0-openmp")
                    .toStdString());
    }
    if (parser.isSet(u"problems"_s)) {
        for (const Problem &problem : *problems) {
            JsonWriter json;
            putPath(json.beginObject(), "path", problem.path).member("reason", problem.message).endObject();
            printLine(parser.isSet(u"json"_s) ? json.text() : problem.path + "\t" + problem.message);
        }
    }
    return Success;
}

} // namespace yingxun::app::cli

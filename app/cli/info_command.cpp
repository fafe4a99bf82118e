// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "core/base/json.h"
#include "core/base/utf8.h"
#include "core/clip/blas_speed.h"
#include "core/clip/device.h"
#include "core/search/embedding_list.h"

using namespace Qt::StringLiterals;

namespace yingxun::app::cli {
namespace {

/// With commas between.
template<typename List, typename Show>
std::string joined(const List &list, const Show &show)
{
    std::string text;
    for (const auto &entry : list)
        text += (text.empty() ? "" : ",") + show(entry);
    return text;
}

} // namespace

int infoCommand(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        Text::tr("Shows the library, the model and how fast this machine runs it."));
    addLibraryOptions(parser);
    parser.addOption({u"problems"_s, Text::tr("List the files that could not be read, with the reasons.")});
    if (const auto end = parse(parser, arguments))
        return *end;
    auto session = openLibrary(parser);
    if (!session)
        return cannotLoad(session.error());
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
    const jobs::Encoder &encoder = *session->encoder;
    const auto stored = search::listEmbeddings(jobs::embeddingsFolder(session->data));
    if (parser.isSet(u"json"_s)) {
        std::string list;
        std::string objects; // The exact paths, where one of them is not UTF-8.
        for (const Folder &folder : *folders) {
            list += (list.empty() ? "" : ",") + jsonString(folder.path);
            if (!isUtf8(folder.path))
                objects += (objects.empty() ? "{" : ",{") + jsonPath("path", folder.path) + "}";
        }
        if (!objects.empty())
            objects = ",\"folders_not_utf8\":[" + objects + "]";
        printLine("{" + jsonPath("data", session->data.string()) + ",\"folders\":[" + list + "]" + objects +
                  ",\"photos\":" + std::to_string(photos->size()) + ",\"labels\":" +
                  std::to_string(labels->size()) + ",\"problems\":" + std::to_string(problems->size()) +
                  ",\"embeddings\":" + std::to_string(session->store->count()) + ",\"model\":" +
                  jsonString(encoder.name()) + ",\"identity\":" + jsonString(encoder.identity()) +
                  ",\"image_size\":" + std::to_string(encoder.imageSize()) +
                  ",\"dimension\":" + std::to_string(encoder.dimension()) + ",\"logit_scale\":" +
                  number(encoder.logitScale(), 4) + ",\"device\":" + jsonString(encoder.device()) +
                  ",\"precision\":" + jsonString(encoder.precision()) + ",\"devices\":[" +
                  joined(clip::devices(), jsonString) + "],\"models\":[" +
                  joined(stored,
                         [&](const search::EmbeddingListing &one) {
                             return "{\"model\":" + jsonString(one.name) +
                                    ",\"identity\":" + jsonString(one.identity) +
                                    ",\"embeddings\":" + std::to_string(one.count) + ",\"in_use\":" +
                                    (one.identity == encoder.identity() ? "true}" : "false}");
                         }) +
                  "],\"blas_gflops\":" + number(speed, 1) + "}");
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
        printLine(
            Text::tr("Devices: %1")
                .arg(QString::fromStdString(joined(clip::devices(), [](const auto &name) { return name; })))
                .toStdString());
        printLine(Text::tr("Models with embeddings of this library:").toStdString());
        for (const search::EmbeddingListing &one : stored)
            printLine("  " + one.identity + "\t" + one.name + "\t" + std::to_string(one.count) +
                      (one.identity == encoder.identity() ? "\t" + Text::tr("in use").toStdString() : ""));
        printLine(Text::tr("Matrix products: %1 GFLOP/s").arg(speed, 0, 'f', 1).toStdString());
        if (speed < clip::kSlowBlasGigaflops)
            printLine(
                Text::tr("This is the slow reference BLAS. Indexing on the CPU gets some 50 times faster "
                         "with: sudo apt install libopenblas0-openmp")
                    .toStdString());
    }
    if (parser.isSet(u"problems"_s)) {
        for (const Problem &problem : *problems) {
            printLine(parser.isSet(u"json"_s) ? "{" + jsonPath("path", problem.path) +
                                                    ",\"reason\":" + jsonString(problem.message) + "}"
                                              : problem.path + "\t" + problem.message);
        }
    }
    return Success;
}

} // namespace yingxun::app::cli

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/cli/forget.h"
#include "app/startup.h"
#include "core/models/model_fetcher.h"
#include "core/services/path_text.h"

#include <QEventLoop>
#include <QNetworkAccessManager>
#include <QNetworkProxyFactory>

#include <algorithm>
#include <chrono>
#include <optional>

using namespace Qt::StringLiterals;

namespace yingxun::app::cli {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kProgressInterval = std::chrono::milliseconds(200);
constexpr double kMega = 1e6;
constexpr double kMinute = 60;

/// What was asked for: models ACTION SUBJECT --option…
struct Asked {
    const QCommandLineParser &parser;
    models::ModelStore store;
    QString subject; ///< A path or an id; empty: none.

    bool json() const { return parser.isSet(u"json"_s); }
};

QString megabytes(std::int64_t bytes)
{
    return QString::number(static_cast<double>(bytes) / kMega, 'f', 1);
}

/// A progress line at most five times a second; gives back whether to go on.
models::Progress progressUntil(const std::stop_token &stop)
{
    return [stop, last = Clock::time_point()](std::int64_t done, std::int64_t total) mutable {
        if (Clock::now() - last >= kProgressInterval) {
            last = Clock::now();
            printProgress(Text::tr("%1 of %2 MB").arg(megabytes(done), megabytes(total)).toStdString());
        }
        return !stop.stop_requested();
    };
}

int ended(const Error &error)
{
    printError(error);
    return error.code == ErrorCode::Cancelled ? Interrupted : Failure;
}

void putRecall(JsonWriter &json, const char *name, const models::Recall &recall)
{
    json.key(name).beginArray();
    for (const auto share : recall)
        json.value(jsonNumber(share, 1));
    json.endArray();
}

std::string modelJson(const models::ReleasedModel *released, const models::StoredModel *stored)
{
    JsonWriter json;
    json.beginObject()
        .member("id", stored != nullptr ? stored->id : released->id)
        .member("title", stored != nullptr ? stored->title : released->title)
        .member("installed", stored != nullptr)
        .member("bytes", stored != nullptr ? stored->bytes() : released->bytes());
    if (stored != nullptr)
        putPath(json.member("whole", stored->whole).member("source", stored->source), "folder",
                stored->folder.string());
    if (released != nullptr) {
        json.member("licence", released->licence).member("memory", released->memoryBytes);
        json.key("scores").beginObject();
        putRecall(json, "muge", released->muge);
        putRecall(json, "flickr30k_cn", released->flickr30kCn);
        putRecall(json, "coco_cn", released->cocoCn);
        json.endObject();
    }
    return json.endObject().text();
}

void printModel(const models::ReleasedModel *released, const models::StoredModel *stored, bool json)
{
    if (json)
        return printLine(modelJson(released, stored));
    const std::string id = stored != nullptr ? stored->id : released->id;
    const std::string title = stored != nullptr ? stored->title : released->title;
    const std::int64_t bytes = stored != nullptr ? stored->bytes() : released->bytes();
    const QString state = stored == nullptr ? Text::tr("not installed")
                          : stored->whole   ? Text::tr("installed")
                                            : Text::tr("damaged");
    QString line = QString::fromStdString(id + "\t" + title + "\t") + state + u'\t' +
                   Text::tr("%1 MB").arg(megabytes(bytes));
    if (released != nullptr)
        line += u'\t' + Text::tr("needs %1 MB of memory").arg(megabytes(released->memoryBytes)) + u'\t' +
                Text::tr("R@1 %1 MUGE, %2 Flickr30K-CN, %3 COCO-CN")
                    .arg(released->muge[0], 0, 'f', 1)
                    .arg(released->flickr30kCn[0], 0, 'f', 1)
                    .arg(released->cocoCn[0], 0, 'f', 1);
    printLine(line.toStdString());
}

int list(const Asked &asked)
{
    const auto &all = models::Manifest::builtIn().models();
    const auto installed = asked.store.list();
    for (const models::StoredModel &stored : installed) {
        // By its title, which only the store gives: an id may be anybody's choice.
        const auto released = std::find_if(all.begin(), all.end(),
                                           [&stored](const auto &one) { return one.title == stored.title; });
        printModel(released == all.end() ? nullptr : &*released, &stored, asked.json());
    }
    for (const models::ReleasedModel &released : all) {
        if (std::none_of(installed.begin(), installed.end(),
                         [&released](const auto &one) { return one.id == released.id; }))
            printModel(&released, nullptr, asked.json());
    }
    return Success;
}

int printNew(const models::StoredModel &model, bool json)
{
    if (!json) {
        printLine(Text::tr("%1 is installed. Use it with: --model %2")
                      .arg(QString::fromStdString(model.title), QString::fromStdString(model.id))
                      .toStdString());
        return Success;
    }
    JsonWriter object;
    object.beginObject().member("id", model.id).member("title", model.title);
    putPath(object, "folder", model.folder.string()).key("files").beginArray();
    for (const models::StoredFile &file : model.files)
        object.beginObject()
            .member("name", file.name)
            .member("bytes", file.bytes)
            .member("sha256", file.sha256)
            .member("checked_against", file.checkedAgainst)
            .endObject();
    printLine(object.endArray().endObject().text());
    return Success;
}

int add(Asked &asked)
{
    const auto model =
        asked.store.add(services::pathOfText(asked.subject), asked.parser.value(u"name"_s).toStdString(),
                        progressUntil(interruption()));
    endProgress();
    return model ? printNew(*model, asked.json()) : ended(model.error());
}

/// --from, else $YINGXUN_MIRROR, else Hugging Face.
std::string sourceOf(const QCommandLineParser &parser)
{
    const QString chosen =
        parser.isSet(u"from"_s) ? parser.value(u"from"_s) : qEnvironmentVariable("YINGXUN_MIRROR");
    return chosen.isEmpty() ? "huggingface" : chosen.toStdString();
}

void printDownload(qint64 received, qint64 total, double rate, double secondsLeft, const QString &file)
{
    QString line = Text::tr("%1: %2 of %3 MB").arg(file, megabytes(received), megabytes(total));
    if (rate > 0 && secondsLeft >= 0)
        line += Text::tr(", %1 MB/s, %2 min left")
                    .arg(rate / kMega, 0, 'f', 1)
                    .arg(secondsLeft / kMinute, 0, 'f', 1);
    printProgress(line.toStdString());
}

int download(Asked &asked)
{
    const models::ReleasedModel *model = models::Manifest::builtIn().find(asked.subject.toStdString());
    if (model == nullptr) {
        return printError({ErrorCode::NotFound,
                           Text::tr("There is no released model “%1”. “yingxun-cli models” lists them.")
                               .arg(asked.subject)
                               .toStdString()});
    }
    const std::stop_token stop = interruption(); // Before other threads begin.
    QNetworkProxyFactory::setUseSystemConfiguration(true);
    QNetworkAccessManager network;
    models::ModelFetcher fetcher(network, asked.store, models::Manifest::builtIn());
    std::optional<Result<models::StoredModel>> result;
    QEventLoop loop;
    QObject::connect(&fetcher, &models::ModelFetcher::progress, &loop, printDownload);
    QObject::connect(&fetcher, &models::ModelFetcher::finished, &loop, [&](const auto &end) {
        result.emplace(end);
        loop.quit();
    });
    fetcher.start(*model, sourceOf(asked.parser));
    const std::stop_callback cancel(stop, [&fetcher] {
        QMetaObject::invokeMethod(&fetcher, &models::ModelFetcher::cancel, Qt::QueuedConnection);
    });
    loop.exec();
    endProgress();
    if (*result)
        return printNew(**result, asked.json());
    const bool cancelled = result->error().code == ErrorCode::Cancelled;
    return ended(
        cancelled
            ? Error{ErrorCode::Cancelled,
                    Text::tr("What has arrived is kept; the same command goes on from there.").toStdString()}
            : result->error());
}

int verify(const Asked &asked)
{
    std::vector<std::string> ids{asked.subject.toStdString()};
    if (asked.subject.isEmpty()) {
        ids.clear();
        for (const models::StoredModel &model : asked.store.list())
            ids.push_back(model.id);
    }
    const auto progress = progressUntil(interruption());
    int code = Success;
    for (const std::string &id : ids) {
        const auto good = asked.store.verify(id, progress);
        endProgress();
        if (!good && good.error().code == ErrorCode::Cancelled)
            return ended(good.error());
        if (!good)
            code = printError(good.error());
        if (asked.json())
            printLine(JsonWriter()
                          .beginObject()
                          .member("id", id)
                          .member("good", good.has_value())
                          .endObject()
                          .text());
        else if (good)
            printLine(id + "\t" + Text::tr("good").toStdString());
    }
    return code;
}

int remove(Asked &asked)
{
    const std::string id = asked.subject.toStdString();
    if (!asked.parser.isSet(u"yes"_s)) {
        const auto model = asked.store.find(id);
        if (!model && model.error().code == ErrorCode::NotFound)
            return printError(model.error());
        const auto bytes = model ? model->bytes() : 0;
        const QString question =
            Text::tr("Remove the model “%1” (%2 MB)? [y/N]").arg(asked.subject, megabytes(bytes));
        if (const auto end = unlessConfirmed(question))
            return *end;
    }
    if (auto removed = asked.store.remove(id); !removed)
        return printError(removed.error());
    if (asked.json())
        printLine(JsonWriter().beginObject().member("removed", id).endObject().text());
    else
        printLine(Text::tr("The model “%1” is removed.").arg(asked.subject).toStdString());
    return Success;
}

void addOptions(QCommandLineParser &parser)
{
    parser.setApplicationDescription(Text::tr(
        "Lists, gets and checks models. They are kept in the data directory, and --model finds them "
        "by their ids.\n\n"
        "  models                  list the installed models, and the released ones there are\n"
        "  models add <path>       add a folder, a checkpoint, or a .tar or .zip of a folder\n"
        "  models download <id>    get a released model; interrupted, it goes on the next time\n"
        "  models verify [<id>]    read all files again and compare them\n"
        "  models remove <id>      delete an installed model\n"
        "  models forget <id>      delete a model's embeddings of your photos, by its id or its 32 hex "
        "digits (“info” lists them)"));
    parser.addOption({u"data"_s, Text::tr("Keep the catalogue in <directory>."), Text::tr("directory")});
    parser.addOption({u"json"_s, Text::tr("Print JSON, one object a line.")});
    parser.addOption({u"name"_s, Text::tr("Add it as <id>."), Text::tr("id")});
    parser.addOption({u"from"_s,
                      Text::tr("Download from <source>: huggingface, modelscope, or the address of a mirror "
                               "of Hugging Face (default: $YINGXUN_MIRROR, else huggingface)."),
                      Text::tr("source")});
    parser.addOption({u"yes"_s, Text::tr("Remove without asking.")});
    parser.addPositionalArgument(u"action"_s, Text::tr("One of the above."), u"[action]"_s);
    parser.addPositionalArgument(u"subject"_s, Text::tr("Its path or id."), u"[subject]"_s);
}

} // namespace

int modelsCommand(const QStringList &arguments)
{
    QCommandLineParser parser;
    addOptions(parser);
    if (const auto end = parse(parser, arguments))
        return *end;
    const QStringList words = parser.positionalArguments();
    const QString action = words.value(0, u"list"_s);
    Asked asked{parser,
                {modelsFolder(dataDirectory(parser.value(u"data"_s))), models::Manifest::builtIn()},
                words.value(1)};
    const bool subject = !asked.subject.isEmpty();
    if (words.size() <= 2) {
        if (action == u"list"_s && !subject)
            return list(asked);
        if (action == u"verify"_s)
            return verify(asked);
        if (action == u"add"_s && subject)
            return add(asked);
        if (action == u"download"_s && subject)
            return download(asked);
        if (action == u"remove"_s && subject)
            return remove(asked);
        if (action == u"forget"_s && subject)
            return forgetEmbeddings(dataDirectory(parser.value(u"data"_s)), asked.subject,
                                    parser.isSet(u"yes"_s), asked.json());
    }
    printError({ErrorCode::InvalidArgument,
                Text::tr("“%1” is not understood; “yingxun-cli models --help” explains what there is.")
                    .arg(u"models "_s + words.join(u' '))
                    .toStdString()});
    return Usage;
}

} // namespace yingxun::app::cli

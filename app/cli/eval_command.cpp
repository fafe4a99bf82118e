// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/cli/cutoff_score.h"
#include "app/cli/everyday_score.h"
#include "app/cli/folder_score.h"
#include "app/cli/program_score.h"
#include "app/picture_tools.h"
#include "app/startup.h"
#include "core/clip/model.h"
#include "core/services/path_text.h"
#include "core/train/evaluation.h"
#include "core/train/features.h"
#include "core/train/quality_probe.h"
#include "core/train/zero_shot.h"

#include <fstream>
#include <unordered_map>

using namespace Qt::StringLiterals;

namespace yingxun::app::cli {
namespace {

std::filesystem::path pathOf(const QString &text)
{
    return services::pathOfText(text);
}

Result<std::vector<std::string>> lines(const std::filesystem::path &file)
{
    std::ifstream in(file);
    if (!in)
        return fail(ErrorCode::NotFound, file.string() + " cannot be opened");
    std::vector<std::string> out;
    for (std::string line; std::getline(in, line);) {
        if (!line.empty() && line.front() != '#')
            out.push_back(line);
    }
    return out;
}

/// key TAB value lines; the first line may be a heading that no picture has as id.
Result<std::vector<std::pair<std::string, std::string>>> pairs(const std::filesystem::path &file)
{
    auto all = lines(file);
    if (!all)
        return all.propagate();
    std::vector<std::pair<std::string, std::string>> out;
    for (const std::string &line : *all) {
        const auto tab = line.find('\t');
        if (tab == std::string::npos)
            return fail(ErrorCode::CorruptData, file.string() + ": a line without a tab: " + line);
        const auto end = line.find('\t', tab + 1);
        out.emplace_back(line.substr(0, tab),
                         line.substr(tab + 1, end == std::string::npos ? end : end - tab - 1));
    }
    return out;
}

Result<std::vector<train::NamedClass>> classesOf(const std::filesystem::path &file)
{
    auto all = pairs(file);
    if (!all)
        return all.propagate();
    std::vector<train::NamedClass> classes;
    for (const auto &[key, names] : *all) {
        train::NamedClass one{key, {}};
        for (const QString &name : QString::fromStdString(names).split(u',', Qt::SkipEmptyParts))
            one.names.push_back(name.trimmed().toStdString());
        if (one.names.empty())
            return fail(ErrorCode::CorruptData, file.string() + ": class " + key + " has no name");
        classes.push_back(std::move(one));
    }
    return classes;
}

void putScores(JsonWriter &json, const char *name, const train::RecallScores &scores)
{
    json.key(name)
        .beginObject()
        .member("r1", jsonNumber(scores.r1, 2))
        .member("r5", jsonNumber(scores.r5, 2))
        .member("r10", jsonNumber(scores.r10, 2))
        .member("mean_recall", jsonNumber(scores.mean(), 2))
        .member("queries", scores.queries)
        .endObject();
}

std::string scoresText(const train::RecallScores &scores)
{
    return "R@1 " + number(scores.r1, 2) + "  R@5 " + number(scores.r5, 2) + "  R@10 " +
           number(scores.r10, 2) + "  MR " + number(scores.mean(), 2) + "  (" +
           std::to_string(scores.queries) + ")";
}

int ended(const Error &error)
{
    printError(error);
    return error.code == ErrorCode::Cancelled ? Interrupted : Failure;
}

Result<train::RetrievalScores> retrievalScores(const QCommandLineParser &parser, const QString &prefix)
{
    if (parser.isSet(u"features"_s))
        return train::scoreFeatures(pathOf(prefix));
    auto data = train::Dataset::open(pathOf(prefix));
    if (!data)
        return data.propagate();
    auto model = loadModel(modelWish(parser), interruption());
    if (!model)
        return model.propagate();
    endWhenInterrupted();
    return train::evaluateRetrieval(*model, *data, pictureTools());
}

/// For a library made for a measurement: it is another one, but not its models.
ModelWish wishOfScratch(const QCommandLineParser &parser)
{
    ModelWish wish = modelWish(parser);
    wish.model = services::textOfPath(modelFolder(wish.model, dataDirectory({})).string());
    return wish;
}

/// What people have of it, which is to be as good as the model is by itself.
int throughProgram(const QCommandLineParser &parser, const QString &prefix)
{
    const auto scores = programScores(pathOf(prefix), wishOfScratch(parser), interruption());
    if (!scores)
        return ended(scores.error());
    if (parser.isSet(u"json"_s)) {
        JsonWriter json;
        json.beginObject();
        putScores(json, "text_to_image", *scores);
        printLine(json.endObject().text());
    } else {
        printLine(
            Text::tr("Text to image: %1").arg(QString::fromStdString(scoresText(*scores))).toStdString());
    }
    return Success;
}

int retrieval(const QCommandLineParser &parser, const QString &prefix)
{
    if (parser.isSet(u"program"_s))
        return throughProgram(parser, prefix);
    const auto scores = retrievalScores(parser, prefix);
    if (!scores)
        return ended(scores.error());
    if (parser.isSet(u"json"_s)) {
        JsonWriter json;
        json.beginObject();
        putScores(json, "text_to_image", scores->textToImage);
        putScores(json, "image_to_text", scores->imageToText);
        printLine(json.endObject().text());
    } else {
        printLine(Text::tr("Text to image: %1")
                      .arg(QString::fromStdString(scoresText(scores->textToImage)))
                      .toStdString());
        printLine(Text::tr("Image to text: %1")
                      .arg(QString::fromStdString(scoresText(scores->imageToText)))
                      .toStdString());
    }
    return Success;
}

void printZeroShot(const train::ZeroShotScores &scores, bool json)
{
    const std::string top1 = number(scores.top1, 2);
    const std::string top5 = number(scores.top5, 2);
    const std::string perClass = number(scores.meanPerClass, 2);
    const std::string count = std::to_string(scores.pictures);
    printLine(json ? JsonWriter()
                         .beginObject()
                         .member("top1", JsonNumber{top1})
                         .member("top5", JsonNumber{top5})
                         .member("mean_per_class", JsonNumber{perClass})
                         .member("pictures", scores.pictures)
                         .endObject()
                         .text()
                   : "top-1 " + top1 + "  top-5 " + top5 + "  mean per class " + perClass + "  (" + count +
                         ")");
}

int zeroShot(const clip::Model &model, const QCommandLineParser &parser, const QString &prefix)
{
    auto data = train::Dataset::openImages(pathOf(prefix));
    auto labelPairs = pairs(pathOf(parser.value(u"labels"_s)));
    auto classes = classesOf(pathOf(parser.value(u"classes"_s)));
    auto templates = parser.isSet(u"templates"_s)
                         ? readTemplates(parser.value(u"templates"_s))
                         : Result<std::vector<std::string>>({"{}", "一张{}的照片", "照片里有{}"});
    if (!data)
        return printError(data.error());
    if (!labelPairs || !classes || !templates)
        return printError(!labelPairs ? labelPairs.error() : !classes ? classes.error() : templates.error());
    std::unordered_map<std::int64_t, std::string> labels;
    for (const auto &[id, key] : *labelPairs)
        labels[QString::fromStdString(id).toLongLong()] = key;
    auto scores = train::evaluateZeroShot(model, *data, labels, *classes, *templates, pictureTools());
    if (!scores)
        return printError(scores.error());
    printZeroShot(*scores, parser.isSet(u"json"_s));
    return Success;
}

/// A folder a class. What the reference calls zero-shot evaluation, but for the sentences.
int zeroShotFolder(const QCommandLineParser &parser, const QString &folder)
{
    const std::stop_token stop = interruption(); // Before other threads begin.
    const auto data = findClassFolders(pathOf(folder), pathOf(parser.value(u"classes"_s)));
    if (!data)
        return printError(data.error());
    const auto templates =
        readTemplates(parser.isSet(u"templates"_s) ? parser.value(u"templates"_s) : u"standard"_s);
    if (!templates)
        return printError(templates.error());
    auto model = loadModel(modelWish(parser), stop);
    if (!model)
        return cannotLoad(model.error());
    ClipEncoder encoder(*std::move(model));
    const auto scores = folderScores(encoder, *data, *templates, stop);
    if (!scores)
        return ended(scores.error());
    printZeroShot(scores->scores, parser.isSet(u"json"_s));
    if (scores->failed == 0)
        return Success;
    return printError(
        {ErrorCode::CorruptData,
         Text::tr("%1 pictures could not be read and are not counted.").arg(scores->failed).toStdString()});
}

int quality(const clip::Model &model, const QCommandLineParser &parser, const QString &prefix)
{
    auto data = train::Dataset::openImages(pathOf(prefix));
    if (!data)
        return printError(data.error());
    const auto probe = train::probeQuality(model, *data, pictureTools());
    if (!probe)
        return printError(probe.error());
    const std::string accuracy = number(100 * probe->accuracy, 2);
    const std::string own = number(probe->ownCosine, 3);
    const std::string other = number(probe->otherCosine, 3);
    const std::string count = std::to_string(probe->pictures);
    printLine(parser.isSet(u"json"_s) ? JsonWriter()
                                            .beginObject()
                                            .member("accuracy", JsonNumber{accuracy})
                                            .member("own_cosine", JsonNumber{own})
                                            .member("other_cosine", JsonNumber{other})
                                            .member("pictures", probe->pictures)
                                            .endObject()
                                            .text()
                                      : "clean from poor " + accuracy + "  cosine of own " + own +
                                            ", of others " + other + "  (" + count + ")");
    return Success;
}

void putCut(JsonWriter &json, const char *name, const CutScore &score)
{
    json.key(name)
        .beginObject()
        .member("precision", jsonNumber(score.precision(), 4))
        .member("recall", jsonNumber(score.recall(), 4))
        .member("f1", jsonNumber(score.f1(), 4))
        .endObject();
}

std::string cutText(const CutScore &score)
{
    return "precision " + number(score.precision(), 4) + "  recall " + number(score.recall(), 4) + "  F1 " +
           number(score.f1(), 4);
}

std::string shareText(std::int64_t part, std::int64_t whole)
{
    return number(100.0 * static_cast<double>(part) / static_cast<double>(std::max<std::int64_t>(whole, 1)),
                  1) +
           " %";
}

/// Names as everywhere in eval, the same in all languages.
void printCutoff(const CutoffScores &scores, bool json)
{
    if (json) {
        JsonWriter line;
        line.beginObject();
        putCut(line, "confident", scores.confident);
        putCut(line, "all", scores.all);
        putCut(line, "fixed", scores.fixed);
        putCut(line, "best_relevance", scores.relevance);
        line.member("threshold", jsonNumber(scores.threshold, 4))
            .member("queries", scores.queries)
            .member("queries_unsure", scores.queriesUnsure)
            .member("queries_nothing", scores.queriesNothing)
            .member("absent", scores.absent)
            .member("absent_unsure", scores.absentUnsure)
            .member("absent_nothing", scores.absentNothing)
            .member("absent_nothing_fixed", scores.absentFixed);
        printLine(line.endObject().text());
        return;
    }
    printLine("confident       " + cutText(scores.confident));
    printLine("with possible   " + cutText(scores.all));
    printLine("best cosine     " + cutText(scores.fixed) + "  (" + number(scores.threshold, 3) + ")");
    printLine("best relevance  " + cutText(scores.relevance));
    printLine("present: nothing sure " + shareText(scores.queriesUnsure, scores.queries) + ", nothing " +
              shareText(scores.queriesNothing, scores.queries) + "  (" + std::to_string(scores.queries) +
              ")");
    printLine("absent: nothing sure " + shareText(scores.absentUnsure, scores.absent) + ", nothing " +
              shareText(scores.absentNothing, scores.absent) + ", nothing by best cosine " +
              shareText(scores.absentFixed, scores.absent) + "  (" + std::to_string(scores.absent) + ")");
}

int cutoff(const clip::Model &model, const QCommandLineParser &parser, const QString &prefix)
{
    const auto data = train::Dataset::open(pathOf(prefix));
    if (!data)
        return printError(data.error());
    Result<std::vector<std::string>> absent = std::vector<std::string>();
    if (parser.isSet(u"absent"_s))
        absent = lines(pathOf(parser.value(u"absent"_s)));
    if (!absent)
        return printError(absent.error());
    const auto scores = cutoffScores(model, *data, *absent, pictureTools());
    if (!scores)
        return printError(scores.error());
    printCutoff(*scores, parser.isSet(u"json"_s));
    return Success;
}

int everyday(const QCommandLineParser &parser, const QString &queries, const QString &folder)
{
    const auto scores = everydayScores(queries, folder, wishOfScratch(parser), interruption());
    if (!scores)
        return ended(scores.error());
    const bool json = parser.isSet(u"json"_s);
    double sum = 0;
    for (const QueryScore &score : *scores) {
        sum += score.precision();
        if (json)
            printLine(JsonWriter()
                          .beginObject()
                          .member("query", score.query)
                          .member("right", score.right)
                          .member("counted", score.counted)
                          .endObject()
                          .text());
        else
            printLine(std::to_string(score.right) + "/" + std::to_string(score.counted) + "\t" + score.query);
    }
    const std::string mean = number(sum / static_cast<double>(scores->size()), 3);
    const std::string count = std::to_string(scores->size());
    printLine(json ? JsonWriter()
                         .beginObject()
                         .member("precision", JsonNumber{mean})
                         .member("queries", scores->size())
                         .endObject()
                         .text()
                   : "precision " + mean + "  (" + count + ")");
    return Success;
}

} // namespace

int evalCommand(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        Text::tr("Scores a model: “retrieval PREFIX” by recall between texts and pictures, "
                 "“zeroshot PREFIX” or “zeroshot FOLDER” (a folder for each class) by "
                 "sorting pictures among class names, “everyday QUERIES FOLDER” by "
                 "the share of right photos among the first answers to queries (a file of query, tab, "
                 "right photos separated by |), “quality PREFIX” by how well clean pictures can be told "
                 "from poor copies (50 is chance), “cutoff PREFIX” by precision and recall of where a search "
                 "stops, beside the best single threshold."));
    addLibraryOptions(parser);
    parser.addOption(
        {u"labels"_s, Text::tr("zeroshot: <file> of picture id, tab, class."), Text::tr("file")});
    parser.addOption(
        {u"classes"_s,
         Text::tr("zeroshot: <file> of class, tab, names separated by commas. With FOLDER: of "
                  "one name a line, in the order of the folders' names (else its label_cn.txt)."),
         Text::tr("file")});
    parser.addOption({u"templates"_s,
                      Text::tr("zeroshot: <file> of sentences, {} standing for the name, or “standard” for "
                               "those that come with the program, which FOLDER has anyway."),
                      Text::tr("file")});
    parser.addOption({u"features"_s,
                      Text::tr("retrieval: score PREFIX_imgs.img_feat.jsonl and PREFIX_texts.txt_feat.jsonl, "
                               "computed elsewhere, without a model.")});
    parser.addOption(
        {u"program"_s, Text::tr("retrieval: through the whole program instead, as people use it: pictures as "
                                "files in a library made for this, texts as queries.")});
    parser.addOption(
        {u"absent"_s,
         Text::tr("cutoff: <file> of descriptions, one a line, of what is in none of the pictures."),
         Text::tr("file")});
    parser.addPositionalArgument(u"task"_s, Text::tr("retrieval, zeroshot, everyday, quality or cutoff"));
    parser.addPositionalArgument(u"prefix"_s, Text::tr("PREFIX for PREFIX_imgs.tsv and PREFIX_texts.jsonl"));
    if (const auto end = parse(parser, arguments))
        return *end;
    if (const auto options = loadOptions(modelWish(parser)); !options)
        return cannotLoad(options.error());
    const QStringList what = parser.positionalArguments();
    if (what.value(0) == u"everyday"_s && what.size() == 3)
        return everyday(parser, what[1], what[2]);
    const bool isZeroShot = what.value(0) == u"zeroshot"_s;
    if (isZeroShot && what.size() == 2 && std::filesystem::is_directory(pathOf(what[1])))
        return zeroShotFolder(parser, what[1]);
    if (what.size() != 2 ||
        !QStringList{u"retrieval"_s, u"zeroshot"_s, u"quality"_s, u"cutoff"_s}.contains(what[0]) ||
        (isZeroShot && (!parser.isSet(u"labels"_s) || !parser.isSet(u"classes"_s)))) {
        printError(
            {ErrorCode::InvalidArgument,
             Text::tr(
                 "Name the task and its data: “retrieval PREFIX”, “zeroshot PREFIX --labels FILE --classes "
                 "FILE”, “zeroshot FOLDER”, “quality PREFIX”, “cutoff PREFIX” or “everyday QUERIES FOLDER”.")
                 .toStdString()});
        return Usage;
    }
    if (what[0] == u"retrieval"_s)
        return retrieval(parser, what[1]);
    auto model = loadModel(modelWish(parser), interruption());
    if (!model)
        return cannotLoad(model.error());
    endWhenInterrupted();
    if (what[0] == u"cutoff"_s)
        return cutoff(*model, parser, what[1]);
    return isZeroShot ? zeroShot(*model, parser, what[1]) : quality(*model, parser, what[1]);
}

} // namespace yingxun::app::cli

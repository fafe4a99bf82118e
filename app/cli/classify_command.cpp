// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/cli/inputs.h"
#include "app/startup.h"
#include "core/base/softmax.h"
#include "core/image/format.h"
#include "core/services/path_text.h"
#include "core/train/zero_shot.h"

#include <algorithm>
#include <numeric>

using namespace Qt::StringLiterals;

namespace yingxun::app::cli {
namespace {

/// Photos and the labels that they are sorted among.
struct Task {
    std::vector<std::string> photos;
    std::vector<std::string> labels;
};

Unexpected wrong(const QString &message)
{
    return fail(ErrorCode::InvalidArgument, message.toStdString());
}

bool isThere(const QString &name)
{
    std::error_code ignored;
    return std::filesystem::exists(services::pathOfText(name), ignored);
}

/// Photos come first and are there; the first name that is not begins the labels.
Result<Task> taskOf(const QCommandLineParser &parser)
{
    const QStringList named = parser.positionalArguments();
    Task task;
    auto label = named.cend();
    if (parser.isSet(u"labels"_s)) {
        auto labels = readLines(services::pathOfText(parser.value(u"labels"_s)));
        if (!labels)
            return labels.propagate();
        task.labels = *std::move(labels);
    } else {
        label = std::find_if_not(named.cbegin(), named.cend(), isThere);
    }
    for (auto name = named.cbegin(); name != label; ++name) {
        auto some = photosAt(services::pathOfText(*name));
        if (!some)
            return some.propagate();
        task.photos.insert(task.photos.end(), some->begin(), some->end());
    }
    for (; label != named.cend(); ++label) {
        const std::string text = label->toStdString();
        if (image::hasPictureEnding(text) || text.find('/') != std::string::npos) // Mistyped, most likely.
            return wrong(Text::tr("%1 is no file. Photos come first, then labels.").arg(*label));
        task.labels.push_back(text);
    }
    if (task.photos.empty())
        return wrong(Text::tr("Name the photos, then the labels: photo.jpg 猫 狗"));
    if (task.labels.size() < 2)
        return wrong(Text::tr("Name at least two labels: each gets its share of the probability."));
    return task;
}

std::string shown(double probability, bool json)
{
    return QString::number(probability, json ? 'e' : 'f', json ? 6 : 4).toStdString();
}

void printShares(const std::string &photo, const std::vector<std::string> &labels,
                 const std::vector<float> &shares, const std::vector<std::size_t> &order, bool json)
{
    std::string line = photo;
    JsonWriter object;
    putPath(object.beginObject(), "path", photo).key("probabilities").beginArray();
    for (const std::size_t label : order) {
        const std::string share = shown(static_cast<double>(shares[label]), json);
        object.beginObject()
            .member("label", labels[label])
            .member("probability", JsonNumber{share})
            .endObject();
        line += "\t" + labels[label] + " " + share;
    }
    printLine(json ? object.endArray().endObject().text() : line);
}

/// The labels to print: all in their order, or the likeliest.
std::vector<std::size_t> chosen(const std::vector<float> &shares, std::size_t top)
{
    std::vector<std::size_t> order(shares.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    if (top > 0) {
        std::stable_sort(order.begin(), order.end(),
                         [&shares](std::size_t a, std::size_t b) { return shares[a] > shares[b]; });
        order.resize(std::min(order.size(), top));
    }
    return order;
}

} // namespace

int classifyCommand(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        Text::tr("Prints how likely each label is for each photo, out of the labels given. Photos are turned "
                 "upright as their EXIF data says; the reference implementation ignores it."));
    addModelOptions(parser);
    parser.addOption({u"labels"_s,
                      Text::tr("Take the labels from <file>, one a line; all that is named on "
                               "the command line is then a photo."),
                      Text::tr("file")});
    parser.addOption({u"templates"_s,
                      Text::tr("Put the labels into the sentences of <file>, {} standing for the label, or "
                               "into those that come with the program: “standard”."),
                      Text::tr("file")});
    parser.addOption({u"top"_s, Text::tr("Print only the <number> likeliest labels, the best first."),
                      Text::tr("number")});
    parser.addOption({u"json"_s, Text::tr("Print JSON, one object a line. A path that is not UTF-8 has its "
                                          "exact bytes in path_base64.")});
    parser.addPositionalArgument(u"photo"_s, Text::tr("Photos, or folders of photos."), u"photo…"_s);
    parser.addPositionalArgument(u"label"_s, Text::tr("Labels, in Chinese: what comes after the last file."),
                                 u"[label…]"_s);
    if (const auto end = parse(parser, arguments))
        return *end;
    std::size_t top = 0;
    if (parser.isSet(u"top"_s)) {
        const auto number = numberOption(parser, u"top"_s, 1, 1e9);
        if (!number)
            return Usage;
        top = static_cast<std::size_t>(*number);
    }
    const std::stop_token stop = interruption(); // Before other threads begin.
    const auto task = taskOf(parser);
    if (!task) {
        printError(task.error());
        return task.error().code == ErrorCode::InvalidArgument ? Usage : Failure;
    }
    auto templates = parser.isSet(u"templates"_s) ? readTemplates(parser.value(u"templates"_s))
                                                  : Result<std::vector<std::string>>({"{}"});
    if (!templates)
        return printError(templates.error());
    auto model = loadModel(modelWish(parser), stop);
    if (!model)
        return cannotLoad(model.error());
    ClipEncoder encoder(*std::move(model));
    std::vector<train::NamedClass> classes;
    for (const std::string &label : task->labels)
        classes.push_back({label, {label}});
    const auto rows = train::classifier(encoder.model(), classes, *templates);
    if (!rows)
        return printError(rows.error());
    const auto failed =
        embedPhotos(encoder, task->photos, stop, [&](std::size_t photo, std::span<const float> row) {
            const auto shares = softmax(train::cosines(row, *rows), encoder.logitScale());
            printShares(task->photos[photo], task->labels, shares, chosen(shares, top),
                        parser.isSet(u"json"_s));
        });
    if (!failed) {
        printError(failed.error());
        return failed.error().code == ErrorCode::Cancelled ? Interrupted : Failure;
    }
    return *failed == 0 ? Success : Failure;
}

} // namespace yingxun::app::cli

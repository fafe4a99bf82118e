// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/cli/hand_made.h"
#include "app/startup.h"
#include "core/base/atomic_file.h"
#include "core/db/catalogue.h"
#include "core/services/path_text.h"

#include <cstdio>
#include <map>

using namespace Qt::StringLiterals;

namespace yingxun::app::cli {
namespace {

struct Marked {
    std::vector<std::string> labels;
    int stars = 0;
    std::vector<std::string> paths;
};

Result<std::map<ContentHash, Marked>> markedContents(db::Catalogue &catalogue,
                                                     const std::vector<Label> &labels)
{
    std::map<ContentHash, Marked> marked;
    for (const Label &label : labels) {
        const auto contents = catalogue.contentsWithLabel(label.id);
        if (!contents)
            return contents.propagate();
        for (const ContentHash &content : *contents)
            marked[content].labels.push_back(label.name);
    }
    const auto ratings = catalogue.ratings();
    if (!ratings)
        return ratings.propagate();
    for (const auto &[content, stars] : *ratings)
        marked[content].stars = stars;
    const auto done = catalogue.forEachPhoto([&marked](const Photo &photo, std::int64_t) {
        if (const auto found = marked.find(photo.hash); found != marked.end())
            found->second.paths.push_back(photo.path);
    });
    if (!done)
        return done.propagate();
    return marked;
}

void putLine(std::string &text, JsonWriter &line)
{
    text += line.endObject().text() + '\n';
}

void putContent(std::string &text, const ContentHash &content, const Marked &marked)
{
    JsonWriter line;
    line.beginObject().member("content", content.hex()).key("labels").beginArray();
    for (const std::string &label : marked.labels)
        line.value(label);
    line.endArray();
    if (marked.stars > 0)
        line.member("stars", marked.stars);
    line.key("paths").beginArray();
    for (const std::string &path : marked.paths)
        putPath(line.beginObject(), "path", path).endObject();
    line.endArray();
    putLine(text, line);
}

/// See README, “In the terminal”.
Result<std::string> handMade(db::Catalogue &catalogue)
{
    const auto labels = catalogue.labels();
    if (!labels)
        return labels.propagate();
    const auto marked = markedContents(catalogue, *labels);
    if (!marked)
        return marked.propagate();
    const auto folders = catalogue.folders();
    if (!folders)
        return folders.propagate();
    const auto exclusions = catalogue.exclusions();
    if (!exclusions)
        return exclusions.propagate();
    const auto searches = catalogue.searches();
    if (!searches)
        return searches.propagate();
    std::string text;
    JsonWriter head;
    putLine(text, head.beginObject().member(kFormatKey, kFormatVersion));
    for (const auto &[content, what] : *marked)
        putContent(text, content, what);
    for (const Label &label : *labels) {
        JsonWriter line;
        putLine(text, line.beginObject().member("label", label.name));
    }
    for (const Folder &folder : *folders) {
        JsonWriter line;
        putLine(text, putPath(line.beginObject(), "folder", folder.path));
    }
    for (const SavedSearch &search : *searches) {
        JsonWriter line;
        putLine(text, line.beginObject().member("search", search.name).member("line", search.line));
    }
    if (*exclusions) {
        JsonWriter line;
        line.beginObject().key("exclusions").beginArray();
        for (const std::string &pattern : **exclusions)
            putPath(line.beginObject(), "pattern", pattern).endObject();
        putLine(text, line.endArray());
    }
    return text;
}

Result<void> write(const QString &file, const std::string &text)
{
    if (file == u"-"_s) {
        if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
            return fail(ErrorCode::Io, "standard output cannot be written");
        return {};
    }
    auto output = AtomicFile::create(services::pathOfText(file), Readers::Owner);
    if (!output)
        return output.propagate();
    output->write(std::as_bytes(std::span(text)));
    return output->commit();
}

} // namespace

int exportCommand(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(Text::tr(
        "Writes your labels, stars, saved searches, folders and exclusions to a file, as JSON lines, which "
        "“import” and other programs can read; - is standard output."));
    parser.addOption({u"data"_s, Text::tr("Keep the catalogue in <directory>."), Text::tr("directory")});
    parser.addPositionalArgument(u"file"_s, Text::tr("The file to write."));
    if (const auto end = parse(parser, arguments))
        return *end;
    if (parser.positionalArguments().size() != 1) {
        printError({ErrorCode::InvalidArgument, Text::tr("Name one file, or - .").toStdString()});
        return Usage;
    }
    auto catalogue = db::Catalogue::open(dataDirectory(parser.value(u"data"_s)));
    if (!catalogue)
        return printError(catalogue.error());
    const auto text = handMade(*catalogue);
    if (!text)
        return printError(text.error());
    const auto written = write(parser.positionalArguments().first(), *text);
    return written ? Success : printError(written.error());
}

} // namespace yingxun::app::cli

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/cli/hand_made.h"
#include "app/startup.h"
#include "core/db/catalogue.h"
#include "core/services/path_text.h"

#include <QFile>

#include <algorithm>
#include <map>

using namespace Qt::StringLiterals;

namespace yingxun::app::cli {
namespace {

struct Counts {
    std::size_t labels = 0; ///< Put on photos.
    std::size_t stars = 0;
    std::size_t folders = 0;
};

Result<std::string> contentsOf(const QString &name)
{
    QFile file(QFile::decodeName(QByteArray::fromStdString(services::pathOfText(name))));
    const bool opened =
        name == u"-"_s ? file.open(stdin, QIODevice::ReadOnly) : file.open(QIODevice::ReadOnly);
    if (!opened)
        return fail(ErrorCode::NotFound,
                    Text::tr("%1 cannot be read: %2").arg(name, file.errorString()).toStdString());
    return file.readAll().toStdString();
}

/// The content itself; where the library does not know it, those that are at its paths now.
Result<std::vector<ContentHash>> bearersOf(const HandMade::Marked &marked, db::Catalogue &catalogue)
{
    const auto known = catalogue.firstWithContent(marked.content);
    if (!known)
        return known.propagate();
    std::vector<ContentHash> bearers;
    for (const std::string &path : marked.paths) {
        if (*known)
            break;
        const auto photo = catalogue.photoAt(path);
        if (!photo)
            return photo.propagate();
        if (*photo)
            bearers.push_back((*photo)->hash);
    }
    if (bearers.empty()) // It may come yet.
        bearers.push_back(marked.content);
    return bearers;
}

Result<void> mergeMarks(const HandMade &all, db::Catalogue &catalogue, Counts &counts)
{
    auto rated = catalogue.ratings();
    if (!rated)
        return rated.propagate();
    std::map<std::string, std::vector<ContentHash>> labelled;
    std::vector<Rating> ratings;
    for (const std::string &label : all.labels)
        labelled[label];
    for (const HandMade::Marked &marked : all.contents) {
        const auto bearers = bearersOf(marked, catalogue);
        if (!bearers)
            return bearers.propagate();
        for (const ContentHash &bearer : *bearers) {
            for (const std::string &label : marked.labels)
                labelled[label].push_back(bearer);
            if (marked.stars > 0 && rated->emplace(bearer, marked.stars).second) // Those it has stay.
                ratings.push_back({bearer, marked.stars});
        }
    }
    for (const auto &[name, contents] : labelled) {
        const auto label = catalogue.addLabel(name);
        if (!label)
            return label.propagate();
        const auto changed = catalogue.assignLabel(*label, contents);
        if (!changed)
            return changed.propagate();
        counts.labels += changed->size();
    }
    counts.stars = ratings.size();
    if (const auto set = catalogue.setRatings(ratings); !set)
        return set.propagate();
    return {};
}

/// Adds what is missing and removes nothing; breaking off in the midst, it can be done again.
Result<Counts> merge(const HandMade &all, db::Catalogue &catalogue)
{
    Counts counts;
    if (auto done = mergeMarks(all, catalogue, counts); !done)
        return done.propagate();
    const auto before = catalogue.folders();
    if (!before)
        return before.propagate();
    for (const std::string &folder : all.folders) {
        if (const auto added = catalogue.addFolder(folder); !added)
            return added.propagate();
    }
    const auto after = catalogue.folders();
    if (!after)
        return after.propagate();
    counts.folders = after->size() - before->size();
    const auto searches = catalogue.searches();
    if (!searches)
        return searches.propagate();
    for (const auto &[name, line] : all.searches) {
        const bool isTaken = std::any_of(searches->begin(), searches->end(),
                                         [&name](const SavedSearch &one) { return one.name == name; });
        if (isTaken)
            continue; // What there is stays.
        if (const auto added = catalogue.addSearch(name, line); !added)
            return added.propagate();
    }
    if (!all.exclusions)
        return counts;
    const auto now = catalogue.exclusions();
    if (!now)
        return now.propagate();
    std::vector<std::string> patterns = now->value_or(std::vector<std::string>());
    for (const std::string &pattern : *all.exclusions) {
        if (std::find(patterns.begin(), patterns.end(), pattern) == patterns.end())
            patterns.push_back(pattern);
    }
    if (const auto set = catalogue.setExclusions(patterns); !set)
        return set.propagate();
    return counts;
}

} // namespace

int importCommand(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        Text::tr("Puts labels, stars, saved searches, folders and exclusions back from a file of “export”: "
                 "to each photo by "
                 "its content, or by its path where the content is not in the library. What there is "
                 "already stays; - is standard input."));
    parser.addOption({u"data"_s, Text::tr("Keep the catalogue in <directory>."), Text::tr("directory")});
    parser.addOption({u"json"_s, Text::tr("Print JSON, one object a line.")});
    parser.addPositionalArgument(u"file"_s, Text::tr("The file to read."));
    if (const auto end = parse(parser, arguments))
        return *end;
    if (parser.positionalArguments().size() != 1) {
        printError({ErrorCode::InvalidArgument, Text::tr("Name one file, or - .").toStdString()});
        return Usage;
    }
    const auto text = contentsOf(parser.positionalArguments().first());
    if (!text)
        return printError(text.error());
    const auto all = readHandMade(*text);
    if (!all)
        return printError(all.error());
    auto catalogue = db::Catalogue::open(dataDirectory(parser.value(u"data"_s)));
    if (!catalogue)
        return printError(catalogue.error());
    const auto counts = merge(*all, *catalogue);
    if (!counts)
        return printError(counts.error());
    for (const std::size_t line : all->unread)
        printError({ErrorCode::CorruptData,
                    Text::tr("Line %1 was left out: it is damaged, or says something that this Yingxun does "
                             "not know.")
                        .arg(line)
                        .toStdString()});
    if (parser.isSet(u"json"_s))
        printLine(JsonWriter()
                      .beginObject()
                      .member("labels", counts->labels)
                      .member("stars", counts->stars)
                      .member("folders", counts->folders)
                      .member("left_out", all->unread.size())
                      .endObject()
                      .text());
    else
        printLine(Text::tr("Put back: labels %1 times, stars %2 times, %3 folders.")
                      .arg(counts->labels)
                      .arg(counts->stars)
                      .arg(counts->folders)
                      .toStdString());
    return all->unread.empty() ? Success : Failure;
}

} // namespace yingxun::app::cli

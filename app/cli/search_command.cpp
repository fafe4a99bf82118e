// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "core/query/relevance.h"
#include "core/services/moment_text.h"
#include "core/services/path_text.h"

#include <cstdio>

using namespace Qt::StringLiterals;

namespace yingxun::app::cli {
namespace {

/// How much is printed of what was found.
struct Shown {
    std::size_t all = 0;
    std::size_t confident = 0; ///< The first ones, which match; only where it is cut.
    bool isCut = false;        ///< By relevance.
};

/// Whoever says how many photos to print gets as many.
Shown shownOf(const std::vector<FoundPhoto> &found, bool saysHowMany)
{
    if (saysHowMany || (!found.empty() && !found.front().relevance))
        return {found.size(), found.size(), false};
    std::vector<float> relevances;
    for (const FoundPhoto &photo : found)
        relevances.push_back(*photo.relevance);
    const query::Cut cut = query::cutOf(relevances);
    return {cut.possible, cut.confident, true};
}

/// In JSON to standard error: the photos speak for themselves.
void printNothingMatches(bool json, bool somePossibly)
{
    const std::string text = (somePossibly ? Text::tr("Nothing surely matches this description.")
                                           : Text::tr("Nothing matches this description."))
                                 .toStdString();
    if (!json)
        printLine(text);
    else
        std::fprintf(stderr, "%s\n", text.c_str());
}

} // namespace

int searchCommand(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(Text::tr(
        "Prints the photos that match a description, best first, with their cosines, and then those that are "
        "possibly related. Filters such as date:2023, "
        "label:dog, -format:gif or camera:nikon stand beside it; alone, they list the newest first. A "
        "picture "
        "is looked for by image:FILE, with words beside it or without."));
    addLibraryOptions(parser);
    parser.addOption(
        {u"limit"_s,
         Text::tr("Print <number> photos, relevant or not (default: at most 20 of those that match)."),
         Text::tr("number"), u"20"_s});
    parser.addOption({u"like"_s, Text::tr("Look for photos like <file>, indexed or not."), Text::tr("file")});
    parser.addPositionalArgument(u"description"_s, Text::tr("What is to be seen, in Chinese."),
                                 u"[description]"_s);
    if (const auto end = parse(parser, arguments))
        return *end;
    const QString text = parser.positionalArguments().join(u' ').trimmed();
    const QString like = parser.value(u"like"_s);
    if (text.isEmpty() == like.isEmpty()) {
        printError({ErrorCode::InvalidArgument,
                    Text::tr("Give either a description or --like with a photo.").toStdString()});
        return Usage;
    }
    const auto limit = numberOption(parser, u"limit"_s, 1, 1e9);
    if (!limit)
        return Usage;
    auto session = openLibrary(parser);
    if (!session)
        return cannotLoad(session.error());
    endWhenInterrupted();
    auto catalogue = db::Catalogue::open(session->data);
    if (!catalogue)
        return printError(catalogue.error());
    auto found = like.isEmpty()
                     ? searchText(*session, *catalogue, text, static_cast<int>(*limit))
                     : searchLike(*session, *catalogue, services::pathOfText(like), static_cast<int>(*limit));
    if (!found)
        return printError(found.error());
    const Shown shown = shownOf(*found, parser.isSet(u"limit"_s));
    const bool json = parser.isSet(u"json"_s);
    if (shown.isCut && shown.confident == 0)
        printNothingMatches(json, shown.all > 0 && *found->front().relevance >= query::kPossible);
    for (std::size_t i = 0; i < shown.all; ++i) {
        const FoundPhoto &hit = (*found)[i];
        if (i == shown.confident && shown.isCut && !json)
            printLine(Text::tr("Possibly related:").toStdString());
        if (json) {
            JsonWriter line;
            line.beginObject().member("rank", i + 1);
            if (hit.score)
                line.member("score", jsonNumber(*hit.score, 6));
            if (hit.relevance)
                line.member("relevance", jsonNumber(*hit.relevance, 4));
            line.member("kind", kindName(hit.photo));
            if (hit.momentMs)
                line.member("moment_ms", *hit.momentMs);
            printLine(putPath(line, "path", hit.photo.path).endObject().text());
        } else {
            printLine(std::to_string(i + 1) + "\t" + (hit.score ? number(*hit.score, 4) : "-") + "\t" +
                      hit.photo.path +
                      (hit.momentMs ? "\t" + services::timeText(*hit.momentMs).toStdString() : ""));
        }
    }
    return Success;
}

} // namespace yingxun::app::cli

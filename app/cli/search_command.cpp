// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/startup.h"
#include "core/db/catalogue.h"
#include "core/query/relevance.h"
#include "core/services/moment_text.h"
#include "core/services/path_text.h"

#include <algorithm>
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

/// The line that is saved under a name. Errors: NotFound, the catalogue's.
Result<QString> savedLine(db::Catalogue &catalogue, const QString &name)
{
    const auto searches = catalogue.searches();
    if (!searches)
        return searches.propagate();
    const auto named = std::find_if(searches->begin(), searches->end(), [&name](const SavedSearch &search) {
        return QString::fromStdString(search.name) == name;
    });
    if (named == searches->end())
        return fail(ErrorCode::NotFound,
                    Text::tr("No search is saved as “%1”; “yingxun-cli search --list-saved” shows them.")
                        .arg(name)
                        .toStdString());
    return QString::fromStdString(named->line);
}

/// @return the exit code.
int listSaved(const QCommandLineParser &parser)
{
    auto catalogue = db::Catalogue::open(dataDirectory(parser.value(u"data"_s)));
    if (!catalogue)
        return printError(catalogue.error());
    const auto searches = catalogue->searches();
    if (!searches)
        return printError(searches.error());
    for (const SavedSearch &search : *searches) {
        JsonWriter json;
        json.beginObject().member("name", search.name).member("line", search.line).endObject();
        printLine(parser.isSet(u"json"_s) ? json.text() : search.name + "\t" + search.line);
    }
    return Success;
}

} // namespace

int searchCommand(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(Text::tr(
        "Prints the photos that match a description, best first, with their cosines, and then those that are "
        "possibly related. Filters such as date:2023, "
        "label:dog, -format:gif or camera:nikon stand beside it; alone, they list the newest first."));
    addLibraryOptions(parser);
    parser.addOption(
        {u"limit"_s,
         Text::tr("Print <number> photos, relevant or not (default: at most 20 of those that match)."),
         Text::tr("number"), u"20"_s});
    parser.addOption(
        {u"like"_s, Text::tr("Look for photos like <file>, which is indexed."), Text::tr("file")});
    parser.addOption({u"saved"_s, Text::tr("Ask the search that is saved as <name>."), Text::tr("name")});
    parser.addOption({u"list-saved"_s, Text::tr("Print the saved searches: their names and lines.")});
    parser.addPositionalArgument(u"description"_s, Text::tr("What is to be seen, in Chinese."),
                                 u"[description]"_s);
    if (const auto end = parse(parser, arguments))
        return *end;
    QString text = parser.positionalArguments().join(u' ').trimmed();
    const QString like = parser.value(u"like"_s);
    const QString saved = parser.value(u"saved"_s).trimmed();
    const bool lists = parser.isSet(u"list-saved"_s);
    if (int(!text.isEmpty()) + int(!like.isEmpty()) + int(!saved.isEmpty()) + int(lists) != 1) {
        printError({ErrorCode::InvalidArgument,
                    Text::tr("Give either a description, --like with a photo, --saved with a name, or "
                             "--list-saved.")
                        .toStdString()});
        return Usage;
    }
    if (lists)
        return listSaved(parser);
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
    if (!saved.isEmpty()) {
        auto line = savedLine(*catalogue, saved);
        if (!line)
            return printError(line.error());
        text = *std::move(line);
    }
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

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/cli/found_photos.h"
#include "app/startup.h"
#include "core/db/catalogue.h"
#include "core/services/path_text.h"

#include <algorithm>
#include <optional>

using namespace Qt::StringLiterals;

namespace yingxun::app::cli {
namespace {

/// What comes later may match less than others: more is looked at than is printed at first.
constexpr int kWatched = 1000;

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
        "label:dog, -format:gif or camera:nikon stand beside it; alone, they list the newest first. A "
        "picture "
        "is looked for by image:FILE, with words beside it or without."));
    addLibraryOptions(parser);
    parser.addOption(
        {u"limit"_s,
         Text::tr("Print <number> photos, relevant or not (default: at most 20 of those that match)."),
         Text::tr("number"), u"20"_s});
    parser.addOption({u"like"_s, Text::tr("Look for photos like <file>, indexed or not."), Text::tr("file")});
    parser.addOption({u"watch"_s, Text::tr("Then go on and print what matches as it is indexed, by another "
                                           "yingxun-cli or the window.")});
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
    const bool isCut = !parser.isSet(u"limit"_s);
    const FoundFormat format{parser.isSet(u"json"_s), isCut, static_cast<std::size_t>(*limit)};
    const auto ask = [&](int most, const KnownPhotos *known) {
        return like.isEmpty() ? searchText(*session, *catalogue, text, most, known)
                              : searchLike(*session, *catalogue, services::pathOfText(like), most, known);
    };
    std::optional<KnownPhotos> known;
    if (parser.isSet(u"watch"_s)) {
        auto now = KnownPhotos::of(*catalogue); // Before: what comes meanwhile has come since.
        if (!now)
            return printError(now.error());
        known = *std::move(now);
    }
    const auto found = ask(static_cast<int>(*limit), nullptr);
    if (!found)
        return printError(found.error());
    printFound(*found, format);
    if (!known)
        return Success;
    const int most = isCut ? kWatched : static_cast<int>(*limit);
    const auto watched = watchFound(
        *session, *catalogue, *found, format, [&] { return ask(most, &*known); }, interruption());
    if (!watched)
        return printError(watched.error());
    return Interrupted;
}

} // namespace yingxun::app::cli

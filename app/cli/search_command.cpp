// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "core/services/moment_text.h"
#include "core/services/path_text.h"

using namespace Qt::StringLiterals;

namespace yingxun::app::cli {

int searchCommand(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(Text::tr(
        "Prints the photos that fit a description best, with their cosines. Filters such as date:2023, "
        "label:dog, -format:gif or camera:nikon stand beside it; alone, they list the newest first."));
    addLibraryOptions(parser);
    parser.addOption({u"limit"_s, Text::tr("Print at most <number> photos."), Text::tr("number"), u"20"_s});
    parser.addOption(
        {u"like"_s, Text::tr("Look for photos like <file>, which is indexed."), Text::tr("file")});
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
    for (std::size_t i = 0; i < found->size(); ++i) {
        const FoundPhoto &hit = (*found)[i];
        if (parser.isSet(u"json"_s)) {
            JsonWriter json;
            json.beginObject().member("rank", i + 1);
            if (hit.score)
                json.member("score", jsonNumber(*hit.score, 6));
            json.member("kind", kindName(hit.photo));
            if (hit.momentMs)
                json.member("moment_ms", *hit.momentMs);
            printLine(putPath(json, "path", hit.photo.path).endObject().text());
        } else {
            printLine(std::to_string(i + 1) + "\t" + (hit.score ? number(*hit.score, 4) : "-") + "\t" +
                      hit.photo.path +
                      (hit.momentMs ? "\t" + services::timeText(*hit.momentMs).toStdString() : ""));
        }
    }
    return Success;
}

} // namespace yingxun::app::cli

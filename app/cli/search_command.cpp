// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/cli/found_photos.h"
#include "core/services/path_text.h"

using namespace Qt::StringLiterals;

namespace yingxun::app::cli {
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
    const auto ask = [&] {
        const int most = static_cast<int>(*limit);
        return like.isEmpty() ? searchText(*session, *catalogue, text, most)
                              : searchLike(*session, *catalogue, services::pathOfText(like), most);
    };
    const auto found = ask();
    if (!found)
        return printError(found.error());
    const FoundFormat format{parser.isSet(u"json"_s), !parser.isSet(u"limit"_s)};
    printFound(*found, format);
    if (!parser.isSet(u"watch"_s))
        return Success;
    if (auto watched = watchFound(*session, *catalogue, *found, format, ask, interruption()); !watched)
        return printError(watched.error());
    return Interrupted;
}

} // namespace yingxun::app::cli

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/startup.h"
#include "core/db/catalogue.h"
#include "core/ingest/exclusions.h"
#include "core/services/path_text.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace yingxun::app::cli {
namespace {

std::string bytesOf(const QString &pattern)
{
    return services::pathOfText(pattern);
}

/// The list as the options want it. Errors: NotFound (nothing of that name to remove), the catalogue's.
Result<std::vector<std::string>> edited(const QCommandLineParser &parser, db::Catalogue &catalogue)
{
    auto now = ingest::loadExclusions(catalogue);
    if (!now)
        return now.propagate();
    std::vector<std::string> patterns =
        parser.isSet(u"reset"_s) ? ingest::defaultExclusions() : now->patterns();
    for (const QString &pattern : parser.values(u"remove"_s)) {
        if (std::erase(patterns, bytesOf(pattern)) == 0)
            return fail(ErrorCode::NotFound,
                        Text::tr("“%1” is not in the list; “yingxun-cli exclude” shows it.")
                            .arg(pattern)
                            .toStdString());
    }
    for (const QString &pattern : parser.values(u"add"_s))
        patterns.push_back(bytesOf(pattern));
    return patterns;
}

} // namespace

int excludeCommand(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(Text::tr(
        "Shows and edits which files and folders are not indexed: patterns for their names, in which "
        "* stands for anything and ? for one character, whatever the case of letters; a pattern with "
        "/ is a path below the folder of the library. A change works from the next “index” on; photos "
        "that are left out keep their labels and stars."));
    parser.addOption({u"data"_s, Text::tr("Keep the catalogue in <directory>."), Text::tr("directory")});
    parser.addOption({u"json"_s, Text::tr("Print JSON, one object a line.")});
    parser.addOption({u"add"_s, Text::tr("Leave out what fits <pattern>."), Text::tr("pattern")});
    parser.addOption({u"remove"_s, Text::tr("Take <pattern> off the list."), Text::tr("pattern")});
    parser.addOption({u"reset"_s, Text::tr("Go back to the default list.")});
    if (const auto end = parse(parser, arguments))
        return *end;
    if (!parser.positionalArguments().isEmpty()) {
        printError(
            {ErrorCode::InvalidArgument, Text::tr("Name patterns with --add or --remove.").toStdString()});
        return Usage;
    }
    auto catalogue = db::Catalogue::open(dataDirectory(parser.value(u"data"_s)));
    if (!catalogue)
        return printError(catalogue.error());
    if (parser.isSet(u"add"_s) || parser.isSet(u"remove"_s) || parser.isSet(u"reset"_s)) {
        auto patterns = edited(parser, *catalogue);
        if (!patterns)
            return printError(patterns.error());
        if (auto stored = ingest::storeExclusions(*catalogue, *patterns); !stored)
            return printError(stored.error());
    }
    const auto now = ingest::loadExclusions(*catalogue);
    if (!now)
        return printError(now.error());
    for (const std::string &pattern : now->patterns()) {
        JsonWriter json;
        putPath(json.beginObject(), "pattern", pattern).endObject();
        printLine(parser.isSet(u"json"_s) ? json.text() : pattern);
    }
    return Success;
}

} // namespace yingxun::app::cli

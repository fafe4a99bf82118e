// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/startup.h"
#include "core/ingest/unused_contents.h"

using namespace Qt::StringLiterals;

namespace yingxun::app::cli {
namespace {

/// Days until then, begun ones included.
std::int64_t daysUntil(std::int64_t timeMs, std::int64_t nowMs)
{
    return (timeMs - nowMs + ingest::kDayMs - 1) / ingest::kDayMs;
}

void printSwept(const ingest::SweptContents &swept, std::int64_t nowMs, bool json)
{
    const std::int64_t days = swept.waiting > 0 ? daysUntil(swept.nextMs, nowMs) : 0;
    if (json) {
        JsonWriter object;
        object.beginObject()
            .member("contents", swept.contents)
            .member("thumbnails", swept.thumbnails)
            .member("embeddings", swept.embeddings)
            .member("bytes", swept.bytes)
            .member("in_use", swept.inUse)
            .member("waiting", swept.waiting);
        if (swept.waiting > 0)
            object.member("next_in_days", days);
        return printLine(object.endObject().text());
    }
    printLine(Text::tr("Removed: all that was computed of %1 photos (%2 thumbnails, %3 embeddings, %4 bytes)")
                  .arg(swept.contents)
                  .arg(swept.thumbnails)
                  .arg(swept.embeddings)
                  .arg(swept.bytes)
                  .toStdString());
    if (swept.inUse > 0)
        printLine(
            Text::tr(
                "In embeddings that another Yingxun has open: %1. It removes them at the end of a run of "
                "its indexer, at most once a day.")
                .arg(swept.inUse)
                .toStdString());
    if (swept.waiting > 0)
        printLine(Text::tr("Waiting: %1, the first of them for %2 more days")
                      .arg(swept.waiting)
                      .arg(days)
                      .toStdString());
}

} // namespace

int gcCommand(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        Text::tr("Removes what was computed of photos that left the library %1 days ago: thumbnails, "
                 "measures and embeddings. “index” does the same once a day. Labels and stars are kept "
                 "for good.")
            .arg(ingest::kUnusedKeptMs / ingest::kDayMs));
    parser.addOption({u"data"_s, Text::tr("Keep the catalogue in <directory>."), Text::tr("directory")});
    parser.addOption({u"json"_s, Text::tr("Print JSON, one object a line.")});
    parser.addOption({u"now"_s, Text::tr("Remove it at once, however short they have been gone.")});
    if (const auto end = parse(parser, arguments))
        return *end;
    if (!parser.positionalArguments().isEmpty()) {
        printError({ErrorCode::InvalidArgument,
                    Text::tr("“gc” takes no names; it looks through the whole library.").toStdString()});
        return Usage;
    }
    ingest::UnusedSweep sweep;
    sweep.dataDirectory = dataDirectory(parser.value(u"data"_s));
    sweep.nowMs = ingest::unixTimeMs();
    sweep.everything = parser.isSet(u"now"_s);
    const auto stop = interruption();
    const auto swept = ingest::sweepUnused(sweep, stop);
    if (!swept)
        return stop.stop_requested() ? Interrupted : printError(swept.error());
    if (swept->isLibraryUnseen)
        return printError(
            {ErrorCode::InvalidArgument,
             Text::tr("Nothing was removed: “index” has not yet looked through the whole library since its "
                      "catalogue was made. Connect the disks of all its folders, or take those that are "
                      "empty out of it, run “index”, and try again.")
                 .toStdString()});
    printSwept(*swept, sweep.nowMs, parser.isSet(u"json"_s));
    return swept->problem ? printError(*swept->problem) : Success;
}

} // namespace yingxun::app::cli

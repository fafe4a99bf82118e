// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"

#include <chrono>
#include <cstdio>

using namespace Qt::StringLiterals;

namespace yingxun::app::cli {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kProgressInterval = std::chrono::milliseconds(200);

double secondsSince(Clock::time_point begin)
{
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// A progress line at most five times a second.
class ProgressLine
{
public:
    void operator()(const ingest::IndexCounts &counts)
    {
        if (Clock::now() - m_last < kProgressInterval)
            return;
        m_last = Clock::now();
        const qint64 opened = counts.done - counts.unchanged;
        printProgress(Text::tr("%1 of %2 photos, %3 new, %4 unreadable, %5 photos/s")
                          .arg(counts.done.load())
                          .arg(counts.found.load())
                          .arg(counts.embedded.load())
                          .arg(counts.failed.load())
                          .arg(static_cast<double>(opened) / secondsSince(m_begin), 0, 'f', 1)
                          .toStdString());
    }

private:
    Clock::time_point m_begin = Clock::now();
    Clock::time_point m_last;
};

} // namespace

int indexCommand(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        Text::tr("Indexes folders. Photos that are known and unchanged are not opened."));
    addLibraryOptions(parser);
    parser.addOption({u"retry"_s, Text::tr("Open all files again that could not be read.")});
    parser.addOption(
        {u"remove-missing"_s, Text::tr("Take out of the library all photos that have gone from the "
                                       "disk, however many they are.")});
    parser.addPositionalArgument(
        u"folder"_s, Text::tr("Folders to add to the library; none: the known ones."), u"[folder…]"_s);
    if (const auto end = parse(parser, arguments))
        return *end;
    const std::stop_token stop = interruption(); // Before other threads begin.
    auto session = openLibrary(parser);
    if (!session)
        return cannotLoad(session.error());
    {
        auto catalogue = db::Catalogue::open(session->data);
        if (!catalogue)
            return printError(catalogue.error());
        if (auto added = addFolders(*catalogue, parser.positionalArguments()); !added)
            return printError(added.error());
        const auto folders = catalogue->folders();
        if (folders && folders->empty())
            return printError(
                {ErrorCode::InvalidArgument,
                 Text::tr("The library has no folders yet. Name one to add it.").toStdString()});
    }
    ingest::IndexCounts counts;
    ProgressLine progress;
    const auto begin = Clock::now();
    const IndexWish wish{parser.isSet(u"retry"_s) ? ingest::ProblemFiles::All : ingest::ProblemFiles::WhenDue,
                         parser.isSet(u"remove-missing"_s)};
    const auto done = indexAll(
        *session, wish, counts, [&progress](const ingest::IndexCounts &now) { progress(now); }, stop);
    endProgress();
    const double seconds = secondsSince(begin);
    if (!done)
        return printError(done.error());
    const qint64 opened = counts.done - counts.unchanged;
    const std::string rate = number(static_cast<double>(opened) / seconds, 1);
    if (parser.isSet(u"json"_s)) {
        printLine(JsonWriter()
                      .beginObject()
                      .member("found", counts.found.load())
                      .member("unchanged", counts.unchanged.load())
                      .member("embedded", counts.embedded.load())
                      .member("failed", counts.failed.load())
                      .member("missing", counts.missing.load())
                      .member("seconds", jsonNumber(seconds, 3))
                      .member("photos_per_second", JsonNumber{rate})
                      .member("interrupted", stop.stop_requested())
                      .endObject()
                      .text());
    } else {
        printLine(Text::tr("%1 photos: %2 unchanged, %3 newly embedded, %4 unreadable; %5 s, %6 photos/s")
                      .arg(counts.found.load())
                      .arg(counts.unchanged.load())
                      .arg(counts.embedded.load())
                      .arg(counts.failed.load())
                      .arg(QString::fromStdString(number(seconds, 1)), QString::fromStdString(rate))
                      .toStdString());
    }
    if (counts.missing > 0) {
        const QString text =
            Text::tr("%n photo(s) have gone from the disk, which is much at once: they stay in the "
                     "library. Is a disk missing? If not, run this again with --remove-missing.",
                     nullptr, int(counts.missing));
        std::fprintf(stderr, "%s\n", qUtf8Printable(text));
    }
    return stop.stop_requested() ? Interrupted : Success;
}

} // namespace yingxun::app::cli

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/headless.h"

#include "app/contact_sheet.h"

#include <QCoreApplication>
#include <QFileInfo>

#include <chrono>
#include <cstdio>

namespace yingxun::app {
namespace {

using Clock = std::chrono::steady_clock;

class Text
{
    Q_DECLARE_TR_FUNCTIONS(yingxun::app::Headless)
};

int failed(const Error &error)
{
    std::fprintf(stderr, "\nyingxun: %s\n", error.message.c_str());
    return 1;
}

Result<void> index(const LibrarySession &session, const std::stop_token &stop)
{
    ingest::IndexCounts counts;
    const auto begin = Clock::now();
    auto done = indexAll(
        session, {}, counts,
        [begin](const ingest::IndexCounts &now) {
            const std::chrono::duration<double> passed = Clock::now() - begin;
            const QString line =
                Text::tr("Indexing: %1 of %2 photos, %3 new, %4 unreadable, %5 photos/s")
                    .arg(now.done.load())
                    .arg(now.found.load())
                    .arg(now.embedded.load())
                    .arg(now.failed.load())
                    .arg(static_cast<double>(now.done - now.unchanged) / passed.count(), 0, 'f', 1);
            std::fprintf(stderr, "\r\033[K%s", qUtf8Printable(line));
        },
        stop);
    std::fputc('\n', stderr);
    return done;
}

} // namespace

int runHeadless(const LibrarySession &session, const HeadlessJob &job)
{
    auto catalogue = db::Catalogue::open(session.data);
    if (!catalogue)
        return failed(catalogue.error());
    const bool searchOnly = catalogue->isReadOnly() && job.folders.isEmpty() && !job.query.isEmpty();
    if (!searchOnly) {
        if (auto kept = backUp(session); !kept)
            failed(kept.error()); // No reason not to search.
        if (auto added = addFolders(*catalogue, job.folders); !added)
            return failed(added.error());
        const std::stop_token stop = interruption();
        if (auto done = index(session, stop); !done)
            return failed(done.error());
        if (stop.stop_requested())
            return 130;
    }
    if (job.query.isEmpty()) {
        std::printf("%s\n", qUtf8Printable(Text::tr("Indexed. Name a description with --query to search.")));
        return 0;
    }
    auto found = searchText(session, *catalogue, job.query, job.limit);
    if (!found)
        return failed(found.error());
    for (const FoundPhoto &one : *found)
        std::printf("%zu\t%.4f\t%s\n", one.rank, static_cast<double>(one.score.value_or(0)),
                    one.photo.path.c_str());
    if (auto written = writeContactSheet(job.sheet, job.query, *found, *catalogue); !written)
        return failed(written.error());
    std::printf("%s\n",
                qUtf8Printable(Text::tr("Contact sheet: %1").arg(QFileInfo(job.sheet).absoluteFilePath())));
    return 0;
}

} // namespace yingxun::app

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/found_photos.h"

#include "app/cli/command.h"
#include "core/query/relevance.h"
#include "core/services/moment_text.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <mutex>
#include <set>
#include <utility>

namespace yingxun::app::cli {
namespace {

constexpr auto kLookEvery = std::chrono::milliseconds(500);

/// How much is printed of what was found.
struct Shown {
    std::size_t all = 0;
    std::size_t confident = 0; ///< The first ones, which match; only where it is cut.
    bool isCut = false;        ///< By relevance.
};

Shown shownOf(const std::vector<FoundPhoto> &found, const FoundFormat &format)
{
    if (!format.isCut || found.empty() || !found.front().relevance)
        return {found.size(), found.size(), false};
    std::vector<float> relevances;
    for (const FoundPhoto &photo : found)
        relevances.push_back(*photo.relevance);
    const query::Cut cut = query::cutOf(relevances);
    return {cut.possible, cut.confident, true};
}

/// In JSON to standard error: the photos speak for themselves.
void printNothingMatches(bool json)
{
    const std::string text = Text::tr("Nothing surely matches this description.").toStdString();
    if (!json)
        printLine(text);
    else
        std::fprintf(stderr, "%s\n", text.c_str());
}

void printPhoto(const FoundPhoto &hit, bool json)
{
    if (!json) {
        printLine(std::to_string(hit.rank) + "\t" + (hit.score ? number(*hit.score, 4) : "-") + "\t" +
                  hit.photo.path +
                  (hit.momentMs ? "\t" + services::timeText(*hit.momentMs).toStdString() : ""));
        return;
    }
    JsonWriter line;
    line.beginObject().member("rank", hit.rank);
    if (hit.score)
        line.member("score", jsonNumber(*hit.score, 6));
    if (hit.relevance)
        line.member("relevance", jsonNumber(*hit.relevance, 4));
    line.member("kind", kindName(hit.photo));
    if (hit.momentMs)
        line.member("moment_ms", *hit.momentMs);
    if (!hit.parts.empty()) {
        line.key("parts").beginArray();
        for (const auto &[text, score] : hit.parts) {
            line.beginObject().member("text", text.toStdString());
            line.member("score", jsonNumber(score, 6)).endObject();
        }
        line.endArray();
    }
    printLine(putPath(line, "path", hit.photo.path).endObject().text());
}

/// Not all that has come is one of those that were asked for.
bool matches(const FoundPhoto &photo, const FoundFormat &format)
{
    if (format.isCut && photo.relevance)
        return *photo.relevance >= query::kConfident;
    return (format.isCut && !photo.score) || photo.rank <= format.most;
}

void pauseFor(std::chrono::milliseconds time, const std::stop_token &stop)
{
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any().wait_for(lock, stop, time, [] { return false; });
}

} // namespace

void printFound(const std::vector<FoundPhoto> &found, const FoundFormat &format)
{
    const Shown shown = shownOf(found, format);
    if (shown.isCut && shown.confident == 0)
        printNothingMatches(format.json);
    for (std::size_t i = 0; i < shown.all; ++i) {
        if (i == shown.confident && shown.isCut && !format.json)
            printLine(Text::tr("Possibly related:").toStdString());
        printPhoto(found[i], format.json);
    }
}

Result<void> watchFound(const LibrarySession &session, db::Catalogue &catalogue,
                        const std::vector<FoundPhoto> &found, const FoundFormat &format,
                        const std::function<Result<std::vector<FoundPhoto>>()> &ask,
                        const std::stop_token &stop)
{
    session.store->yield();                                 // Whoever indexes is another one.
    std::set<std::pair<std::int64_t, ContentHash>> printed; // What was edited is another match.
    for (const FoundPhoto &photo : found)
        printed.emplace(photo.photo.id.value, photo.photo.hash);
    auto seen = catalogue.revision();
    while (seen && !stop.stop_requested()) {
        std::fflush(stdout);
        pauseFor(kLookEvery, stop);
        const auto now = catalogue.revision();
        if (!now || *now == *seen) {
            seen = now;
            continue;
        }
        if (auto refreshed = session.store->refresh(); !refreshed)
            return refreshed;
        const auto come = ask();
        if (!come)
            return come.propagate();
        for (const FoundPhoto &photo : *come) {
            if (matches(photo, format) && printed.emplace(photo.photo.id.value, photo.photo.hash).second)
                printPhoto(photo, format.json);
        }
        seen = now;
    }
    return seen ? Result<void>() : seen.propagate();
}

} // namespace yingxun::app::cli

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/library_session.h"

#include "core/db/backup.h"
#include "core/ingest/file_content.h"
#include "core/ingest/folder_places.h"
#include "core/ingest/library_access.h"
#include "core/ingest/removal_brake.h"
#include "core/query/query_text.h"
#include "core/services/path_text.h"

#include <QCoreApplication>
#include <QDate>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <thread>
#include <unistd.h>

namespace yingxun::app {
namespace {

class Text
{
    Q_DECLARE_TR_FUNCTIONS(yingxun::app::Query)
};

/// Contents in the order of their scores to photos, until `limit` is reached.
Result<std::vector<FoundPhoto>> photosOf(const std::vector<vectors::Hit> &hits, db::Catalogue &catalogue,
                                         int limit)
{
    std::vector<FoundPhoto> found;
    for (const vectors::Hit &hit : hits) {
        auto photos = catalogue.photosWithContent(hit.content); // None: removed from the library meanwhile.
        if (!photos)
            return photos.propagate();
        for (Photo &photo : *photos) {
            if (static_cast<int>(found.size()) == limit)
                return found;
            found.push_back({std::move(photo), hit.score});
        }
    }
    return found;
}

Result<std::vector<FoundPhoto>> search(const LibrarySession &session, db::Catalogue &catalogue,
                                       std::span<const float> query, int limit)
{
    // Embeddings of photos that have left the library stay in the store.
    auto contents = catalogue.contents();
    if (!contents)
        return contents.propagate();
    const vectors::RowSet among(session.store->rowsOf(*contents));
    auto hits = session.store->topK(query, limit, &among);
    if (!hits)
        return hits.propagate();
    return photosOf(*hits, catalogue, limit);
}

} // namespace

Result<LibrarySession> LibrarySession::open(const QString &dataDirectoryOption, const ModelWish &wish,
                                            const std::stop_token &stop)
{
    LibrarySession session;
    session.data = dataDirectory(dataDirectoryOption);
    // The encoder keeps its token, and an interrupted run is to end between two batches.
    std::stop_source opening;
    const std::stop_callback until(stop, [&opening] { opening.request_stop(); });
    auto encoder = loadEncoder(wish, opening.get_token(), session.data);
    if (!encoder)
        return encoder.propagate();
    auto opened = vectors::withEmbeddings(*std::move(encoder), session.data);
    if (!opened)
        return opened.propagate();
    session.encoder = std::move(opened->encoder);
    session.store = std::move(opened->store);
    return session;
}

Result<void> backUp(const LibrarySession &session)
{
    const std::string today = QDate::currentDate().toString(Qt::ISODate).toStdString();
    if (auto copied = db::backUp(session.data, today); !copied)
        return copied.propagate();
    return {};
}

Result<void> addFolders(db::Catalogue &catalogue, const QStringList &folders)
{
    for (const QString &folder : folders) {
        std::error_code error;
        const auto path = std::filesystem::canonical(services::pathOfText(folder), error);
        if (error || !std::filesystem::is_directory(path, error)) {
            return fail(ErrorCode::NotFound,
                        services::pathOfText(folder) + " is not a folder that can be read");
        }
        if (auto added = catalogue.addFolder(path.string()); !added)
            return added.propagate();
    }
    return {};
}

Result<void> indexAll(const LibrarySession &session, const IndexWish &wish, ingest::IndexCounts &counts,
                      const std::function<void(const ingest::IndexCounts &)> &onProgress,
                      const std::stop_token &stop)
{
    auto catalogue = db::Catalogue::open(session.data);
    if (!catalogue)
        return catalogue.propagate();
    auto access = ingest::seekAccess(session.data, *session.store);
    if (!access)
        return access.propagate();
    if (auto granted = ingest::requireWriter(*access, session.data); !granted)
        return granted;
    auto places = ingest::settlePlaces(*catalogue, ingest::MountTable::now());
    if (!places)
        return places.propagate();
    std::vector<ingest::IndexScope> scopes;
    for (const Folder &folder : places->here)
        scopes.push_back({folder, folder.path});
    ingest::PauseGate gate;
    ingest::RemovalBrake brake;
    const ingest::IndexPipeline pipeline{
        session.data,
        session.encoder,
        session.store,
        std::max(1, static_cast<int>(std::thread::hardware_concurrency())),
        &counts,
        &gate,
        [&](bool) { onProgress(counts); },
        wish.problems,
        wish.removesMissing ? nullptr : &brake,
        [](const Error &error) { std::fprintf(stderr, "\nyingxun: %s\n", error.message.c_str()); }};
    auto done = pipeline.run(scopes, stop);
    onProgress(counts);
    return done;
}

Result<std::string> searchedText(const LibrarySession &session, const QString &typed)
{
    const QString text = query::queryText(typed);
    switch (query::queryProblem(*session.encoder, text)) {
    case query::QueryProblem::None:
        break;
    case query::QueryProblem::NoWords:
        return fail(
            ErrorCode::InvalidArgument,
            Text::tr("“%1” has no words to search for. Say what is to be seen.").arg(typed).toStdString());
    case query::QueryProblem::UnknownWords:
        return fail(ErrorCode::InvalidArgument,
                    Text::tr("The model knows nothing of “%1”. Try other words, in Chinese.")
                        .arg(typed)
                        .toStdString());
    }
    return text.toStdString();
}

Result<std::vector<FoundPhoto>> searchText(const LibrarySession &session, db::Catalogue &catalogue,
                                           const QString &typed, int limit)
{
    auto text = searchedText(session, typed);
    if (!text)
        return text.propagate();
    auto query = session.encoder->encodeTexts({&*text, 1});
    if (!query)
        return query.propagate();
    return search(session, catalogue, query->row(0), limit);
}

Result<std::vector<FoundPhoto>> searchLike(const LibrarySession &session, db::Catalogue &catalogue,
                                           const std::filesystem::path &photo, int limit)
{
    const auto content = ingest::contentOfFile(photo);
    if (!content)
        return content.propagate();
    const std::vector<float> query = session.store->find(*content);
    if (query.empty())
        return fail(ErrorCode::NotFound, photo.string() + " is not indexed yet; index its folder first");
    return search(session, catalogue, query, limit);
}

std::stop_token interruption()
{
    static std::stop_source source;
    static const bool kWatching = [] {
        // Blocked here, before other threads begin, the signals wait for the one thread that takes them.
        sigset_t signals;
        sigemptyset(&signals);
        sigaddset(&signals, SIGINT);
        sigaddset(&signals, SIGTERM);
        ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
        std::thread([signals] {
            int taken = 0;
            ::sigwait(&signals, &taken);
            source.request_stop();
            ::pthread_sigmask(SIG_UNBLOCK, &signals, nullptr); // The next one ends the program at once.
            for (;;)
                ::pause();
        }).detach();
        return true;
    }();
    static_cast<void>(kWatching);
    return source.get_token();
}

} // namespace yingxun::app

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/library_session.h"

#include "core/db/backup.h"
#include "core/ingest/folder_places.h"
#include "core/ingest/library_access.h"
#include "core/ingest/removal_brake.h"
#include "core/library/library_follower.h"
#include "core/query/embedded_rows.h"
#include "core/query/phrasings.h"
#include "core/query/planner.h"
#include "core/services/path_text.h"
#include "core/services/query_error_text.h"

#include <QCoreApplication>
#include <QDate>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <thread>
#include <unistd.h>
#include <unordered_set>

namespace yingxun::app {
namespace {

constexpr int kScanThreads = 2;
constexpr auto kPatience = std::chrono::seconds(6);

class Text
{
    Q_DECLARE_TR_FUNCTIONS(yingxun::app::LibrarySession)
};

void tellGrowing(const std::vector<std::string> &paths)
{
    if (paths.empty())
        return;
    const QString text =
        Text::tr("%n file(s) are still being written and were left out, such as %1. Run this "
                 "again when they are whole.",
                 nullptr, int(paths.size()))
            .arg(services::textOfPath(paths.front()));
    std::fprintf(stderr, "\nyingxun: %s\n", qUtf8Printable(text));
}

bool isKnown(const KnownPhotos *known, PhotoId photo, const ContentHash &content)
{
    return known != nullptr && known->contains(photo, content);
}

/// Contents in the order of their scores to photos, until `limit` is reached; of them those not known.
Result<std::vector<FoundPhoto>> photosOf(const query::Answer &answer, const vectors::EmbeddingStore &store,
                                         db::Catalogue &catalogue, int limit, const KnownPhotos *known,
                                         const std::function<bool(PhotoId)> &isWanted)
{
    std::vector<std::vector<float>> shares;
    if (!answer.parts.empty())
        shares = query::contributions(answer.parts, answer.hits, store);
    std::vector<FoundPhoto> found;
    std::size_t rank = 0;
    for (std::size_t i = 0; i < answer.hits.size(); ++i) {
        const query::RankedContent &hit = answer.hits[i];
        auto photos = catalogue.photosWithContent(hit.content); // None: removed from the library meanwhile.
        if (!photos)
            return photos.propagate();
        for (Photo &photo : *photos) {
            if (!isWanted(photo.id))
                continue;
            if (rank == static_cast<std::size_t>(limit))
                return found;
            ++rank;
            if (isKnown(known, photo.id, photo.hash))
                continue;
            FoundPhoto &one = found.emplace_back(FoundPhoto{std::move(photo), rank, hit.score, hit.momentMs});
            if (!answer.relevances.empty())
                one.relevance = answer.relevances[i];
            for (std::size_t part = 0; !shares.empty() && part < shares[i].size(); ++part)
                one.parts.emplace_back(answer.parts[part].text, shares[i][part]);
        }
    }
    return found;
}

/// Embeddings of photos that have left the library stay in the store.
Result<vectors::RowSet> rowsOfLibrary(const LibrarySession &session, db::Catalogue &catalogue,
                                      const query::Films &films)
{
    auto contents = catalogue.contents();
    if (!contents)
        return contents.propagate();
    if (!films.keys().empty()) {
        const std::unordered_set<ContentHash> listed(contents->begin(), contents->end());
        for (const auto &[content, keys] : films.keys()) {
            if (listed.contains(content))
                contents->insert(contents->end(), keys.begin(), keys.end());
        }
    }
    return vectors::RowSet(session.store->rowsOf(*contents));
}

/// One query of one session.
class Search
{
public:
    Search(const LibrarySession &session, db::Catalogue &catalogue, int limit, const KnownPhotos *known)
        : m_session(session), m_catalogue(catalogue), m_limit(limit), m_known(known)
    {
    }

    Result<query::Answer> answer(const query::Query &query)
    {
        return query::answer(
            query,
            {[this] { return place(); }, [this] { return Result<db::Catalogue *>(&m_catalogue); },
             [this](const QString &text) { return query::queryProblem(*m_session.encoder, text); },
             [this](const QString &text) { return query::embeddingOf(text, *m_session.encoder); },
             [this](std::span<const float> unit, const query::PhotoSet *among) { return best(unit, among); },
             [this](std::span<const float> unit) { return calibration(unit); },
             [this](const QString &path) { return picture(path); },
             [this](std::span<const float> unit) -> Result<query::Spread> {
                 const auto rows = libraryRows();
                 if (!rows)
                     return rows.propagate();
                 return query::spreadIn(unit, *m_session.store, *rows, kScanThreads);
             }});
    }

    Result<query::PictureMeaning> picture(const QString &path)
    {
        return m_session.pictures->of(path, *m_session.store, *m_session.encoder, {});
    }

    Result<std::vector<query::RankedContent>> best(std::span<const float> unit, const query::PhotoSet *among)
    {
        const auto library = libraryRows();
        if (!library)
            return library.propagate();
        std::optional<vectors::RowSet> some;
        if (among != nullptr)
            some = query::EmbeddedRows().of(*m_place, *m_session.store, among, &m_films);
        return query::rankedContents(*m_session.store, unit, m_limit, some ? &*some : *library, m_films,
                                     kScanThreads);
    }

    Result<std::vector<FoundPhoto>> photos(const query::Answer &answer)
    {
        if (!answer.byTime) {
            return photosOf(answer, *m_session.store, m_catalogue, m_limit, m_known, [&](PhotoId id) {
                const auto row = answer.photos ? m_place->library().rowOf(id) : std::nullopt;
                return !answer.photos || (row && answer.photos->contains(*row));
            });
        }
        std::vector<FoundPhoto> found;
        for (std::size_t i = 0; i < answer.byTime->size() && static_cast<int>(found.size()) < m_limit; ++i) {
            const library::Row row = (*answer.byTime)[i];
            const library::LibraryIndex &library = m_place->library();
            if (!isKnown(m_known, library.id(row), library.content(row)))
                found.push_back({library.photo(row), i + 1});
        }
        return found;
    }

private:
    Result<library::SharedPlace> place()
    {
        if (!m_place) {
            auto index = library::LibraryFollower().follow(m_catalogue);
            if (!index)
                return index.propagate();
            m_place = std::make_shared<const library::Place>(*std::move(index), library::Scope());
        }
        return m_place;
    }

    Result<query::Calibration> calibration(std::span<const float> unit)
    {
        const auto rows = libraryRows();
        if (!rows)
            return rows.propagate();
        return m_session.calibrator->of(unit, *m_session.store, *rows, kScanThreads);
    }

    /// Sooner read than the whole index.
    Result<const vectors::RowSet *> libraryRows()
    {
        if (!m_libraryRows) {
            if (auto followed = m_films.follow(m_catalogue); !followed)
                return followed.propagate();
            auto rows = rowsOfLibrary(m_session, m_catalogue, m_films);
            if (!rows)
                return rows.propagate();
            m_libraryRows = *std::move(rows);
        }
        return &*m_libraryRows;
    }

    const LibrarySession &m_session;
    db::Catalogue &m_catalogue;
    int m_limit;
    const KnownPhotos *m_known;
    library::SharedPlace m_place; ///< Null until it is needed.
    query::Films m_films;
    std::optional<vectors::RowSet> m_libraryRows;
};

Unexpected wrongLine(const QString &typed, const query::SyntaxError &error)
{
    QString line = typed; // Each character in its column.
    std::replace_if(
        line.begin(), line.end(), [](QChar c) { return c < u' '; }, u' ');
    const QString text =
        services::queryErrorText(error) + u'\n' + line + u'\n' + services::underline(typed, error.span);
    return fail(ErrorCode::InvalidArgument, text.toStdString());
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
    session.calibrator = std::make_shared<query::Calibrator>(session.encoder);
    session.pictures = std::make_shared<services::PictureMeanings>(decoderPool());
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
        [](const Error &error) { std::fprintf(stderr, "\nyingxun: %s\n", error.message.c_str()); },
        decoderPool(),
        kPatience,
        tellGrowing};
    auto done = pipeline.run(scopes, stop);
    onProgress(counts);
    return done;
}

Result<std::string> searchedText(const LibrarySession &session, const QString &typed)
{
    const QString text = query::queryText(typed);
    if (const auto problem = query::queryProblem(*session.encoder, text);
        problem != query::QueryProblem::None)
        return fail(ErrorCode::InvalidArgument, services::queryErrorText(problem, typed).toStdString());
    return text.toStdString();
}

Result<KnownPhotos> KnownPhotos::of(db::Catalogue &catalogue)
{
    auto index = library::LibraryFollower().follow(catalogue);
    if (!index)
        return index.propagate();
    return KnownPhotos(*std::move(index));
}

bool KnownPhotos::contains(PhotoId photo, const ContentHash &content) const
{
    const auto row = m_index->rowOf(photo);
    return row && m_index->content(*row) == content;
}

Result<std::vector<FoundPhoto>> searchText(const LibrarySession &session, db::Catalogue &catalogue,
                                           const QString &typed, int limit, const KnownPhotos *known)
{
    const auto read = query::readLine(typed, QDate::currentDate());
    if (const auto *error = std::get_if<query::SyntaxError>(&read))
        return wrongLine(typed, *error);
    Search search(session, catalogue, limit, known);
    const auto answer = search.answer(std::get<query::Query>(read));
    if (!answer)
        return answer.propagate();
    if (answer->error)
        return wrongLine(typed, *answer->error);
    if (answer->problem != query::QueryProblem::None) {
        return fail(ErrorCode::InvalidArgument,
                    services::queryErrorText(answer->problem, answer->problemText).toStdString());
    }
    return search.photos(*answer);
}

Result<std::vector<FoundPhoto>> searchLike(const LibrarySession &session, db::Catalogue &catalogue,
                                           const std::filesystem::path &photo, int limit,
                                           const KnownPhotos *known)
{
    Search search(session, catalogue, limit, known);
    const QString path = services::textOfPath(photo.string());
    const auto picture = search.picture(path);
    if (!picture)
        return picture.propagate();
    if (const auto *wrong = std::get_if<query::SyntaxErrorKind>(&*picture)) {
        return fail(ErrorCode::InvalidArgument, services::queryErrorText({*wrong, {}, path}).toStdString());
    }
    auto hits = search.best(std::get<std::vector<float>>(*picture), nullptr);
    if (!hits)
        return hits.propagate();
    query::Answer answer;
    answer.hits = *std::move(hits);
    return photosOf(answer, *session.store, catalogue, limit, known, [](PhotoId) { return true; });
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

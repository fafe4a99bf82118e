// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/db/catalogue.h"

#include "core/base/atomic_file.h"
#include "core/base/private_files.h"
#include "core/db/backup.h"
#include "core/db/catalogue_impl.h"
#include "core/db/migrations.h"
#include "core/db/thumbnail_split.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>
#include <unordered_set>
#include <utility>

namespace yingxun::db {
namespace {

enum class Contents { HandMade, Derived };
enum class Check { Whole, IfMarked };

// Checked in some 20 ms; what is not read by anybody would else stay damaged unseen.
constexpr std::uintmax_t kSoonChecked = 16 << 20;

constexpr std::size_t kFewContents = 1000; // Each by itself; more are found sooner by reading all there are.
constexpr std::size_t kInOnePage = 4000;   // At most so many bytes of a thumbnail lie beside its row.

/// Walks the whole file: milliseconds for what people made, too long for a hundred thousand thumbnails.
Result<void> checkWhole(Database &database, const std::filesystem::path &file)
{
    Statement check = database.prepare("PRAGMA quick_check(1)");
    auto row = check.step();
    if (!row)
        return row.propagate();
    if (check.text(0) != "ok")
        return fail(ErrorCode::CorruptData, file.string() + ": " + check.text(0));
    std::error_code error; // If the mark stays, the next start checks once more.
    std::filesystem::remove(damageMark(file), error);
    return {};
}

Result<Database> openDatabase(const std::filesystem::path &file, Contents contents, Check check,
                              std::span<const char *const> migrations)
{
    auto database = Database::open(file);
    if (!database)
        return database;
    // FULL: a label outlives a power cut. NORMAL: the last photos indexed before one are indexed again.
    const std::string synchronous = contents == Contents::HandMade ? "FULL" : "NORMAL";
    auto prepared = refuseNewer(*database, migrations); // The mode of the journal is written into the file.
    if (prepared)
        prepared = database->execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = " + synchronous +
                                     "; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;"
                                     " PRAGMA cell_size_check = ON");
    if (prepared)
        prepared = migrate(*database, migrations);
    if (prepared && (check == Check::Whole || std::filesystem::exists(damageMark(file))))
        prepared = checkWhole(*database, file);
    if (!prepared)
        return prepared.propagate();
    return database;
}

/// A damaged cache holds nothing that cannot be made again: it is kept aside for whoever wants to look.
Result<Database> openDerived(const std::filesystem::path &file, std::span<const char *const> migrations,
                             const CatalogueLock &lock)
{
    {
        std::error_code error;
        const auto bytes = std::filesystem::file_size(file, error);
        const bool isSoonChecked = !error && bytes <= kSoonChecked && lock.isAlone();
        auto database =
            openDatabase(file, Contents::Derived, isSoonChecked ? Check::Whole : Check::IfMarked, migrations);
        if (database || database.error().code != ErrorCode::CorruptData)
            return database;
        if (!lock.isAlone()) // SQLite forbids renaming a file that others have open.
            return fail(ErrorCode::CorruptData,
                        database.error().message +
                            ". Close every Yingxun and start again; it will be rebuilt");
    }
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const std::string aside =
        file.string() + ".broken-" +
        std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
    std::error_code error;
    std::filesystem::rename(file, aside, error);
    if (error)
        return fail(ErrorCode::Io, file.string() + " is damaged and cannot be renamed: " + error.message());
    for (const char *suffix : {"-wal", "-shm"})
        std::filesystem::rename(file.string() + suffix, aside + suffix, error); // Missing as a rule.
    std::filesystem::remove(damageMark(file), error);
    return openDatabase(file, Contents::Derived, Check::IfMarked, migrations);
}

/// Whether a JPEG of several pages lacks its end. SQLite notices a damaged page by where it leads on to, and
/// so not the last one of a thumbnail.
bool isCutOff(std::span<const std::byte> jpeg)
{
    const auto holds = [&jpeg](std::size_t at, unsigned marker) {
        return jpeg[at] == std::byte{0xFF} && jpeg[at + 1] == std::byte(marker);
    };
    constexpr unsigned kStart = 0xD8;
    constexpr unsigned kEnd = 0xD9;
    return jpeg.size() > kInOnePage && holds(0, kStart) && !holds(jpeg.size() - 2, kEnd);
}

/// What to do about a damaged user.db.
std::string adviceAfterDamage(const std::filesystem::path &dataDirectory)
{
    const auto copies = backupCopies(dataDirectory);
    if (!copies || copies->empty())
        return "There is no copy of it in " + (dataDirectory / "backups").string() +
               " yet; keep the file, and put your own backup in its place";
    return "\"yingxun-cli restore --from latest\" puts back the newest good copy (the last one is of " +
           copies->front().date +
           "), \"yingxun-cli restore\" lists them; name another data directory with --data";
}

constexpr std::array<std::string_view, 6> kOurFiles{"user.db",        "cache.db",    "thumbs.db",
                                                    "catalogue.lock", "passed-over", "search-history"};
constexpr std::array<std::string_view, 4> kOurFolders{"embeddings", "backups", "models", "pasted"};

bool holdsOnlyALibrary(const std::filesystem::path &directory)
{
    std::error_code error;
    for (std::filesystem::directory_iterator entry(directory, error), end; !error && entry != end;
         entry.increment(error)) {
        const std::string name = entry->path().filename().string();
        const bool isOurs = std::find(kOurFolders.begin(), kOurFolders.end(), name) != kOurFolders.end() ||
                            std::any_of(kOurFiles.begin(), kOurFiles.end(),
                                        [&name](std::string_view start) { return name.starts_with(start); });
        if (!isOurs)
            return false;
    }
    return !error;
}

/// Closes a library to others; a directory that has more in it stays as open as somebody wanted it.
std::error_code makePrivate(const std::filesystem::path &dataDirectory)
{
    std::error_code error;
    if (std::filesystem::is_directory(dataDirectory, error)) {
        closeToOthers(dataDirectory, kOurFiles);
        removeAbandoned(dataDirectory, kOurFiles);
        if (!holdsOnlyALibrary(dataDirectory))
            return {};
    }
    return makePrivateDirectory(dataDirectory);
}

} // namespace

Result<Catalogue> Catalogue::open(const std::filesystem::path &dataDirectory)
{
    if (accessTo(dataDirectory) == Access::ReadOnly)
        return openReadOnly(dataDirectory);
    if (const std::error_code error = makePrivate(dataDirectory))
        return fail(ErrorCode::Io, dataDirectory.string() + " cannot be created: " + error.message());
    auto lock = CatalogueLock::begin(dataDirectory / "catalogue.lock");
    if (!lock)
        return lock.propagate();
    auto user = openDatabase(dataDirectory / "user.db", Contents::HandMade, Check::Whole, kUserMigrations);
    if (!user) {
        if (user.error().code != ErrorCode::CorruptData)
            return user.propagate();
        return fail(ErrorCode::CorruptData, user.error().message + ". It holds your labels and stars. " +
                                                adviceAfterDamage(dataDirectory));
    }
    // Damage shows when it is opened as what it is, and is dealt with there.
    if (auto split = splitThumbnails(dataDirectory, *lock);
        !split && split.error().code != ErrorCode::CorruptData)
        return split.propagate();
    auto cache = openDerived(dataDirectory / "cache.db", kCacheMigrations, *lock);
    if (!cache)
        return cache.propagate();
    auto thumbnails = openDerived(dataDirectory / "thumbs.db", kThumbnailMigrations, *lock);
    if (!thumbnails)
        return thumbnails.propagate();
    lock->finishOpening();
    return Catalogue(std::make_unique<Impl>(Impl{*std::move(lock), *std::move(user), *std::move(cache),
                                                 *std::move(thumbnails), Access::ReadWrite}));
}

Catalogue::Catalogue(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
Catalogue::Catalogue(Catalogue &&) noexcept = default;
Catalogue &Catalogue::operator=(Catalogue &&) noexcept = default;
Catalogue::~Catalogue() = default;

Result<void> Catalogue::putThumbnail(const ContentHash &content, std::span<const std::byte> jpeg)
{
    return putThumbnails(std::array{Thumbnail{content, {jpeg.begin(), jpeg.end()}}});
}

Result<void> Catalogue::putThumbnails(std::span<const Thumbnail> thumbnails)
{
    Transaction transaction(m_impl->thumbnails);
    Statement put = m_impl->thumbnails.prepare("INSERT INTO thumbnail (content, jpeg) VALUES (?, ?)"
                                               " ON CONFLICT (content) DO UPDATE SET jpeg = excluded.jpeg");
    for (const Thumbnail &thumbnail : thumbnails) {
        if (auto done = put.bind(thumbnail.content).bind(std::span<const std::byte>(thumbnail.jpeg)).run();
            !done)
            return done;
    }
    return transaction.commit();
}

Result<std::vector<std::byte>> Catalogue::thumbnail(const ContentHash &content)
{
    std::vector<std::byte> jpeg;
    {
        Statement query = m_impl->thumbnails.prepare("SELECT jpeg FROM thumbnail WHERE content = ?");
        auto row = query.bind(content).step();
        if (!row)
            return row.propagate();
        if (*row) {
            const auto stored = query.blob(0);
            jpeg.assign(stored.begin(), stored.end());
        }
    }
    if (!isCutOff(jpeg))
        return jpeg;
    if (!isReadOnly()) {
        auto done = m_impl->thumbnails.prepare("DELETE FROM thumbnail WHERE content = ?").bind(content).run();
        if (!done)
            return done.propagate();
    }
    return std::vector<std::byte>();
}

Result<bool> Catalogue::hasThumbnail(const ContentHash &content)
{
    return m_impl->thumbnails.prepare("SELECT 1 FROM thumbnail WHERE content = ?").bind(content).step();
}

Result<std::vector<ContentHash>> Catalogue::withoutThumbnail(std::span<const ContentHash> contents)
{
    std::vector<ContentHash> without;
    if (contents.size() < kFewContents) {
        for (const ContentHash &content : contents) {
            auto found = hasThumbnail(content);
            if (!found)
                return found.propagate();
            if (!*found)
                without.push_back(content);
        }
        return without;
    }
    auto all = m_impl->thumbnails.prepare("SELECT content FROM thumbnail").all(readContent);
    if (!all)
        return all;
    const std::unordered_set<ContentHash> have(all->begin(), all->end());
    std::copy_if(contents.begin(), contents.end(), std::back_inserter(without),
                 [&have](const ContentHash &content) { return !have.contains(content); });
    return without;
}

} // namespace yingxun::db

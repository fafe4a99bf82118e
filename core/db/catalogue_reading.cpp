// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/db/access.h"
#include "core/db/catalogue.h"
#include "core/db/catalogue_impl.h"
#include "core/db/migrations.h"

#include <string>
#include <system_error>

namespace yingxun::db {
namespace {

std::filesystem::path beside(const std::filesystem::path &database, const char *suffix)
{
    return database.string() + suffix;
}

/// Whether the log may hold what the database does not.
bool hasLog(const std::filesystem::path &database)
{
    std::error_code error;
    const auto bytes = std::filesystem::file_size(beside(database, "-wal"), error);
    // An empty one with an index beside it belongs to a program that is running.
    return !error && (bytes > 0 || std::filesystem::exists(beside(database, "-shm"), error));
}

/// Opens a database that others may be writing, and changes nothing on disk.
/// Errors: NotFound (there is none), Unsupported (of another version), Io, CorruptData.
Result<Database> openForReading(const std::filesystem::path &file, std::span<const char *const> migrations)
{
    std::error_code error;
    if (!std::filesystem::exists(file, error))
        return fail(ErrorCode::NotFound, file.string() +
                                             " is missing, and cannot be made: the library can only "
                                             "be read here. Index it where it can be written.");
    const bool log = hasLog(file);
    // Without a log nobody is writing; SQLite would want to make the log's index all the same.
    auto database = Database::openReadOnly(file, log ? Database::Log::Read : Database::Log::None);
    if (!database)
        return database;
    auto prepared = database->execute("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON");
    if (prepared)
        prepared = requireCurrent(*database, migrations);
    if (prepared)
        return database;
    if (log && !std::filesystem::exists(beside(file, "-shm"), error))
        return fail(prepared.error().code, prepared.error().message +
                                               ". It was not closed properly: start Yingxun once where the "
                                               "library can be written");
    return prepared.propagate();
}

} // namespace

Result<Catalogue> Catalogue::openReadOnly(const std::filesystem::path &dataDirectory)
{
    auto lock = CatalogueLock::beginReading(dataDirectory / "catalogue.lock");
    auto user = openForReading(dataDirectory / "user.db", kUserMigrations);
    if (!user)
        return user.propagate();
    auto cache = openForReading(dataDirectory / "cache.db", kCacheMigrations);
    if (!cache)
        return cache.propagate();
    auto thumbnails = openForReading(dataDirectory / "thumbs.db", kThumbnailMigrations);
    if (!thumbnails)
        return thumbnails.propagate();
    lock.finishOpening();
    return Catalogue(std::make_unique<Impl>(Impl{std::move(lock), *std::move(user), *std::move(cache),
                                                 *std::move(thumbnails), Access::ReadOnly}));
}

bool Catalogue::isReadOnly() const noexcept
{
    return m_impl->access == Access::ReadOnly;
}

Result<std::int64_t> Catalogue::revision()
{
    Statement query = m_impl->cache.prepare("PRAGMA data_version");
    auto row = query.step();
    if (!row)
        return row.propagate();
    return query.integer(0);
}

} // namespace yingxun::db

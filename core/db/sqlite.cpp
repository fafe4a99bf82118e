// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/db/sqlite.h"

#include "core/base/private_files.h"
#include "core/db/access.h"

#include <cstring>
#include <sqlite3.h>
#include <utility>

namespace yingxun::db {
namespace {

constexpr int kBusyTimeoutMs = 5000;

ErrorCode codeOf(int sqliteCode)
{
    switch (sqliteCode & 0xff) { // The primary code; the rest says where.
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return ErrorCode::CorruptData;
    case SQLITE_NOMEM:
        return ErrorCode::OutOfMemory;
    case SQLITE_READONLY:
        return ErrorCode::ReadOnly;
    default:
        return ErrorCode::Io;
    }
}

Unexpected failure(sqlite3 *database, int sqliteCode)
{
    const char *name = sqlite3_db_filename(database, "main");
    const std::string file = name == nullptr ? "the database" : name;
    const std::string reason = sqlite3_errmsg(database);
    const ErrorCode code = codeOf(sqliteCode);
    if (code == ErrorCode::CorruptData && name != nullptr)
        makePrivateFile(damageMark(file));
    if (code == ErrorCode::ReadOnly)
        return writeProtected(std::filesystem::path(file).parent_path());
    return fail(code, file + ": " + reason);
}

/// A path as part of a URI.
std::string escaped(const std::string &path)
{
    std::string result;
    for (const char c : path) {
        if (c == '%' || c == '?' || c == '#')
            result += c == '%' ? "%25" : c == '?' ? "%3f" : "%23";
        else
            result += c;
    }
    return result;
}

} // namespace

std::filesystem::path damageMark(const std::filesystem::path &database)
{
    return database.string() + ".damaged";
}

Statement::Statement(Statement &&other) noexcept
    : m_database(other.m_database), m_statement(std::exchange(other.m_statement, nullptr)),
      m_bound(other.m_bound), m_bindError(other.m_bindError)
{
}

Statement::~Statement()
{
    if (m_statement != nullptr) {
        sqlite3_reset(m_statement);
        sqlite3_clear_bindings(m_statement);
    }
}

Statement &Statement::bind(std::int64_t value)
{
    noteBinding(sqlite3_bind_int64(m_statement, ++m_bound, value));
    return *this;
}

Statement &Statement::bind(double value)
{
    noteBinding(sqlite3_bind_double(m_statement, ++m_bound, value));
    return *this;
}

Statement &Statement::bind(std::string_view text)
{
    noteBinding(
        sqlite3_bind_text64(m_statement, ++m_bound, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
    return *this;
}

Statement &Statement::bind(std::span<const std::byte> blob)
{
    noteBinding(sqlite3_bind_blob64(m_statement, ++m_bound, blob.data(), blob.size(), SQLITE_TRANSIENT));
    return *this;
}

Statement &Statement::bind(const ContentHash &content)
{
    return bind(std::as_bytes(std::span(content.bytes)));
}

Statement &Statement::bind(std::optional<std::int64_t> value)
{
    return value ? bind(*value) : bindNull();
}

Statement &Statement::bind(std::optional<double> value)
{
    return value ? bind(*value) : bindNull();
}

Statement &Statement::bindNull()
{
    noteBinding(sqlite3_bind_null(m_statement, ++m_bound));
    return *this;
}

void Statement::noteBinding(int code)
{
    if (m_bindError == SQLITE_OK)
        m_bindError = code;
}

Result<bool> Statement::step()
{
    if (m_statement == nullptr) // The error of preparing it is still the connection's last one.
        return failure(m_database, sqlite3_errcode(m_database));
    if (m_bindError != SQLITE_OK)
        return failure(m_database, m_bindError);
    const int code = sqlite3_step(m_statement);
    if (code == SQLITE_ROW)
        return true;
    if (code == SQLITE_DONE)
        return false;
    return failure(m_database, code);
}

Result<void> Statement::run()
{
    for (;;) {
        auto row = step();
        if (!row) {
            const Unexpected error = row.propagate();
            sqlite3_reset(m_statement);
            m_bound = 0;
            return error;
        }
        if (!*row)
            break;
    }
    sqlite3_reset(m_statement);
    m_bound = 0;
    return {};
}

double Statement::real(int column) const
{
    return sqlite3_column_double(m_statement, column);
}

std::int64_t Statement::integer(int column) const
{
    return sqlite3_column_int64(m_statement, column);
}

std::string Statement::text(int column) const
{
    const auto bytes = blob(column);
    return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
}

ContentHash Statement::content(int column) const
{
    ContentHash hash;
    const auto bytes = blob(column);
    if (bytes.size() == hash.bytes.size())
        std::memcpy(hash.bytes.data(), bytes.data(), bytes.size());
    return hash;
}

std::span<const std::byte> Statement::blob(int column) const
{
    const void *data = sqlite3_column_blob(m_statement, column);
    return {static_cast<const std::byte *>(data),
            static_cast<std::size_t>(sqlite3_column_bytes(m_statement, column))};
}

bool Statement::isNull(int column) const
{
    return sqlite3_column_type(m_statement, column) == SQLITE_NULL;
}

void Database::Close::operator()(sqlite3 *handle) const
{
    sqlite3_close_v2(handle);
}

void Database::Finalize::operator()(sqlite3_stmt *statement) const
{
    sqlite3_finalize(statement);
}

Result<Database> Database::open(const std::filesystem::path &file)
{
    makePrivateFile(file); // SQLite gives the files beside it the same mode.
    return openWith(file, file.string(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
}

Result<Database> Database::openReadOnly(const std::filesystem::path &file, Log log)
{
    if (log == Log::Read)
        return openWith(file, file.string(), SQLITE_OPEN_READONLY);
    return openWith(file, "file:" + escaped(file.string()) + "?immutable=1",
                    SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
}

Result<Database> Database::openWith(const std::filesystem::path &file, const std::string &name, int flags)
{
    sqlite3 *handle = nullptr;
    const int code = sqlite3_open_v2(name.c_str(), &handle, flags | SQLITE_OPEN_NOMUTEX, nullptr);
    Database database;
    database.m_handle.reset(handle);
    if (code != SQLITE_OK)
        return fail(codeOf(code), file.string() + " cannot be opened: " + sqlite3_errmsg(handle));
    sqlite3_busy_timeout(handle, kBusyTimeoutMs);
    return database;
}

Result<void> Database::execute(const std::string &sql)
{
    const int code = sqlite3_exec(m_handle.get(), sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK)
        return failure(m_handle.get(), code);
    return {};
}

Statement Database::prepare(const char *sql)
{
    auto &cached = m_statements[sql];
    if (!cached) {
        sqlite3_stmt *statement = nullptr;
        sqlite3_prepare_v3(m_handle.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
        cached.reset(statement);
    }
    return Statement(m_handle.get(), cached.get());
}

Result<void> Database::copyTo(const std::filesystem::path &file)
{
    auto copy = open(file);
    if (!copy)
        return copy.propagate();
    int code = SQLITE_NOMEM;
    if (auto *backup = sqlite3_backup_init(copy->m_handle.get(), "main", m_handle.get(), "main")) {
        sqlite3_backup_step(backup, -1); // All pages; what goes wrong is said at the end.
        code = sqlite3_backup_finish(backup);
    }
    if (code != SQLITE_OK)
        return fail(codeOf(code), file.string() + " cannot be written: " + sqlite3_errstr(code));
    return copy->execute("PRAGMA journal_mode = DELETE"); // One file, without a log beside it.
}

std::int64_t Database::lastRowId() const
{
    return sqlite3_last_insert_rowid(m_handle.get());
}

bool Database::changedRows() const
{
    return sqlite3_changes(m_handle.get()) > 0;
}

Transaction::Transaction(Database &database)
    : m_database(database), m_begun(database.execute("BEGIN IMMEDIATE")), m_open(m_begun.has_value())
{
}

Transaction::~Transaction()
{
    if (m_open)
        static_cast<void>(m_database.execute("ROLLBACK")); // Nothing is left to do if even that fails.
}

Result<void> Transaction::commit()
{
    if (!m_begun)
        return m_begun;
    auto done = m_database.execute("COMMIT");
    if (done)
        m_open = false;
    return done;
}

} // namespace yingxun::db

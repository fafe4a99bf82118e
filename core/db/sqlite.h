// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/content_hash.h"
#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace yingxun::db {

/// A prepared statement. bind() in order of the placeholders, then step() until it says false or fails;
/// it resets itself when the object goes. Belongs to the thread of its database.
class Statement
{
public:
    Statement(sqlite3 *database, sqlite3_stmt *statement) : m_database(database), m_statement(statement) {}
    Statement(Statement &&other) noexcept;
    Statement &operator=(Statement &&) = delete;
    ~Statement(); ///< Ends the read transaction, and forgets the bound values.

    Statement &bind(std::int64_t value);
    Statement &bind(int value) { return bind(std::int64_t{value}); }
    Statement &bind(double value);
    Statement &bind(std::string_view text);
    Statement &bind(std::span<const std::byte> blob);
    Statement &bind(const ContentHash &content);
    Statement &bind(std::optional<std::int64_t> value); ///< nullopt: NULL; the next too.
    Statement &bind(std::optional<double> value);

    Result<bool> step(); ///< true: a row is there. Errors: Io, CorruptData, OutOfMemory.
    Result<void> run();  ///< step() to the end, ignoring rows; ready to be bound again. Errors: as step().
    /// step() to the end, and visit(*this) at each row. Errors: as step().
    template<typename Visit>
    Result<void> forEachRow(Visit visit);
    /// What read(*this) gives at each row, in their order. Errors: as step().
    template<typename Read>
    auto all(Read read) -> Result<std::vector<std::invoke_result_t<Read, const Statement &>>>;

    std::int64_t integer(int column) const;
    double real(int column) const;
    std::string text(int column) const;
    ContentHash content(int column) const;             ///< Zeros when the blob has another size.
    std::span<const std::byte> blob(int column) const; ///< Valid until the next step().
    bool isNull(int column) const;

private:
    Statement &bindNull();
    void noteBinding(int code);

    sqlite3 *m_database;
    sqlite3_stmt *m_statement; // Owned by the Database's cache.
    int m_bound = 0;
    int m_bindError = 0; // The first one; step() reports it.
};

template<typename Visit>
Result<void> Statement::forEachRow(Visit visit)
{
    for (;;) {
        const auto row = step();
        if (!row)
            return row.propagate();
        if (!*row)
            return {};
        visit(std::as_const(*this));
    }
}

template<typename Read>
auto Statement::all(Read read) -> Result<std::vector<std::invoke_result_t<Read, const Statement &>>>
{
    std::vector<std::invoke_result_t<Read, const Statement &>> values;
    const auto done = forEachRow([&](const Statement &row) { values.push_back(read(row)); });
    if (!done)
        return done.propagate();
    return values;
}

/// A file of this name beside a database says that a query met damage in it; the next one to open the
/// database then checks it as a whole.
std::filesystem::path damageMark(const std::filesystem::path &database);

/// One SQLite connection; statements are prepared once. Belongs to one thread.
class Database
{
public:
    /// Opens or creates. Errors: Io.
    static Result<Database> open(const std::filesystem::path &file);
    /// What is known of a write-ahead log beside a database that is only read.
    enum class Log { Read, None };
    /// Opens what exists and never writes it: that fails with ReadOnly. Log::None makes no file beside it,
    /// but asks that nobody writes it meanwhile. Errors: Io.
    static Result<Database> openReadOnly(const std::filesystem::path &file, Log log);
    Database(Database &&) noexcept = default;
    Database &operator=(Database &&) noexcept = default;

    Result<void>
    execute(const std::string &sql); ///< Several statements without values. Errors: Io, CorruptData.
    Statement
    prepare(const char *sql); ///< A literal: the address is the cache's key. A failure shows in step().
    /// Writes all of it as one new file, while others may go on writing. Errors: Io, CorruptData.
    Result<void> copyTo(const std::filesystem::path &file);
    std::int64_t lastRowId() const;
    bool changedRows() const; ///< The latest INSERT, UPDATE or DELETE did something.

private:
    Database() = default;
    static Result<Database> openWith(const std::filesystem::path &file, const std::string &name, int flags);

    struct Close {
        void operator()(sqlite3 *handle) const;
    };
    struct Finalize {
        void operator()(sqlite3_stmt *statement) const;
    };

    std::unique_ptr<sqlite3, Close> m_handle;
    std::map<const char *, std::unique_ptr<sqlite3_stmt, Finalize>> m_statements; // Gone before the handle.
};

/// BEGIN IMMEDIATE … COMMIT; rolls back unless committed.
class Transaction
{
public:
    explicit Transaction(Database &database);
    ~Transaction();
    Transaction(const Transaction &) = delete;
    Transaction &operator=(const Transaction &) = delete;
    Result<void> commit(); ///< Errors: Io; also when it could not begin.

private:
    Database &m_database;
    Result<void> m_begun;
    bool m_open;
};

} // namespace yingxun::db

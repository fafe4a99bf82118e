// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/db/catalogue.h"
#include "core/db/catalogue_folders.h"
#include "core/db/catalogue_impl.h"

namespace yingxun::db {

Result<void> Catalogue::putProblem(const Problem &problem)
{
    return putProblems({&problem, 1});
}

Result<void> Catalogue::putProblems(std::span<const Problem> problems)
{
    Transaction transaction(m_impl->cache);
    auto live = liveFolders(m_impl->user);
    if (!live)
        return live.propagate();
    Statement put = m_impl->cache.prepare(
        "INSERT INTO problem (path, folder, size, mtime, code, message, retry, readers)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (path) DO UPDATE SET folder = excluded.folder, size = excluded.size,"
        " mtime = excluded.mtime, code = excluded.code, message = excluded.message,"
        " retry = excluded.retry, readers = excluded.readers");
    for (const Problem &problem : problems) {
        if (!live->contains(problem.folder))
            continue;
        auto done = put.bind(bytes(problem.path))
                        .bind(problem.folder.value)
                        .bind(problem.sizeBytes)
                        .bind(problem.mtimeMs)
                        .bind(problem.code)
                        .bind(std::string_view(problem.message))
                        .bind(static_cast<int>(problem.retry))
                        .bind(std::string_view(problem.readers))
                        .run();
        if (!done)
            return done;
    }
    return transaction.commit();
}

Result<void> Catalogue::removeProblems(std::span<const std::string> paths)
{
    Transaction transaction(m_impl->cache);
    Statement remove = m_impl->cache.prepare("DELETE FROM problem WHERE path = ?");
    for (const std::string &path : paths) {
        if (auto done = remove.bind(bytes(path)).run(); !done)
            return done;
    }
    return transaction.commit();
}

Result<std::vector<Problem>> Catalogue::problems()
{
    return problemsWithin("/");
}

Result<std::vector<Problem>> Catalogue::problemsWithin(const std::string &path)
{
    const PathRange range(path);
    Statement query =
        m_impl->cache.prepare("SELECT path, folder, size, mtime, code, message, retry, readers FROM problem"
                              " WHERE path >= ?1 AND path < ?3 AND (path = ?1 OR path > ?2) ORDER BY path");
    query.bind(bytes(range.first)).bind(bytes(range.below)).bind(bytes(range.end));
    return query.all([](const Statement &row) {
        return Problem{row.text(0),
                       {row.integer(1)},
                       row.integer(2),
                       row.integer(3),
                       static_cast<int>(row.integer(4)),
                       row.text(5),
                       Retry(row.integer(6)),
                       row.text(7)};
    });
}

} // namespace yingxun::db

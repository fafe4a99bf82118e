// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/db/sqlite.h"
#include "core/vectors/embedding_list.h"

#include <QStringList>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>

namespace yingxun::test {

/// What is wrong with the databases of a library; nothing: empty. Nobody else may have it open.
inline QStringList brokenDatabases(const std::filesystem::path &data)
{
    QStringList broken;
    for (const char *name : {"user.db", "cache.db", "thumbs.db"}) {
        if (!std::filesystem::exists(data / name))
            continue;
        auto database = db::Database::open(data / name);
        if (!database) {
            broken += QString::fromStdString(database.error().message);
            continue;
        }
        db::Statement check = database->prepare("PRAGMA integrity_check(1)");
        const auto row = check.step();
        const std::string said = row ? check.text(0) : row.error().message;
        if (said != "ok")
            broken += QString::fromLatin1(name) + QStringLiteral(": ") + QString::fromStdString(said);
    }
    return broken;
}

/// What no program that came to its end leaves: temporary files, and what was set aside.
inline QStringList leftovers(const std::filesystem::path &data)
{
    QStringList found;
    for (const auto &entry : std::filesystem::recursive_directory_iterator(data)) {
        const std::string name = entry.path().filename().string();
        for (const char *part : {".part-", ".new", ".broken-", ".damaged", ".unchecked", "-journal"}) {
            if (name.find(part) != std::string::npos)
                found += QString::fromStdString(entry.path().string());
        }
    }
    return found;
}

/// Rows of embeddings of the one model there is; -1: a content has several, or there are several models.
inline qint64 embeddedOnce(const std::filesystem::path &data)
{
    const auto all = vectors::listEmbeddings(data / "embeddings");
    if (all.size() != 1)
        return all.empty() ? 0 : -1;
    const auto contents = vectors::embeddedContents(data / "embeddings", all.front().identity);
    if (!contents)
        return -1;
    const std::set<ContentHash> different(contents->begin(), contents->end());
    return different.size() == contents->size() ? std::ssize(*contents) : -1;
}

} // namespace yingxun::test

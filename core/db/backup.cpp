// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/db/backup.h"

#include "core/base/atomic_file.h"
#include "core/base/private_files.h"
#include "core/db/access.h"
#include "core/db/catalogue.h"
#include "core/db/lock.h"
#include "core/db/sqlite.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iterator>
#include <set>
#include <span>
#include <string_view>
#include <unistd.h>

namespace yingxun::db {
namespace {

constexpr std::size_t kCopiesKept = 14;
constexpr std::string_view kPattern = "user-0000-00-00.db"; // 0: a digit.

std::filesystem::path folderOfCopies(const std::filesystem::path &dataDirectory)
{
    return dataDirectory / "backups";
}

bool isCopyName(std::string_view name)
{
    return std::equal(name.begin(), name.end(), kPattern.begin(), kPattern.end(),
                      [](char c, char wanted) { return wanted == '0' ? c >= '0' && c <= '9' : c == wanted; });
}

/// A file that goes with the object.
class TemporaryFile
{
public:
    explicit TemporaryFile(std::filesystem::path file) : m_file(std::move(file)) { remove(); }
    ~TemporaryFile() { remove(); }
    TemporaryFile(const TemporaryFile &) = delete;
    TemporaryFile &operator=(const TemporaryFile &) = delete;
    const std::filesystem::path &path() const { return m_file; }

private:
    void remove() const
    {
        std::error_code error; // What cannot be removed is replaced by the next copy.
        for (const char *suffix : {"", "-journal", "-wal", "-shm"})
            std::filesystem::remove(m_file.string() + suffix, error);
    }

    std::filesystem::path m_file;
};

bool haveSameBytes(const std::filesystem::path &a, const std::filesystem::path &b)
{
    std::ifstream first(a, std::ios::binary);
    std::ifstream second(b, std::ios::binary);
    using Bytes = std::istreambuf_iterator<char>;
    return first && second && std::equal(Bytes(first), Bytes(), Bytes(second), Bytes());
}

Result<void> append(const std::filesystem::path &from, AtomicFile &to)
{
    std::ifstream in(from, std::ios::binary);
    std::array<char, 64 * 1024> buffer{};
    while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || in.gcount() > 0)
        to.write(std::as_bytes(std::span(buffer.data(), static_cast<std::size_t>(in.gcount()))));
    if (!in.eof())
        return fail(ErrorCode::Io, from.string() + " cannot be read");
    return {};
}

/// Errors: CorruptData unless the whole file can be read and Yingxun wrote it.
Result<void> checkDatabase(const std::filesystem::path &file)
{
    auto database = Database::open(file);
    if (!database)
        return database.propagate();
    std::int64_t version = 0;
    {
        Statement query = database->prepare("PRAGMA user_version");
        auto row = query.step();
        if (!row)
            return row.propagate();
        version = query.integer(0);
    }
    Statement check = database->prepare("PRAGMA integrity_check(1)");
    auto row = check.step();
    if (!row)
        return row.propagate();
    if (check.text(0) != "ok" || version < 1)
        return fail(ErrorCode::CorruptData,
                    file.string() + ": " + (version < 1 ? "it holds nothing" : check.text(0)));
    return {};
}

/// Of a name that isCopyName().
std::chrono::sys_days dayOf(std::string_view date)
{
    const auto number = [date](std::size_t from, std::size_t count) {
        int value = 0;
        std::from_chars(date.data() + from, date.data() + from + count, value);
        return value;
    };
    return std::chrono::year(number(0, 4)) / number(5, 2) / number(8, 2);
}

std::string dateOf(std::chrono::sys_days day)
{
    const std::chrono::year_month_day date(day);
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", int(date.year()), unsigned(date.month()),
                  unsigned(date.day()));
    return text.data();
}

/// Copies that a clock made which was ahead would stand before all later ones, as the newest: the newest of
/// them becomes yesterday's, and what is older goes before it, a day each. Tomorrow is no such day, for
/// people travel. Nothing is lost and the order stays; days may be wrong, as the clock was.
void bringBackFromFuture(const std::filesystem::path &folder, std::vector<BackupCopy> &copies,
                         const std::string &today)
{
    if (copies.empty() || copies.front().date <= dateOf(dayOf(today) + std::chrono::days(1)))
        return;
    std::vector<std::string> dates; // Of the newest copy first, as the copies are.
    std::chrono::sys_days next = dayOf(today);
    for (const BackupCopy &copy : copies) {
        next = std::min(next - std::chrono::days(1), dayOf(copy.date));
        dates.push_back(dateOf(next));
    }
    for (std::size_t i = copies.size(); i-- > 0;) { // The oldest first: nobody has its new name any more.
        const std::filesystem::path file = folder / ("user-" + dates[i] + ".db");
        std::error_code error;
        std::filesystem::rename(copies[i].file, file, error);
        if (error)
            return; // The next start goes on.
        copies[i] = {dates[i], file};
    }
}

/// Keeps the newest.
void dropOldCopies(const std::filesystem::path &dataDirectory)
{
    const auto copies = backupCopies(dataDirectory);
    std::error_code error; // One too many does no harm; the next copy drops it.
    for (std::size_t i = kCopiesKept; copies && i < copies->size(); ++i)
        std::filesystem::remove((*copies)[i].file, error);
}

std::string timeStamp()
{
    const std::time_t now = std::time(nullptr);
    std::tm local{};
    ::localtime_r(&now, &local);
    std::array<char, 32> text{};
    return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d-%H%M%S", &local)};
}

/// Gives user.db another name beside it; until the copy takes its place it has both.
Result<std::filesystem::path> setAside(const std::filesystem::path &file)
{
    std::error_code error;
    if (!std::filesystem::exists(file, error))
        return std::filesystem::path();
    const std::string base = file.string() + ".set-aside-" + timeStamp();
    std::filesystem::path aside = base;
    for (int i = 2; std::filesystem::exists(aside, error); ++i)
        aside = base + "-" + std::to_string(i);
    std::filesystem::create_hard_link(file, aside, error);
    if (error) // A file system without links.
        std::filesystem::rename(file, aside, error);
    if (error)
        return fail(ErrorCode::Io, file.string() + " cannot be set aside: " + error.message());
    // What was written last may be in the log only; left behind, it would be played into the copy.
    for (const char *suffix : {"-wal", "-shm"}) {
        const std::filesystem::path log = file.string() + suffix;
        if (!std::filesystem::exists(log, error))
            continue;
        std::filesystem::rename(log, aside.string() + suffix, error);
        if (error)
            return fail(ErrorCode::Io, log.string() + " cannot be set aside: " + error.message());
    }
    return aside;
}

/// The cache may know photos of folders that the older copy does not.
Result<void> settleOrphans(const std::filesystem::path &dataDirectory)
{
    auto catalogue = Catalogue::open(dataDirectory);
    return catalogue ? catalogue->settleOrphans() : catalogue.propagate();
}

} // namespace

Result<std::vector<BackupCopy>> backupCopies(const std::filesystem::path &dataDirectory)
{
    std::vector<BackupCopy> copies;
    std::error_code error;
    const std::filesystem::path folder = folderOfCopies(dataDirectory);
    if (!std::filesystem::exists(folder, error) && !error)
        return copies;
    std::filesystem::directory_iterator entry(folder, error);
    for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
        const std::string name = entry->path().filename().string();
        if (isCopyName(name))
            copies.push_back({name.substr(5, 10), entry->path()});
    }
    if (error)
        return fail(ErrorCode::Io, folder.string() + " cannot be read: " + error.message());
    std::sort(copies.begin(), copies.end(),
              [](const BackupCopy &a, const BackupCopy &b) { return a.date > b.date; });
    return copies;
}

Result<void> checkCopy(const std::filesystem::path &copy)
{
    std::error_code error;
    if (!std::filesystem::exists(copy, error))
        return fail(ErrorCode::NotFound, copy.string() + " is not there");
    auto checked = checkDatabase(copy);
    std::filesystem::remove(damageMark(copy), error); // Says something about databases in use only.
    return checked;
}

Result<bool> backUp(const std::filesystem::path &dataDirectory, const std::string &today)
{
    const std::filesystem::path user = dataDirectory / "user.db";
    const std::filesystem::path folder = folderOfCopies(dataDirectory);
    std::error_code error;
    if (!std::filesystem::exists(user, error) || accessTo(dataDirectory) == Access::ReadOnly)
        return false; // There is nothing to lose, or nothing can have changed.
    error = makePrivateDirectory(folder);
    if (error)
        return fail(ErrorCode::Io, folder.string() + " cannot be created: " + error.message());
    static constexpr std::array<std::string_view, 2> kCopies{"user-", ".unchecked"};
    closeToOthers(folder, kCopies);
    removeAbandoned(folder, kCopies);
    auto copies = backupCopies(dataDirectory);
    if (!copies)
        return copies.propagate();
    bringBackFromFuture(folder, *copies, today);
    if (!copies->empty() && copies->front().date >= today)
        return false;
    const TemporaryFile unchecked(folder / (".unchecked.part-" + std::to_string(::getpid())));
    {
        auto database = Database::open(user);
        if (!database)
            return database.propagate();
        if (auto copied = database->copyTo(unchecked.path()); !copied)
            return copied.propagate();
    }
    if (auto good = checkCopy(unchecked.path()); !good)
        return fail(good.error().code,
                    user.string() + " was not backed up, its copy is damaged: " + good.error().message);
    if (!copies->empty() && haveSameBytes(unchecked.path(), copies->front().file))
        return false;
    auto kept = AtomicFile::create(folder / ("user-" + today + ".db"), Readers::Owner);
    if (!kept)
        return kept.propagate();
    auto done = append(unchecked.path(), *kept);
    if (done)
        done = kept->commit();
    if (!done)
        return done.propagate();
    dropOldCopies(dataDirectory);
    return true;
}

bool isUserDatabaseDamaged(const std::filesystem::path &dataDirectory)
{
    const std::filesystem::path user = dataDirectory / "user.db";
    std::error_code error;
    if (!std::filesystem::exists(user, error))
        return false;
    const auto checked = checkDatabase(user);
    return !checked && checked.error().code == ErrorCode::CorruptData;
}

Result<std::filesystem::path> restoreCopy(const std::filesystem::path &dataDirectory,
                                          const std::filesystem::path &copy)
{
    if (auto good = checkCopy(copy); !good)
        return good.propagate();
    const std::filesystem::path user = dataDirectory / "user.db";
    std::filesystem::path aside;
    {
        const auto lock = CatalogueLock::begin(dataDirectory / "catalogue.lock");
        if (!lock)
            return lock.propagate();
        if (!lock->isAlone()) // SQLite forbids exchanging a file that others have open.
            return fail(ErrorCode::InvalidArgument,
                        "close every Yingxun that has " + dataDirectory.string() + " open, and restore then");
        auto restored = AtomicFile::create(user, Readers::Owner);
        if (!restored)
            return restored.propagate();
        if (auto done = append(copy, *restored); !done)
            return done.propagate();
        auto replaced = setAside(user);
        if (!replaced)
            return replaced;
        if (auto done = restored->commit(); !done)
            return done.propagate();
        aside = *replaced;
        std::error_code error;
        std::filesystem::remove(damageMark(user), error);
    }
    if (auto done = settleOrphans(dataDirectory); !done)
        return done.propagate();
    return aside;
}

} // namespace yingxun::db

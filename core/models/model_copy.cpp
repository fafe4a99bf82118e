// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/model_copy.h"

#include "core/base/atomic_file.h"
#include "core/models/names.h"

#include <QCryptographicHash>

#include <algorithm>
#include <archive.h>
#include <archive_entry.h>
#include <fstream>
#include <memory>
#include <set>
#include <system_error>

namespace yingxun::models {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSliceBytes = 1 << 20;
constexpr std::int64_t kLargestModel = std::int64_t{32} << 30; ///< The largest released one has 4 GB.
constexpr std::int64_t kLargestText = 64 << 20;                ///< Configuration and vocabulary.
constexpr int kMostEntries = 10'000;
constexpr const char *kDescription = "model.json";

bool isTaken(const std::string &name)
{
    return isModelFile(name) || name == kDescription;
}

/// Which weights are taken of several: those that need no unpickling first.
int rank(const std::string &name)
{
    return name == "model.safetensors" ? 0 : name == "pytorch_model.bin" ? 1 : 2;
}

/// A file that is written and hashed.
class Copy
{
public:
    static Result<Copy> create(const fs::path &folder, const std::string &name)
    {
        auto file = AtomicFile::create(folder / name, Readers::Owner);
        if (!file)
            return file.propagate();
        return Copy(std::move(*file), name);
    }
    Result<void> write(const char *data, std::size_t size)
    {
        m_file->write(std::as_bytes(std::span(data, size)));
        m_hash->addData(QByteArrayView(data, static_cast<qsizetype>(size)));
        m_stored.bytes += static_cast<std::int64_t>(size);
        if (m_stored.bytes > (isWeights(m_stored.name) ? kLargestModel : kLargestText))
            return fail(ErrorCode::TooLarge, m_stored.name + " is larger than any such file of a model");
        return {};
    }
    Result<StoredFile> finish()
    {
        if (auto done = m_file->commit(); !done)
            return done.propagate();
        m_stored.sha256 = m_hash->result().toHex().toStdString();
        return m_stored;
    }

private:
    Copy(AtomicFile file, const std::string &name)
        : m_file(std::make_unique<AtomicFile>(std::move(file))),
          m_hash(std::make_unique<QCryptographicHash>(QCryptographicHash::Sha256))
    {
        m_stored.name = name;
        m_stored.checkedAgainst = "none";
    }

    std::unique_ptr<AtomicFile> m_file;
    std::unique_ptr<QCryptographicHash> m_hash;
    StoredFile m_stored;
};

Unexpected cancelled()
{
    return fail(ErrorCode::Cancelled, "cancelled");
}

Result<void> readSlices(const fs::path &path,
                        const std::function<Result<void>(const char *, std::size_t)> &take)
{
    std::ifstream stream(path, std::ios::binary);
    if (!stream)
        return fail(ErrorCode::Io, path.string() + " cannot be read");
    std::vector<char> slice(kSliceBytes);
    while (stream) {
        stream.read(slice.data(), static_cast<std::streamsize>(slice.size()));
        if (stream.bad())
            break;
        if (auto taken = take(slice.data(), static_cast<std::size_t>(stream.gcount())); !taken)
            return taken;
    }
    return stream.bad() ? Result<void>(fail(ErrorCode::Io, path.string() + " cannot be read to its end"))
                        : Result<void>();
}

Result<std::vector<fs::path>> filesOf(const fs::path &from)
{
    std::error_code error;
    const bool folder = fs::is_directory(from, error);
    if (!folder && !fs::is_regular_file(from, error))
        return fail(ErrorCode::NotFound, from.string() + " is neither a folder nor a file");
    std::vector<fs::path> files, weights;
    for (fs::directory_iterator entry(folder ? from : fs::absolute(from).parent_path(), error), end;
         !error && entry != end; entry.increment(error)) {
        const std::string name = entry->path().filename().string();
        std::error_code ignored;
        if (!isTaken(name) ||
            !entry->is_regular_file(ignored)) // Links are followed: Hugging Face's cache is made of them.
            continue;
        (isWeights(name) ? weights : files).push_back(entry->path());
    }
    if (error)
        return fail(ErrorCode::Io, from.string() + " cannot be read: " + error.message());
    if (!folder) { // Its neighbours' description is not of it.
        weights = {from};
        std::erase_if(files, [](const fs::path &file) { return file.filename() == kDescription; });
    }
    std::sort(weights.begin(), weights.end(), [](const fs::path &a, const fs::path &b) {
        return rank(a.filename().string()) < rank(b.filename().string());
    });
    if (weights.empty())
        return fail(ErrorCode::CorruptData,
                    from.string() + " has no model.safetensors, pytorch_model.bin or *.pt");
    if (weights.size() > 1 && rank(weights[0].filename().string()) == rank(weights[1].filename().string()))
        return fail(ErrorCode::InvalidArgument, from.string() + " has several models: name one *.pt file");
    files.push_back(weights.front());
    return files;
}

Result<std::vector<StoredFile>> copyFiles(const std::vector<fs::path> &files, const fs::path &to,
                                          const Progress &progress)
{
    std::int64_t total = 0;
    for (const fs::path &file : files)
        total += static_cast<std::int64_t>(fs::file_size(file));
    if (std::error_code error; fs::space(to, error).available < static_cast<std::uintmax_t>(total) && !error)
        return fail(ErrorCode::Io,
                    "the disk has no room for " + std::to_string(total) + " bytes: free some space");
    std::int64_t done = 0;
    std::vector<StoredFile> stored;
    for (const fs::path &file : files) {
        auto copy = Copy::create(to, file.filename().string());
        if (!copy)
            return copy.propagate();
        auto read = readSlices(file, [&](const char *data, std::size_t size) -> Result<void> {
            done += static_cast<std::int64_t>(size);
            if (progress && !progress(done, total))
                return cancelled();
            return copy->write(data, size);
        });
        if (!read)
            return read.propagate();
        auto finished = copy->finish();
        if (!finished)
            return finished.propagate();
        stored.push_back(std::move(*finished));
    }
    return stored;
}

/// The last part of an entry's name. Errors: CorruptData (an entry that an honest pack does not have).
Result<std::string> safeName(archive_entry *entry)
{
    const char *text = archive_entry_pathname(entry);
    const fs::path path = text != nullptr ? text : "";
    const bool leaves =
        std::any_of(path.begin(), path.end(), [](const fs::path &part) { return part == ".."; });
    if (path.empty() || path.is_absolute() || leaves || path.string().find('\\') != std::string::npos)
        return fail(ErrorCode::CorruptData,
                    "the archive has an entry that leads out of it (" + path.string() + "): it is not taken");
    const auto type = archive_entry_filetype(entry);
    if (archive_entry_symlink(entry) != nullptr || archive_entry_hardlink(entry) != nullptr ||
        (type != AE_IFREG && type != AE_IFDIR))
        return fail(ErrorCode::CorruptData, "the archive has a link or a device (" + path.string() +
                                                "): it is not taken; pack plain files");
    return type == AE_IFDIR ? std::string() : path.filename().string();
}

Result<std::vector<StoredFile>> unpack(const fs::path &from, const fs::path &to, const Progress &progress)
{
    const std::unique_ptr<archive, int (*)(archive *)> pack(archive_read_new(), archive_read_free);
    archive_read_support_format_tar(pack.get());
    archive_read_support_format_zip(pack.get());
    archive_read_support_filter_gzip(pack.get());
    const auto damaged = [&] {
        const char *why = archive_error_string(pack.get());
        return fail(ErrorCode::CorruptData, from.string() + " is no .tar or .zip archive, or damaged (" +
                                                (why != nullptr ? why : "no reason given") + ")");
    };
    if (archive_read_open_filename(pack.get(), from.c_str(), kSliceBytes) != ARCHIVE_OK)
        return damaged();
    const auto total = static_cast<std::int64_t>(fs::file_size(from));
    std::vector<StoredFile> stored;
    std::set<std::string> names;
    int weights = 0;
    for (int entries = 0;; ++entries) {
        archive_entry *entry = nullptr;
        const int next = archive_read_next_header(pack.get(), &entry);
        if (next == ARCHIVE_EOF)
            break;
        if (next != ARCHIVE_OK || entries > kMostEntries)
            return damaged();
        const auto name = safeName(entry);
        if (!name)
            return name.propagate();
        if (!isTaken(*name))
            continue;
        weights += isWeights(*name) ? 1 : 0;
        if (!names.insert(*name).second || weights > 1)
            return fail(ErrorCode::CorruptData, from.string() +
                                                    " has several models or files of one name: pack "
                                                    "the folder of one model");
        auto copy = Copy::create(to, *name);
        if (!copy)
            return copy.propagate();
        std::vector<char> slice(kSliceBytes);
        for (;;) {
            const la_ssize_t got = archive_read_data(pack.get(), slice.data(), slice.size());
            if (got < 0)
                return damaged();
            if (got == 0)
                break;
            if (progress && !progress(archive_filter_bytes(pack.get(), -1), total))
                return cancelled();
            if (auto written = copy->write(slice.data(), static_cast<std::size_t>(got)); !written)
                return written.propagate();
        }
        auto finished = copy->finish();
        if (!finished)
            return finished.propagate();
        stored.push_back(std::move(*finished));
    }
    if (weights == 0)
        return fail(ErrorCode::CorruptData,
                    from.string() + " has no model.safetensors, pytorch_model.bin or *.pt");
    return stored;
}

} // namespace

Result<std::vector<StoredFile>> copyModel(const fs::path &from, const fs::path &to, const Progress &progress)
{
    std::error_code error;
    if (fs::is_regular_file(from, error) && !isWeights(from.filename().string()))
        return unpack(from, to, progress);
    const auto files = filesOf(from);
    if (!files)
        return files.propagate();
    return copyFiles(*files, to, progress);
}

Result<StoredFile> hashFile(const fs::path &path, const std::function<bool(std::int64_t)> &onBytes)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    StoredFile file{path.filename().string(), 0, {}, "none"};
    auto read = readSlices(path, [&](const char *data, std::size_t size) -> Result<void> {
        hash.addData(QByteArrayView(data, static_cast<qsizetype>(size)));
        file.bytes += static_cast<std::int64_t>(size);
        if (onBytes && !onBytes(static_cast<std::int64_t>(size)))
            return cancelled();
        return {};
    });
    if (!read)
        return read.propagate();
    file.sha256 = hash.result().toHex().toStdString();
    return file;
}

} // namespace yingxun::models

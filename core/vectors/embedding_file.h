// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/content_hash.h"
#include "core/base/file_descriptor.h"
#include "core/base/result.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <unordered_set>
#include <vector>

namespace yingxun::vectors {

constexpr const char *kEmbeddingsEnding = ".f16";
constexpr const char *kNameEnding = ".name"; ///< Of the file beside it, which says what the model is called.
constexpr const char *kByteCopyEnding = ".i8"; ///< Of the copy beside it, see byte_copy.h.
constexpr const char *kListsEnding = ".ivf";   ///< Of the lists beside it, see inverted_lists.h.

/// Where things lie in a file of rows of dimension D; see the top of embedding_store.cpp.
struct RowLayout {
    static constexpr std::size_t kHeaderBytes = 64;
    static constexpr std::size_t kRowHeaderBytes = 32;

    explicit RowLayout(int dimension);

    std::size_t dimension;
    std::size_t paddedDimension; ///< Numbers stored a row; zeros behind the first D.
    std::size_t stride;          ///< Bytes a row.

    std::size_t offsetOf(std::int64_t row) const
    {
        return kHeaderBytes + static_cast<std::size_t>(row) * stride;
    }
    std::int64_t wholeRows(std::size_t fileBytes) const;
};

/// A shared mapping of the file, possibly longer than the file: only published rows may be read.
class RowMapping
{
public:
    static Result<std::shared_ptr<const RowMapping>> create(int file, std::size_t bytes,
                                                            const std::filesystem::path &path);
    RowMapping(const std::byte *data, std::size_t size) : m_data(data), m_size(size) {}
    RowMapping(const RowMapping &) = delete;
    RowMapping &operator=(const RowMapping &) = delete;
    ~RowMapping();

    const std::byte *data() const { return m_data; }
    std::size_t size() const { return m_size; }

private:
    const std::byte *m_data;
    std::size_t m_size;
};

/// The bytes of one store on disk: its header, its lock, whole rows added at the end.
/// Threads: one at a time.
class EmbeddingFile
{
public:
    /// Errors: as EmbeddingStore::open.
    static Result<EmbeddingFile> open(const std::filesystem::path &path, const std::string &identity,
                                      const RowLayout &layout);
    /// Opens the file of a former identity of the same model, and makes it `path`'s if nobody else writes it;
    /// otherwise it is used where it is, until refresh() finds that it can be. Nothing at `former`: opens or
    /// creates `path`. Errors: as EmbeddingStore::open.
    static Result<EmbeddingFile> adopt(const std::filesystem::path &former, const std::filesystem::path &path,
                                       const RowLayout &layout);
    bool isWriter() const { return m_writer; } ///< False: another process (or open store) has the lock.
    bool isWriteProtected() const { return !m_writable; } ///< It can never become the writer.
    std::int64_t count() const { return m_count; }        ///< Published rows.
    /// A mapping that holds at least all published rows; shared with readers, since a scan in flight
    /// outlives the mapping's replacement.
    std::shared_ptr<const RowMapping> mapping() const { return m_mapping; }
    const std::filesystem::path &path() const { return m_path; }

    /// Is not the writer from now on, and never becomes it again: others can.
    void yield();

    /// Sees what the writer has published since, and becomes the writer when there is none any more.
    /// @return whether another file has taken the place of this one: its rows have other numbers.
    /// Errors: as EmbeddingStore::open.
    Result<bool> refresh();

    /// Adds rows made by makeRow() and publishes them. On error the file is as before.
    Result<void> append(std::span<const std::byte> rows);

    /// Puts a file without these contents, and without damaged rows, in the place of this one; what is there
    /// is one of the two whole, whenever the power goes. This one can still be read, and nothing else.
    /// @return the new one. Errors: ReadOnly (not the writer), Cancelled, Io; then nothing has changed.
    Result<EmbeddingFile> rewriteWithout(const std::unordered_set<ContentHash> &contents,
                                         const std::stop_token &stop) const;

private:
    static Result<EmbeddingFile> openOnce(const std::filesystem::path &path, const std::string &identity,
                                          const RowLayout &layout,
                                          const std::optional<std::filesystem::path> &next = {});
    bool isInPlace() const;
    bool fits(const std::array<std::byte, RowLayout::kHeaderBytes> &header) const;
    bool writeIdentity(const std::string &identity);
    void becomeNext();
    EmbeddingFile(FileDescriptor file, bool writable, std::filesystem::path path, std::string identity,
                  const RowLayout &layout);
    Result<void> readHeader();
    bool holdsRows(std::size_t fileBytes);
    Result<void> recoverTail(std::size_t fileBytes);
    Result<void> publish(std::int64_t count);
    Result<void> mapAtLeast(std::size_t bytes);

    FileDescriptor m_file; // None: there is no file, and none can be made.
    bool m_writable;
    bool m_writer = false;
    bool m_yields = false;
    std::filesystem::path m_path;
    std::string m_identity;
    std::optional<std::filesystem::path> m_next; // What it is to become: the identity is the name.
    RowLayout m_layout;
    std::int64_t m_count = 0;
    std::shared_ptr<const RowMapping> m_mapping;
};

/// All of `bytes` or false with errno set.
bool writeAll(int file, std::span<const std::byte> bytes, std::size_t offset);

/// Writes one row (layout.stride bytes) to `row`.
void makeRow(const RowLayout &layout, const ContentHash &content, std::span<const float> vector,
             std::byte *row);
bool isIntact(const RowLayout &layout, const std::byte *row); ///< Its checksum fits, its numbers are finite.
ContentHash contentOf(const std::byte *row);
/// The first numbers.size() numbers of a row; zeros follow its dimension.
void readNumbers(const std::byte *row, std::span<float> numbers);

} // namespace yingxun::vectors

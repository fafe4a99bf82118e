// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/file_descriptor.h"
#include "core/vectors/byte_row.h"
#include "core/vectors/embedding_file.h"

#include <cstdint>
#include <filesystem>
#include <memory>

namespace yingxun::vectors {

/// Where the copy of a file of embeddings lies.
std::filesystem::path byteCopyOf(const std::filesystem::path &embeddings);

/// The rows of a file of embeddings once more, in bytes: half as much for a search to read. It can always be
/// made again, so that whatever fails only means that fewer rows are in it, those behind count() not.
///
/// The writer of the embeddings writes it as well; others use what they find of it. Format at the top of
/// byte_copy.cpp. Threads: one at a time.
class ByteCopy
{
public:
    /// Of fewer rows none is kept: they are searched within a millisecond as they are.
    static constexpr std::int64_t kFewestRows = 16384;

    explicit ByteCopy(const RowLayout &rows) : m_rows(rows), m_bytes(rows) {}

    /// Takes in rows that came since, whose copies it checks; the writer makes those that are missing, and
    /// all anew where the copy is another file's or damaged. `file` has the rows that it had, under their
    /// numbers.
    void follow(const EmbeddingFile &file);

    const ByteLayout &layout() const { return m_bytes; }
    std::int64_t count() const { return m_count; } ///< The first so many rows have a copy.
    /// Holds at least those rows; none: there are none.
    std::shared_ptr<const RowMapping> mapping() const { return m_mapping; }

private:
    void open(const std::filesystem::path &path, bool forWriting);
    std::int64_t wholeRows() const;
    bool map(std::int64_t rows);
    bool takeIn(const EmbeddingFile &file);
    bool write(int to, const EmbeddingFile &file, std::int64_t first) const;
    bool extend(const EmbeddingFile &file);
    bool rebuild(const EmbeddingFile &file, const std::filesystem::path &path);

    RowLayout m_rows;
    ByteLayout m_bytes;
    FileDescriptor m_file; // None: there is no copy.
    bool m_writable = false;
    bool m_gaveUp = false; // Writing failed: the next one would, too.
    std::int64_t m_count = 0;
    std::shared_ptr<const RowMapping> m_mapping;
};

} // namespace yingxun::vectors

// SPDX-License-Identifier: GPL-3.0-or-later
//
// File format, all numbers in the processor's own order (on another one the copy is made anew):
//
//   header, 64 bytes
//      0  8  "YXBYT001"
//      8  4  dimension D
//     12  4  stride: bytes a row
//     16 48  zero
//   row, of the embedding's row of the same number
//      0  4  scale, a float32
//      4  4  error, a float32: the length of what a row in bytes differs by
//      8  4  length, a float32
//     12  4  XXH32 of bytes 16.., seeded by XXH32 of bytes 0..11, seeded by the checksum of the embedding's
//     row 16  D  numbers -127 to 127, each plus 128; then bytes 128 to a multiple of 64
//
// Each row says itself whose copy it is, so that nothing else need be kept in step: not the number of rows,
// not which file of embeddings it was made of. Rows come behind the last one; what is there does not change
// but in a new file that is renamed over this one, for others may be reading it.
#include "core/vectors/byte_copy.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace yingxun::vectors {
namespace {

constexpr std::size_t kSmallestMapping = std::size_t{16} << 20;
constexpr std::int64_t kRowsAtATime = 1024;

using Header = std::array<std::byte, ByteLayout::kHeaderBytes>;

Header makeHeader(const RowLayout &rows, const ByteLayout &bytes)
{
    Header header{};
    const auto dimension = static_cast<std::uint32_t>(rows.dimension);
    const auto stride = static_cast<std::uint32_t>(bytes.stride);
    std::memcpy(header.data(), "YXBYT001", 8);
    std::memcpy(header.data() + 8, &dimension, sizeof dimension);
    std::memcpy(header.data() + 12, &stride, sizeof stride);
    return header;
}

bool areSame(const struct stat &a, const struct stat &b)
{
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

} // namespace

std::filesystem::path byteCopyOf(const std::filesystem::path &embeddings)
{
    return std::filesystem::path(embeddings).replace_extension(kByteCopyEnding);
}

void ByteCopy::follow(const EmbeddingFile &file)
{
    const std::filesystem::path path = byteCopyOf(file.path());
    if (file.count() < kFewestRows) {
        if (file.isWriter())
            ::unlink(path.c_str());
        *this = ByteCopy(m_rows);
        return;
    }
    if (m_count == file.count())
        return;
    open(path, file.isWriter());
    const bool isGood = takeIn(file);
    if (file.isWriter() && !m_gaveUp)
        m_gaveUp = isGood ? !extend(file) : !rebuild(file, path);
}

/// What has the name now; the rows taken in so far stay if it is the same file.
void ByteCopy::open(const std::filesystem::path &path, bool forWriting)
{
    struct stat mine = {};
    struct stat there = {};
    const bool isMine = m_file && ::fstat(m_file.get(), &mine) == 0 && ::stat(path.c_str(), &there) == 0 &&
                        areSame(mine, there);
    if (isMine && m_writable == forWriting)
        return;
    const int mode = forWriting ? O_RDWR : O_RDONLY;
    FileDescriptor file(::open(path.c_str(), mode | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW));
    const Header expected = makeHeader(m_rows, m_bytes);
    Header header;
    const bool isGood = file && ::fstat(file.get(), &there) == 0 && S_ISREG(there.st_mode) &&
                        ::pread(file.get(), header.data(), header.size(), 0) == std::ssize(header) &&
                        header == expected;
    if (!isMine || !isGood || !areSame(mine, there)) {
        m_count = 0;
        m_mapping.reset();
    }
    m_file = isGood ? std::move(file) : FileDescriptor();
    m_writable = forWriting;
}

std::int64_t ByteCopy::wholeRows() const
{
    struct stat info = {};
    if (!m_file || ::fstat(m_file.get(), &info) != 0)
        return 0;
    const auto size = static_cast<std::size_t>(info.st_size);
    return size < ByteLayout::kHeaderBytes
               ? 0
               : static_cast<std::int64_t>((size - ByteLayout::kHeaderBytes) / m_bytes.stride);
}

bool ByteCopy::map(std::int64_t rows)
{
    const std::size_t bytes = m_bytes.offsetOf(rows);
    if (m_mapping && m_mapping->size() >= bytes)
        return true;
    auto mapping = RowMapping::create(m_file.get(), std::max(2 * bytes, kSmallestMapping), {});
    if (mapping)
        m_mapping = std::move(*mapping);
    return mapping.has_value();
}

/// @return whether there is a copy, and nothing in it that is no copy of a row.
bool ByteCopy::takeIn(const EmbeddingFile &file)
{
    const std::int64_t whole = wholeRows();
    if (!m_file || !map(whole))
        return false;
    for (; m_count < std::min(whole, file.count()); ++m_count) {
        if (!isCopyOf(m_bytes, m_mapping->data() + m_bytes.offsetOf(m_count),
                      file.mapping()->data() + m_rows.offsetOf(m_count)))
            break;
    }
    return m_count == whole;
}

bool ByteCopy::write(int to, const EmbeddingFile &file, std::int64_t first) const
{
    std::vector<std::byte> rows;
    while (first < file.count()) {
        const std::int64_t count = std::min(kRowsAtATime, file.count() - first);
        rows.resize(static_cast<std::size_t>(count) * m_bytes.stride);
        for (std::int64_t i = 0; i < count; ++i)
            makeByteRow(m_rows, m_bytes, file.mapping()->data() + m_rows.offsetOf(first + i),
                        rows.data() + static_cast<std::size_t>(i) * m_bytes.stride);
        if (!writeAll(to, rows, m_bytes.offsetOf(first)))
            return false;
        first += count;
    }
    return true;
}

bool ByteCopy::extend(const EmbeddingFile &file)
{
    if (!write(m_file.get(), file, m_count) || !map(file.count()))
        return false;
    m_count = file.count();
    return true;
}

bool ByteCopy::rebuild(const EmbeddingFile &file, const std::filesystem::path &path)
{
    const std::string beside = path.string() + ".new";
    FileDescriptor made(
        ::open(beside.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600));
    if (!made)
        return false;
    if (!writeAll(made.get(), makeHeader(m_rows, m_bytes), 0) || !write(made.get(), file, 0) ||
        ::rename(beside.c_str(), path.c_str()) != 0) {
        ::unlink(beside.c_str());
        return false;
    }
    m_file = std::move(made);
    m_mapping.reset();
    m_count = map(file.count()) ? file.count() : 0;
    return m_count != 0;
}

} // namespace yingxun::vectors

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/vectors/embedding_file.h"

#include "core/base/atomic_file.h"
#include "core/base/content_hasher.h"
#include "core/vectors/dot.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <xxhash.h>

namespace yingxun::vectors {

namespace {

constexpr char kMagic[] = "YXEMB001";
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kCountOffset = 56;
constexpr std::size_t kIdentityBytes = 32;
constexpr std::size_t kChecksumOffset = 20; // Of the checksum; the identity follows it.
constexpr std::size_t kSmallestMapping = std::size_t{16} << 20;
constexpr std::size_t kCopiedAtATime = std::size_t{1} << 20;
// Where files have no lasting numbers, one looks like another each time; it is then taken as it is.
constexpr int kAttempts = 3;

using Header = std::array<std::byte, RowLayout::kHeaderBytes>;

/// Little-endian, whatever the processor.
template<typename T>
void storeInteger(std::byte *to, T value)
{
    for (std::size_t i = 0; i < sizeof(T); ++i)
        to[i] = static_cast<std::byte>(value >> (8 * i));
}

template<typename T>
T loadInteger(const std::byte *from)
{
    T value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i)
        value |= static_cast<T>(from[i]) << (8 * i);
    return value;
}

/// 32 bytes that stand for any identity: itself, filled with zeros, or the hash of a longer one.
std::array<char, kIdentityBytes> identityField(const std::string &identity)
{
    std::string text = identity;
    if (text.size() > kIdentityBytes)
        text = contentHash(std::as_bytes(std::span(identity))).hex();
    std::array<char, kIdentityBytes> field{};
    std::copy(text.begin(), text.end(), field.begin());
    return field;
}

std::uint32_t headerChecksum(const Header &header)
{
    return XXH32(header.data() + 24, kIdentityBytes, XXH32(header.data(), 20, 0));
}

/// As a power cut may leave it: the rows reached the disk and the first block did not.
bool isBlank(const Header &header)
{
    return std::all_of(header.begin(), header.end(), [](std::byte byte) { return byte == std::byte{}; });
}

Header makeHeader(const std::string &identity, const RowLayout &layout)
{
    Header header{};
    std::memcpy(header.data(), kMagic, 8);
    storeInteger(header.data() + 8, kVersion);
    storeInteger(header.data() + 12, static_cast<std::uint32_t>(layout.dimension));
    storeInteger(header.data() + 16, static_cast<std::uint32_t>(layout.stride));
    std::memcpy(header.data() + 24, identityField(identity).data(), kIdentityBytes);
    storeInteger(header.data() + kChecksumOffset, headerChecksum(header));
    return header;
}

std::uint32_t rowChecksum(const RowLayout &layout, const std::byte *row)
{
    const std::size_t numbers = layout.stride - RowLayout::kRowHeaderBytes;
    return XXH32(row + RowLayout::kRowHeaderBytes, numbers, XXH32(row, 16, 0));
}

Unexpected osError(const std::filesystem::path &path, const char *action)
{
    const int reason = errno;
    return fail(ErrorCode::Io, "Could not " + std::string(action) + ' ' + path.string() + ": " +
                                   std::strerror(reason) + '.');
}

/// What is written before it takes the place of a file; only that file's writer touches it.
std::filesystem::path newFileBeside(const std::filesystem::path &path)
{
    return path.string() + ".new";
}

bool readAll(int file, std::span<std::byte> bytes)
{
    std::size_t done = 0;
    while (done < bytes.size()) {
        const ssize_t got = ::pread(file, bytes.data() + done, bytes.size() - done, static_cast<off_t>(done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        done += static_cast<std::size_t>(got);
    }
    return true;
}

} // namespace

bool writeAll(int file, std::span<const std::byte> bytes, std::size_t offset)
{
    while (!bytes.empty()) {
        const ssize_t written = ::pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes = bytes.subspan(static_cast<std::size_t>(written));
        offset += static_cast<std::size_t>(written);
    }
    return true;
}

RowLayout::RowLayout(int dimension_)
    : dimension(static_cast<std::size_t>(dimension_)),
      paddedDimension((dimension + kLengthStep - 1) / kLengthStep * kLengthStep),
      stride(kRowHeaderBytes + 2 * paddedDimension)
{
}

std::int64_t RowLayout::wholeRows(std::size_t fileBytes) const
{
    return fileBytes < kHeaderBytes ? 0 : static_cast<std::int64_t>((fileBytes - kHeaderBytes) / stride);
}

Result<std::shared_ptr<const RowMapping>> RowMapping::create(int file, std::size_t bytes,
                                                             const std::filesystem::path &path)
{
    void *data = ::mmap(nullptr, bytes, PROT_READ, MAP_SHARED, file, 0);
    if (data == MAP_FAILED)
        return osError(path, "map");
    return std::make_shared<const RowMapping>(static_cast<const std::byte *>(data), bytes);
}

RowMapping::~RowMapping()
{
    ::munmap(const_cast<std::byte *>(m_data), m_size);
}

EmbeddingFile::EmbeddingFile(FileDescriptor file, bool writable, std::filesystem::path path,
                             std::string identity, const RowLayout &layout)
    : m_file(std::move(file)), m_writable(writable), m_path(std::move(path)), m_identity(std::move(identity)),
      m_layout(layout)
{
}

Result<EmbeddingFile> EmbeddingFile::open(const std::filesystem::path &path, const std::string &identity,
                                          const RowLayout &layout)
{
    auto file = openOnce(path, identity, layout);
    // Replaced or deleted since it was opened: its lock is worth nothing.
    for (int attempt = 1; attempt < kAttempts && file && !file->isInPlace(); ++attempt)
        file = openOnce(path, identity, layout);
    if (file && file->isWriter())
        ::unlink(newFileBeside(path).c_str()); // Of a writer that did not come to its end.
    return file;
}

Result<EmbeddingFile> EmbeddingFile::adopt(const std::filesystem::path &former,
                                           const std::filesystem::path &path, const RowLayout &layout)
{
    const std::string identity = former.stem().string();
    auto file = openOnce(former, identity, layout, path);
    for (int attempt = 1; attempt < kAttempts && file && !file->isInPlace(); ++attempt)
        file = openOnce(former, identity, layout, path);
    if (file && !file->m_file) // Another Yingxun has adopted it.
        return open(path, path.stem().string(), layout);
    if (file && file->isWriter()) {
        ::unlink(newFileBeside(former).c_str());
        file->becomeNext();
    }
    return file;
}

Result<EmbeddingFile> EmbeddingFile::openOnce(const std::filesystem::path &path, const std::string &identity,
                                              const RowLayout &layout,
                                              const std::optional<std::filesystem::path> &next)
{
    bool writable = true;
    const int creating = next ? 0 : O_CREAT;
    FileDescriptor file(::open(path.c_str(), O_RDWR | creating | O_CLOEXEC | O_NONBLOCK, 0600));
    // ENOENT: the directory is missing and could not be made.
    if (!file && (errno == EACCES || errno == EROFS || errno == ENOENT)) {
        writable = false;
        file = FileDescriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    }
    if (!file && writable)
        return osError(path, "open");
    EmbeddingFile result(std::move(file), writable, path, identity, layout);
    // A library that cannot be written, without embeddings of this model: nothing is found in it.
    if (!result.m_file)
        return errno == ENOENT ? Result<EmbeddingFile>(std::move(result)) : osError(path, "open");
    result.m_next = next;
    struct stat info = {};
    if (::fstat(result.m_file.get(), &info) != 0)
        return osError(path, "examine");
    if (!S_ISREG(info.st_mode))
        return fail(ErrorCode::CorruptData, path.string() + " is not a regular file; move it away.");
    result.m_writer = writable && ::flock(result.m_file.get(), LOCK_EX | LOCK_NB) == 0;
    if (auto header = result.readHeader(); !header)
        return header.propagate();
    return result;
}

bool EmbeddingFile::isInPlace() const
{
    struct stat mine = {};
    struct stat there = {};
    return !m_file || (::fstat(m_file.get(), &mine) == 0 && ::stat(m_path.c_str(), &there) == 0 &&
                       mine.st_dev == there.st_dev && mine.st_ino == there.st_ino);
}

void EmbeddingFile::yield()
{
    m_yields = true;
    if (std::exchange(m_writer, false))
        ::flock(m_file.get(), LOCK_UN);
}

Result<bool> EmbeddingFile::refresh()
{
    if (m_writer || !m_file)
        return false;
    m_writer = m_writable && !m_yields && ::flock(m_file.get(), LOCK_EX | LOCK_NB) == 0;
    if (!isInPlace()) {
        auto now = m_next ? adopt(m_path, *m_next, m_layout) : open(m_path, m_identity, m_layout);
        if (!now) {
            m_writer = false;
            return now.propagate();
        }
        const bool yields = m_yields;
        *this = *std::move(now);
        if (yields)
            yield();
        return true;
    }
    if (auto read = readHeader(); !read) {
        if (std::exchange(m_writer, false))
            ::flock(m_file.get(), LOCK_UN);
        return read.propagate();
    }
    if (m_writer && m_next)
        becomeNext();
    return false;
}

/// Whether a header is that of this file. An interrupted adoption may have left bytes of both identities.
bool EmbeddingFile::fits(const std::array<std::byte, RowLayout::kHeaderBytes> &header) const
{
    const Header mine = makeHeader(m_identity, m_layout);
    const Header next = m_next ? makeHeader(m_next->stem().string(), m_layout) : mine;
    for (std::size_t i = 0; i < kCountOffset; ++i) {
        if (header[i] != mine[i] && header[i] != next[i])
            return false;
    }
    return true;
}

bool EmbeddingFile::writeIdentity(const std::string &identity)
{
    const Header header = makeHeader(identity, m_layout);
    return writeAll(m_file.get(), std::span(header).first(kCountOffset).subspan(kChecksumOffset),
                    kChecksumOffset);
}

/// The rows stay where they are, only the header and the names change. Should the power go in between, the
/// file is found under its former name with either header, and the next writer does the rest. What does not
/// work leaves it as it was, to be used like that.
void EmbeddingFile::becomeNext()
{
    const auto beside = [](std::filesystem::path path, const char *ending) {
        return path.replace_extension(ending);
    };
    const std::string identity = m_next->stem().string();
    std::error_code ignored;
    const auto rename = [&] {
        if (std::filesystem::exists(*m_next, ignored))
            return false;
        // These go first: what is left behind would stay for good.
        for (const char *ending : {kNameEnding, kByteCopyEnding, kListsEnding})
            std::filesystem::rename(beside(m_path, ending), beside(*m_next, ending), ignored);
        return ::rename(m_path.c_str(), m_next->c_str()) == 0;
    };
    if (!writeIdentity(identity) || ::fsync(m_file.get()) != 0 || !rename()) {
        static_cast<void>(writeIdentity(m_identity)); // For earlier versions; this one takes both.
        return;
    }
    syncDirectoryOf(*m_next);
    m_path = *std::exchange(m_next, std::nullopt);
    m_identity = identity;
}

Result<void> EmbeddingFile::readHeader()
{
    struct stat info = {};
    if (::fstat(m_file.get(), &info) != 0)
        return osError(m_path, "examine");
    std::size_t fileBytes = static_cast<std::size_t>(info.st_size);
    Header header{};
    const Header expected = makeHeader(m_identity, m_layout);
    if (fileBytes < header.size()) { // New, or cut off in the moment of its making.
        if (!m_writer)
            return mapAtLeast(header.size());
        if (!writeAll(m_file.get(), expected, 0)) {
            const Unexpected error = osError(m_path, "write");
            static_cast<void>(::ftruncate(m_file.get(), 0) == 0); // A shorter header is as good as none.
            return error;
        }
        header = expected;
        fileBytes = header.size();
    } else if (!readAll(m_file.get(), header)) {
        return osError(m_path, "read");
    } else if (m_writer && isBlank(header) && holdsRows(fileBytes)) {
        header = expected;
        storeInteger(header.data() + kCountOffset, static_cast<std::uint64_t>(m_layout.wholeRows(fileBytes)));
        if (!writeAll(m_file.get(), header, 0))
            return osError(m_path, "write");
    }
    if (std::memcmp(header.data(), kMagic, 8) != 0)
        return fail(ErrorCode::CorruptData, m_path.string() + " is not a file of embeddings; delete it, and "
                                                              "the photos are embedded again.");
    if (loadInteger<std::uint32_t>(header.data() + 8) > kVersion)
        return fail(ErrorCode::Unsupported,
                    m_path.string() + " was written by a newer Yingxun; update this one.");
    if (!fits(header))
        return fail(ErrorCode::CorruptData, m_path.string() +
                                                " belongs to another model or is damaged; delete it, "
                                                "and the photos are embedded again.");
    const auto published = static_cast<std::int64_t>(
        std::min<std::uint64_t>(loadInteger<std::uint64_t>(header.data() + kCountOffset), INT64_MAX));
    m_count = std::min(published, m_layout.wholeRows(fileBytes));
    if (auto mapped = mapAtLeast(fileBytes); !mapped)
        return mapped.propagate();
    return m_writer ? recoverTail(fileBytes) : Result<void>();
}

/// Rows have checksums of their own, and the file has the name of the model: its header can be made again.
bool EmbeddingFile::holdsRows(std::size_t fileBytes)
{
    if (!mapAtLeast(fileBytes))
        return false;
    for (std::int64_t row = 0; row < m_layout.wholeRows(fileBytes); ++row) {
        if (isIntact(m_layout, m_mapping->data() + m_layout.offsetOf(row)))
            return true;
    }
    return false;
}

Result<void> EmbeddingFile::recoverTail(std::size_t fileBytes)
{
    // Rows that were written but not yet published when the writer died are kept as far as they are whole.
    std::int64_t count = m_count;
    while (count < m_layout.wholeRows(fileBytes) &&
           isIntact(m_layout, m_mapping->data() + m_layout.offsetOf(count)))
        ++count;
    if (auto published = publish(count); !published)
        return published;
    if (fileBytes > m_layout.offsetOf(count) &&
        ::ftruncate(m_file.get(), static_cast<off_t>(m_layout.offsetOf(count))) != 0)
        return osError(m_path, "shorten");
    return {};
}

Result<void> EmbeddingFile::publish(std::int64_t count)
{
    std::array<std::byte, sizeof(std::uint64_t)> bytes;
    storeInteger(bytes.data(), static_cast<std::uint64_t>(count));
    if (!writeAll(m_file.get(), bytes, kCountOffset))
        return osError(m_path, "write");
    m_count = count;
    return {};
}

Result<void> EmbeddingFile::mapAtLeast(std::size_t bytes)
{
    if (m_mapping && m_mapping->size() >= bytes)
        return {};
    // Address space is free, so that doubling it spares remapping at every append.
    auto mapping = RowMapping::create(m_file.get(), std::max(2 * bytes, kSmallestMapping), m_path);
    if (!mapping)
        return mapping.propagate();
    m_mapping = std::move(*mapping);
    return {};
}

Result<void> EmbeddingFile::append(std::span<const std::byte> rows)
{
    if (!m_writer)
        return fail(ErrorCode::Io, "Another Yingxun is using " + m_path.string() +
                                       " (or it is write-protected); close it and try again.");
    const std::size_t end = m_layout.offsetOf(m_count);
    const auto added = static_cast<std::int64_t>(rows.size() / m_layout.stride);
    auto done = mapAtLeast(end + rows.size());
    if (done && !writeAll(m_file.get(), rows, end))
        done = osError(m_path, "write");
    if (done)
        done = publish(m_count + added);
    if (!done) // Without effect on readers: they never see unpublished rows.
        static_cast<void>(::ftruncate(m_file.get(), static_cast<off_t>(end)) == 0);
    return done;
}

Result<EmbeddingFile> EmbeddingFile::rewriteWithout(const std::unordered_set<ContentHash> &contents,
                                                    const std::stop_token &stop) const
{
    if (!m_writer)
        return fail(ErrorCode::ReadOnly, m_path.string() + " is in use or write-protected.");
    const std::filesystem::path path = newFileBeside(m_path);
    FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file)
        return osError(path, "open");
    EmbeddingFile result(std::move(file), true, path, m_identity, m_layout);
    result.m_next = m_next;
    const auto giveUp = [&](const Unexpected &error) {
        ::unlink(path.c_str());
        return error;
    };
    // Locked before others can see it, so that nobody becomes the writer in between.
    result.m_writer = ::flock(result.m_file.get(), LOCK_EX | LOCK_NB) == 0;
    auto done = result.m_writer ? result.readHeader() : osError(path, "lock");
    std::vector<std::byte> rows;
    for (std::int64_t row = 0; done && row < m_count; ++row) {
        const std::byte *bytes = m_mapping->data() + m_layout.offsetOf(row);
        if (contents.count(contentOf(bytes)) == 0 && isIntact(m_layout, bytes))
            rows.insert(rows.end(), bytes, bytes + m_layout.stride);
        if (rows.size() < kCopiedAtATime && row + 1 < m_count)
            continue;
        if (stop.stop_requested())
            return giveUp(
                fail(ErrorCode::Cancelled, "Stopped before " + m_path.string() + " was rewritten."));
        done = result.append(rows);
        rows.clear();
    }
    if (done && ::fsync(result.m_file.get()) != 0)
        done = osError(path, "write");
    if (done && ::rename(path.c_str(), m_path.c_str()) != 0)
        done = osError(m_path, "replace");
    if (!done)
        return giveUp(done.propagate());
    syncDirectoryOf(m_path);
    result.m_path = m_path;
    return result;
}

void makeRow(const RowLayout &layout, const ContentHash &content, std::span<const float> vector,
             std::byte *row)
{
    std::fill_n(row, layout.stride, std::byte{});
    std::memcpy(row, content.bytes.data(), content.bytes.size());
    for (std::size_t i = 0; i < vector.size(); ++i)
        storeInteger(row + RowLayout::kRowHeaderBytes + 2 * i, halfFromFloat(vector[i]));
    storeInteger(row + 16, rowChecksum(layout, row));
}

bool isIntact(const RowLayout &layout, const std::byte *row)
{
    // One row that is infinite or no number would spoil the order of all: nobody stored it.
    constexpr unsigned kExponent = 0x7c00;
    bool isFinite = true;
    for (std::size_t at = RowLayout::kRowHeaderBytes; at < layout.stride; at += 2)
        isFinite &= (loadInteger<std::uint16_t>(row + at) & kExponent) != kExponent;
    return isFinite && loadInteger<std::uint32_t>(row + 16) == rowChecksum(layout, row);
}

ContentHash contentOf(const std::byte *row)
{
    ContentHash content;
    std::memcpy(content.bytes.data(), row, content.bytes.size());
    return content;
}

void readNumbers(const std::byte *row, std::span<float> numbers)
{
    const std::byte *stored = row + RowLayout::kRowHeaderBytes;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        std::uint16_t half = 0;
        std::memcpy(&half, stored + 2 * i, sizeof half);
        numbers[i] = floatFromHalf(half);
    }
}

} // namespace yingxun::vectors

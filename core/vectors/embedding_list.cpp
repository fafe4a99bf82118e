// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/vectors/embedding_list.h"

#include "core/base/atomic_file.h"
#include "core/vectors/embedding_file.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <optional>
#include <span>
#include <sstream>
#include <system_error>
#include <tuple>
#include <unistd.h>

namespace yingxun::vectors {
namespace {

struct Header {
    int dimension = 0;
    std::int64_t rows = 0;
};

std::uint64_t integerAt(const std::array<char, RowLayout::kHeaderBytes> &bytes, std::size_t at,
                        std::size_t size)
{
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i)
        value |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
    return value;
}

/// See the top of embedding_store.cpp.
std::optional<Header> headerOf(const std::array<char, RowLayout::kHeaderBytes> &bytes)
{
    if (std::memcmp(bytes.data(), "YXEMB001", 8) != 0)
        return std::nullopt;
    return Header{static_cast<int>(integerAt(bytes, 12, 4)),
                  static_cast<std::int64_t>(integerAt(bytes, 56, 8))};
}

std::optional<Header> readHeader(const std::filesystem::path &path)
{
    std::ifstream file(path, std::ios::binary);
    std::array<char, RowLayout::kHeaderBytes> bytes{};
    return file.read(bytes.data(), bytes.size()) ? headerOf(bytes) : std::nullopt;
}

/// A file that is only read, and never kept from being written.
class OpenFile
{
public:
    explicit OpenFile(const std::filesystem::path &path)
        : m_file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK))
    {
    }
    OpenFile(const OpenFile &) = delete;
    OpenFile &operator=(const OpenFile &) = delete;
    ~OpenFile()
    {
        if (m_file >= 0)
            ::close(m_file);
    }

    bool isOpen() const { return m_file >= 0; }
    /// False at the end of the file as well.
    bool read(std::span<std::byte> bytes, std::size_t offset) const
    {
        ssize_t got = -1;
        do {
            errno = 0;
            got = ::pread(m_file, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        } while (got < 0 && errno == EINTR);
        return got == static_cast<ssize_t>(bytes.size());
    }

private:
    int m_file;
};

std::string readName(const std::filesystem::path &path)
{
    const std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

} // namespace

std::vector<EmbeddingListing> listEmbeddings(const std::filesystem::path &folder)
{
    std::vector<EmbeddingListing> all;
    std::error_code error;
    for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        std::filesystem::path path = entry->path();
        if (path.extension() != kEmbeddingsEnding)
            continue;
        if (const auto header = readHeader(path)) {
            const std::string identity = path.stem().string();
            all.push_back(
                {identity, readName(path.replace_extension(kNameEnding)), header->rows, header->dimension});
        }
    }
    std::sort(all.begin(), all.end(), [](const EmbeddingListing &a, const EmbeddingListing &b) {
        return std::tie(a.name, a.identity) < std::tie(b.name, b.identity);
    });
    return all;
}

Result<std::vector<ContentHash>> embeddedContents(const std::filesystem::path &folder,
                                                  const std::string &identity, const std::stop_token &stop)
{
    constexpr std::int64_t kRowsBetweenStops = 4096;
    const std::filesystem::path path = folder / (identity + kEmbeddingsEnding);
    const OpenFile file(path);
    if (!file.isOpen())
        return fail(errno == ENOENT ? ErrorCode::NotFound : ErrorCode::Io,
                    "Could not open " + path.string() + ": " + std::strerror(errno) + '.');
    std::array<char, RowLayout::kHeaderBytes> bytes{};
    const auto header =
        file.read(std::as_writable_bytes(std::span(bytes)), 0) ? headerOf(bytes) : std::nullopt;
    if (!header || header->dimension < 1)
        return fail(ErrorCode::CorruptData, path.string() + " is not a file of embeddings.");
    const RowLayout layout(header->dimension);
    std::vector<ContentHash> all;
    for (std::int64_t row = 0; row < header->rows; ++row) {
        if (row % kRowsBetweenStops == 0 && stop.stop_requested())
            return fail(ErrorCode::Cancelled, "Stopped while reading " + path.string() + '.');
        ContentHash content;
        if (!file.read(std::as_writable_bytes(std::span(content.bytes)), layout.offsetOf(row))) {
            if (errno != 0)
                return fail(ErrorCode::Io,
                            "Could not read " + path.string() + ": " + std::strerror(errno) + '.');
            break; // Cut off.
        }
        all.push_back(content);
    }
    return all;
}

Result<void> nameEmbeddings(const std::filesystem::path &folder, const std::string &identity,
                            const std::string &name)
{
    const std::filesystem::path path = folder / (identity + kNameEnding);
    if (readName(path) == name)
        return {};
    auto file = AtomicFile::create(path, Readers::Owner);
    if (!file)
        return file.propagate();
    file->write(std::as_bytes(std::span(name)));
    return file->commit();
}

Result<void> deleteEmbeddings(const std::filesystem::path &folder, const std::string &identity)
{
    const auto all = listEmbeddings(folder);
    if (std::none_of(all.begin(), all.end(), [&](const auto &one) { return one.identity == identity; }))
        return fail(ErrorCode::NotFound, "There are no embeddings of a model " + identity + '.');
    const std::filesystem::path path = folder / (identity + kEmbeddingsEnding);
    const auto header = readHeader(path);
    if (!header)
        return fail(ErrorCode::NotFound, path.string() + " is gone.");
    // Opened, so that its lock tells whether it is in use, and held until the file is gone.
    const auto file = EmbeddingFile::open(path, identity, RowLayout(header->dimension));
    if (!file)
        return file.propagate();
    if (!file->isWriter())
        return fail(ErrorCode::ReadOnly,
                    path.string() + " is in use or write-protected; close Yingxun and try again.");
    std::error_code error;
    std::filesystem::remove(path, error);
    if (error)
        return fail(ErrorCode::Io, "Could not delete " + path.string() + ": " + error.message() + '.');
    for (const char *ending : {kNameEnding, kByteCopyEnding, kListsEnding})
        std::filesystem::remove(folder / (identity + ending), error);
    return {};
}

} // namespace yingxun::vectors

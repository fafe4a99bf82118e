// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/db/catalogue.h"
#include "core/db/catalogue_impl.h"

#include <algorithm>
#include <string_view>

namespace yingxun::db {
namespace {

constexpr const char *kPutMetadata =
    "INSERT OR REPLACE INTO metadata (content, captured, utc_offset, latitude, longitude, altitude, make,"
    " model, lens, iso, exposure, f_number, focal_length, rating, keywords, title, description)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr const char *kPutSidecar =
    "INSERT OR REPLACE INTO sidecar (photo, path, size, mtime, captured, utc_offset, latitude, longitude,"
    " altitude, make, model, lens, iso, exposure, f_number, focal_length, rating, keywords, title, "
    "description)"
    " SELECT ?1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?"
    " WHERE EXISTS (SELECT 1 FROM photo WHERE path = ?1)";
/// What both tables have, in the order in which it is bound and read.
constexpr const char *kMetadataColumns =
    "SELECT captured, utc_offset, latitude, longitude, altitude, make, model, lens, iso, exposure, f_number,"
    " focal_length, rating, keywords, title, description FROM ";

std::string lines(const std::vector<std::string> &keywords)
{
    std::string text;
    for (const std::string &keyword : keywords)
        text += (text.empty() ? "" : "\n") + keyword;
    return text;
}

std::vector<std::string> linesOf(std::string_view text)
{
    std::vector<std::string> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

Statement &bindMetadata(Statement &put, const Metadata &metadata)
{
    return put.bind(metadata.captureTimeMs)
        .bind(std::optional<std::int64_t>(metadata.utcOffsetMinutes))
        .bind(metadata.latitude)
        .bind(metadata.longitude)
        .bind(metadata.altitudeMetres)
        .bind(metadata.cameraMake)
        .bind(metadata.cameraModel)
        .bind(metadata.lens)
        .bind(metadata.iso)
        .bind(metadata.exposureSeconds)
        .bind(metadata.fNumber)
        .bind(metadata.focalLengthMm)
        .bind(std::optional<std::int64_t>(metadata.rating))
        .bind(lines(metadata.keywords))
        .bind(metadata.title)
        .bind(metadata.description);
}

Metadata readMetadata(const Statement &row)
{
    const auto integer = [&row](int column) {
        return row.isNull(column) ? std::nullopt : std::optional(row.integer(column));
    };
    const auto small = [&integer](int column) {
        const auto value = integer(column);
        return value ? std::optional(static_cast<int>(*value)) : std::nullopt;
    };
    const auto real = [&row](int column) {
        return row.isNull(column) ? std::nullopt : std::optional(row.real(column));
    };
    Metadata metadata;
    metadata.captureTimeMs = integer(0);
    metadata.utcOffsetMinutes = small(1);
    metadata.latitude = real(2);
    metadata.longitude = real(3);
    metadata.altitudeMetres = real(4);
    metadata.cameraMake = row.text(5);
    metadata.cameraModel = row.text(6);
    metadata.lens = row.text(7);
    metadata.iso = real(8);
    metadata.exposureSeconds = real(9);
    metadata.fNumber = real(10);
    metadata.focalLengthMm = real(11);
    metadata.rating = small(12);
    metadata.keywords = linesOf(row.text(13));
    metadata.title = row.text(14);
    metadata.description = row.text(15);
    return metadata;
}

std::string pathOf(std::span<const std::byte> blob)
{
    return {reinterpret_cast<const char *>(blob.data()), blob.size()};
}

} // namespace

Result<void> Catalogue::putMetadata(std::span<const ContentMetadata> metadata)
{
    Transaction transaction(m_impl->cache);
    Statement put = m_impl->cache.prepare(kPutMetadata);
    for (const ContentMetadata &one : metadata) {
        if (auto done = bindMetadata(put.bind(one.content), one.metadata).run(); !done)
            return done;
    }
    return transaction.commit();
}

Result<void> Catalogue::putSidecars(std::span<const Sidecar> sidecars)
{
    Transaction transaction(m_impl->cache);
    Statement put = m_impl->cache.prepare(kPutSidecar);
    for (const Sidecar &one : sidecars) {
        put.bind(bytes(one.photo)).bind(bytes(one.file.path)).bind(one.file.sizeBytes).bind(one.file.mtimeMs);
        if (auto done = bindMetadata(put, one.metadata).run(); !done)
            return done;
    }
    return transaction.commit();
}

Result<void> Catalogue::removeSidecars(std::span<const std::string> photos)
{
    Transaction transaction(m_impl->cache);
    Statement remove = m_impl->cache.prepare("DELETE FROM sidecar WHERE photo = ?");
    for (const std::string &photo : photos) {
        if (auto done = remove.bind(bytes(photo)).run(); !done)
            return done;
    }
    return transaction.commit();
}

Result<bool> Catalogue::hasMetadata(const ContentHash &content)
{
    return m_impl->cache.prepare("SELECT 1 FROM metadata WHERE content = ?").bind(content).step();
}

Result<Metadata> Catalogue::metadataOf(const Photo &photo)
{
    static const std::string kEmbedded = std::string(kMetadataColumns) + "metadata WHERE content = ?";
    static const std::string kBeside = std::string(kMetadataColumns) + "sidecar WHERE photo = ?";
    const auto embedded = m_impl->cache.prepare(kEmbedded.c_str()).bind(photo.hash).all(readMetadata);
    if (!embedded)
        return embedded.propagate();
    const auto beside = m_impl->cache.prepare(kBeside.c_str()).bind(bytes(photo.path)).all(readMetadata);
    if (!beside)
        return beside.propagate();
    return completed(beside->empty() ? Metadata() : beside->front(),
                     embedded->empty() ? Metadata() : embedded->front());
}

Result<std::unordered_map<std::string, SidecarFile>> Catalogue::sidecarsWithin(const std::string &path)
{
    const PathRange range(path);
    Statement query =
        m_impl->cache.prepare("SELECT photo, path, size, mtime FROM sidecar"
                              " WHERE photo >= ?1 AND photo < ?3 AND (photo = ?1 OR photo > ?2)");
    std::unordered_map<std::string, SidecarFile> files;
    const auto done = query.bind(bytes(range.first))
                          .bind(bytes(range.below))
                          .bind(bytes(range.end))
                          .forEachRow([&files](const Statement &row) {
                              files.emplace(pathOf(row.blob(0)),
                                            SidecarFile{pathOf(row.blob(1)), row.integer(2), row.integer(3)});
                          });
    if (!done)
        return done.propagate();
    return files;
}

} // namespace yingxun::db

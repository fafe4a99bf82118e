// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace yingxun::clip {

/// One file inside an archive.
struct ZipRecord {
    std::string name;
    std::span<const std::byte> bytes; ///< Where it lies in the archive.
    std::uint32_t crc = 0;            ///< CRC-32 as the directory states it; see checkIntact().
};

/// The ZIP archives that torch.save writes: records are stored, never compressed, so that a record is a part
/// of the mapped file. Everything that the directory says is checked against the file: places, names,
/// overlap, doubled names. Source: PKWARE's APPNOTE 6.3, with the 64-bit extension.
/// Threads: constant after open().
class ZipArchive
{
public:
    /// @param bytes  the whole file; the caller keeps them.
    /// Errors: Truncated (no end of the directory: the file was cut short), CorruptData,
    /// Unsupported (compressed, encrypted or split records).
    static Result<ZipArchive> open(std::span<const std::byte> bytes);

    /// Whether a file begins like an archive.
    static bool looksLikeOne(std::span<const std::byte> bytes);

    const std::vector<ZipRecord> &records() const noexcept { return m_records; }
    const ZipRecord *find(std::string_view name) const; ///< nullptr: none.

private:
    ZipArchive() = default;

    std::vector<ZipRecord> m_records;
    std::unordered_map<std::string, std::size_t> m_byName;
};

/// Whether a record's bytes still have the checksum that was written with them. Reads all of them.
/// Errors: CorruptData, Cancelled.
Result<void> checkIntact(const ZipRecord &record, const std::stop_token &stop = {});

} // namespace yingxun::clip

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/npy.h"

#include "core/base/atomic_file.h"

#include <bit>
#include <string>

namespace yingxun::app::cli {

Result<void> writeNpy(const std::filesystem::path &path, const Embeddings &rows)
{
    static_assert(std::endian::native == std::endian::little, "the values are written as they lie in memory");
    constexpr std::size_t kAlignment = 64; // Of the values, so that they can be mapped.
    constexpr std::size_t kPreamble = 10;  // Magic, version and the header's length.
    std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + std::to_string(rows.count) +
                         ", " + std::to_string(rows.dimension) + "), }";
    while ((kPreamble + header.size() + 1) % kAlignment != 0)
        header += ' ';
    header += '\n';
    std::string begin("\x93NUMPY\x01\x00", 8);
    begin += static_cast<char>(header.size() & 0xFF);
    begin += static_cast<char>(header.size() >> 8);
    begin += header;

    auto file = AtomicFile::create(path);
    if (!file)
        return file.propagate();
    file->write(std::as_bytes(std::span(begin)));
    file->write(std::as_bytes(std::span(rows.values)));
    return file->commit();
}

} // namespace yingxun::app::cli

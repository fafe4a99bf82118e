// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/atomic_file.h"
#include "core/base/mapped_file.h"
#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace yingxun::clip {

enum class DType { F16, BF16, F32, F64, I64, I32, I16, I8, U8, Bool };

/// Bytes of one element.
std::size_t sizeOf(DType dtype);

/// One tensor of a file: little-endian, borrowed from whoever holds the bytes.
struct TensorView {
    std::string name;
    DType dtype = DType::F32;
    std::vector<std::int64_t> shape; ///< Empty: a scalar.
    const std::byte *data = nullptr; ///< Its first element. Aligned to nothing: copy before use.
    std::size_t bytes = 0;           ///< From the first element to the end of the last one.
    /// Elements from one index to the next of each dimension, never negative; empty: row-major without gaps,
    /// and `bytes` is the product of shape times sizeOf(dtype).
    std::vector<std::int64_t> strides = {};
};

/// A safetensors file, memory-mapped: u64 header size, JSON header, data. Everything that the header says
/// is checked against the file before a view is handed out: size limits, types, products, bounds, no
/// overlap, no holes. Source: the format description of huggingface/safetensors.
/// Threads: constant after open().
class TensorFile
{
public:
    /// Errors: NotFound, Io, Unsupported (no regular file; an unknown element type), Truncated (shorter than
    /// its header says), CorruptData.
    static Result<TensorFile> open(const std::filesystem::path &path);
    /// As open(), of bytes that the caller keeps; messages name no file.
    static Result<TensorFile> read(std::span<const std::byte> bytes);

    const std::vector<TensorView> &tensors() const noexcept { return m_tensors; } ///< By data offset.
    const TensorView *find(std::string_view name) const;                          ///< nullptr: none.
    const std::map<std::string, std::string> &metadata() const noexcept { return m_metadata; }
    const MappedFile &file() const noexcept { return m_file; } ///< Empty after read().

private:
    TensorFile() = default;

    MappedFile m_file;
    std::vector<TensorView> m_tensors;
    std::unordered_map<std::string, std::size_t> m_byName;
    std::map<std::string, std::string> m_metadata;
};

/// Writes tensors in the given order; the file appears whole or not at all (temporary file beside it, fsync,
/// rename). Errors: InvalidArgument (bytes do not fit the shape, a doubled name), Io.
Result<void> writeSafetensors(const std::filesystem::path &path, std::span<const TensorView> tensors,
                              const std::map<std::string, std::string> &metadata = {});

/// The bytes of the tensor at an index, valid until the next call.
using TensorBytes = std::function<std::span<const std::byte>(std::size_t)>;

/// As above, for `readers`, and for tensors whose bytes are only made when it is their turn: their `data` is
/// not looked at, and `bytesOf` is called once for each, in their order. Errors: also InvalidArgument (other
/// bytes than the tensor said), Cancelled.
Result<void> writeSafetensors(const std::filesystem::path &path, std::span<const TensorView> tensors,
                              const TensorBytes &bytesOf,
                              const std::map<std::string, std::string> &metadata = {},
                              Readers readers = Readers::Everyone, const std::stop_token &stop = {});

} // namespace yingxun::clip

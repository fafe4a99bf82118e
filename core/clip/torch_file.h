// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/mapped_file.h"
#include "core/base/result.h"
#include "core/clip/safetensors.h"

#include <cstddef>
#include <filesystem>
#include <span>
#include <stop_token>
#include <vector>

namespace yingxun::clip {

/// The state dict of a file that torch.save wrote, memory-mapped: a zip archive (since PyTorch 1.6), or the
/// older row of pickles and raw storages. Nothing in the file is run (see Pickle), and every tensor is
/// checked against its storage: element type, size, offset, strides. Nothing is copied; tensors may share
/// storages and need not be row-major. Sources: torch/serialization.py and torch/_utils.py for the layout.
/// Threads: constant after open().
class TorchFile
{
public:
    /// The state dict may be the whole file, or lie under `state_dict` of a training checkpoint.
    /// Errors: NotFound, Io, Truncated, CorruptData, Unsupported (names, operations or element types
    /// that no model needs; compressed archives).
    static Result<TorchFile> open(const std::filesystem::path &path);
    /// As open(), of bytes that the caller keeps; messages name no file.
    static Result<TorchFile> read(std::span<const std::byte> bytes);

    const std::vector<TensorView> &tensors() const noexcept { return m_tensors; } ///< As in the file.

    /// Whether all records still have the checksums that were written with them; reads the whole file.
    /// Files of the older layout have none. Errors: CorruptData, Cancelled.
    Result<void> verify(const std::stop_token &stop = {}) const;
    const MappedFile &file() const noexcept { return m_file; } ///< Empty after read().

private:
    TorchFile() = default;
    Result<void> readArchive();
    Result<void> readOldLayout();

    MappedFile m_file;
    std::span<const std::byte> m_bytes; ///< Of m_file, or the caller's.
    std::vector<TensorView> m_tensors;
};

} // namespace yingxun::clip

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/clip/safetensors.h"
#include "core/clip/torch_file.h"

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

namespace yingxun::clip {

/// The weights of a model in whatever kind of file: safetensors, or torch.save's two layouts, told by their
/// content. Prefixes that wrappers put before every name (`module.`, `clip_model.`) are taken off, so that
/// names are the reference's or Hugging Face's.
/// Threads: constant after open().
class Checkpoint
{
public:
    /// Errors: those of TensorFile::open and TorchFile::open; CorruptData when two tensors have one name
    /// after their prefixes are off.
    static Result<Checkpoint> open(const std::filesystem::path &path);

    const std::vector<TensorView> &tensors() const noexcept { return m_tensors; }
    const TensorView *find(std::string_view name) const; ///< nullptr: none.

    /// Numbers that it does not hold in fp16: loading has them in float32 first.
    std::int64_t numbersBeyondHalf() const;

    /// Compares the whole file with the checksums that are in it, if it has any. Errors: CorruptData,
    /// Cancelled.
    Result<void> verify(const std::stop_token &stop = {}) const;

    /// See MappedFile: for a tensor that has been copied.
    void forget(const TensorView &tensor) const;

    /// A text that the writer of a safetensors file left in it; empty: none.
    std::string metadata(const std::string &key) const;

    const std::filesystem::path &path() const noexcept { return m_path; }

private:
    Checkpoint() = default;

    std::filesystem::path m_path;
    std::variant<std::monostate, TensorFile, TorchFile> m_file; ///< Holds what the views borrow.
    std::vector<TensorView> m_tensors;
    std::unordered_map<std::string, std::size_t> m_byName;
};

} // namespace yingxun::clip

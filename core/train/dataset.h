// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace yingxun::train {

/// A decoded picture in memory: interleaved 8-bit RGB without padding.
struct Picture {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> rgb; ///< Size width * height * 3.
};

/// How pictures come from files and become squares. core/image does both; given as functions, so that
/// training needs libtorch alone. Called from several threads.
struct PictureTools {
    std::function<Result<Picture>(std::span<const std::byte>)> decode;
    /// The whole picture, squashed to [side, side]; antialiased.
    std::function<Picture(const Picture &, int side)> squash;
    /// The picture as it comes back from a JPEG of that quality, 1 to 100.
    std::function<Result<Picture>(const Picture &, int quality)> compress;
};

/// Pairs of pictures and texts in the Chinese-CLIP layout: `<prefix>_imgs.tsv` (id, TAB, base64 of the
/// file, standard or URL-safe alphabet) and `<prefix>_texts.jsonl` ({"text_id", "text", "image_ids"}).
/// The image file is memory-mapped. Threads: constant after open().
class Dataset
{
public:
    /// Errors: NotFound, Io, CorruptData (names file and line; a text names an image that is not there,
    /// a doubled id).
    static Result<Dataset> open(const std::filesystem::path &prefix);
    /// Only the images of `<prefix>_imgs.tsv`; texts() is empty.
    static Result<Dataset> openImages(const std::filesystem::path &prefix);
    Dataset(Dataset &&) noexcept;
    Dataset &operator=(Dataset &&) noexcept;
    ~Dataset();

    std::size_t imageCount() const noexcept;
    std::int64_t imageId(std::size_t image) const noexcept;
    /// The file of an image, decoded from base64. Errors: CorruptData.
    Result<std::vector<std::byte>> imageFile(std::size_t image) const;

    const std::vector<std::string> &texts() const noexcept;
    const std::vector<std::int64_t> &textIds() const noexcept;
    /// Texts that fit an image, as indices into texts(), ascending.
    std::span<const std::uint32_t> textsOf(std::size_t image) const noexcept;
    bool fits(std::size_t image, std::uint32_t text) const noexcept;

private:
    struct Impl;
    explicit Dataset(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

/// Standard or URL-safe base64, padding optional. Errors: CorruptData.
Result<std::vector<std::byte>> decodeBase64(std::string_view text);

} // namespace yingxun::train

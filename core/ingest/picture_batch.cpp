// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ingest/picture_batch.h"

#include "core/base/guarded.h"
#include "core/vectors/encoder.h"

#include <algorithm>
#include <cmath>

namespace yingxun::ingest {
namespace {

constexpr std::uint8_t kGrey = 128;
constexpr float kLargestComponent = 2; // Rows have length 1; false for what is not a number.

Result<Embeddings> encodeWhole(vectors::Encoder &encoder, std::span<const std::uint8_t> pixels, int count)
{
    return guarded("Embedding the picture", [&]() -> Result<Embeddings> {
        auto rows = encoder.encodeImages(pixels, count);
        if (!rows)
            return rows;
        if (rows->count != count || rows->values.size() != static_cast<std::size_t>(count) *
                                                               static_cast<std::size_t>(rows->dimension))
            return fail(ErrorCode::Internal,
                        "The model gave another number of embeddings than it was asked for.");
        if (!std::all_of(rows->values.begin(), rows->values.end(),
                         [](float x) { return std::abs(x) <= kLargestComponent; }))
            return fail(ErrorCode::Internal,
                        "The model finds no embedding for the picture: its numbers overflow.");
        return rows;
    });
}

/// Whether it is the encoder that fails, not the picture.
Result<void> checkEncoder(vectors::Encoder &encoder, std::size_t pictureBytes)
{
    const std::vector<std::uint8_t> grey(pictureBytes, kGrey);
    const auto row = encodeWhole(encoder, grey, 1);
    return row ? Result<void>() : row.propagate();
}

Result<void> embedInto(PictureBatch &batch, vectors::Encoder &encoder, std::span<const std::uint8_t> pixels,
                       int count)
{
    auto rows = encodeWhole(encoder, pixels, count);
    if (rows) {
        Embeddings &all = batch.embeddings;
        all.values.insert(all.values.end(), rows->values.begin(), rows->values.end());
        all.count += count;
        all.dimension = rows->dimension;
        batch.errors.resize(batch.errors.size() + static_cast<std::size_t>(count));
        return {};
    }
    if (count == 1) {
        if (!checkEncoder(encoder, pixels.size()))
            return rows.propagate();
        batch.errors.emplace_back(rows.error());
        return {};
    }
    const int half = count / 2;
    const std::size_t cut = pixels.size() / static_cast<std::size_t>(count) * static_cast<std::size_t>(half);
    if (auto first = embedInto(batch, encoder, pixels.first(cut), half); !first)
        return first;
    return embedInto(batch, encoder, pixels.subspan(cut), count - half);
}

} // namespace

Result<PictureBatch> embedPictures(vectors::Encoder &encoder, std::span<const std::uint8_t> pixels, int count)
{
    PictureBatch batch;
    if (auto done = embedInto(batch, encoder, pixels, count); !done)
        return done.propagate();
    return batch;
}

} // namespace yingxun::ingest

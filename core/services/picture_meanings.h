// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/media/media.h"
#include "core/query/planner.h"

#include <QCache>
#include <QString>

#include <memory>
#include <stop_token>
#include <utility>
#include <vector>

namespace yingxun::vectors {
class EmbeddingStore;
class Encoder;
} // namespace yingxun::vectors

namespace yingxun::services {

/// Embeds the picture files that queries name. What the store has of the same content is taken from there;
/// the others are decoded, embedded and remembered until they change, as a query is asked again at each key.
/// Always of one store and its encoder, until forget(). Threads: one.
class PictureMeanings
{
public:
    explicit PictureMeanings(std::shared_ptr<media::Reader> reader) : m_reader(std::move(reader)) {}

    /// Of a picture or, by its poster, of a video.
    /// @param path  see textOfPath(); ~/ at its begin is the home directory
    /// Errors: those of the encoder, of a decoder that cannot be started, Cancelled, OutOfMemory.
    Result<query::PictureMeaning> of(const QString &path, const vectors::EmbeddingStore &store,
                                     vectors::Encoder &encoder, const std::stop_token &stop);
    void forget() { m_known.clear(); }

private:
    /// @param isSure  false: the decoder may only have been late; it is not to be remembered
    Result<query::PictureMeaning> made(const media::MediaFile &file, const vectors::EmbeddingStore &store,
                                       vectors::Encoder &encoder, const std::stop_token &stop, bool &isSure);

    static constexpr int kRemembered = 64;

    std::shared_ptr<media::Reader> m_reader;
    /// By path, size and time; also of what is no picture, as to find that out may take long.
    QCache<QString, query::PictureMeaning> m_known{kRemembered};
};

} // namespace yingxun::services

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/picture_meanings.h"

#include "core/ingest/picture_batch.h"
#include "core/services/path_text.h"
#include "core/vectors/embedding_store.h"
#include "core/vectors/encoder.h"

#include <QDir>

#include <filesystem>

using namespace Qt::StringLiterals;

namespace yingxun::services {
namespace {

std::filesystem::path placeOf(const QString &path)
{
    return pathOfText(path.startsWith(u"~/"_s) ? QDir::homePath() + path.mid(1) : path);
}

/// As long as it is the same the file has not changed.
QString keyOf(const QString &path, const std::filesystem::path &place)
{
    std::error_code error;
    const auto size = std::filesystem::file_size(place, error);
    const auto time = std::filesystem::last_write_time(place, error).time_since_epoch().count();
    return error ? QString() : u"%1 %2 %3"_s.arg(size).arg(qint64(time)).arg(path);
}

} // namespace

Result<query::PictureMeaning> PictureMeanings::of(const QString &path, const vectors::EmbeddingStore &store,
                                                  vectors::Encoder &encoder, const std::stop_token &stop)
{
    const std::filesystem::path place = placeOf(path);
    const QString key = keyOf(path, place);
    if (const auto *known = m_known.object(key))
        return *known;
    const auto file = media::MediaFile::open(place);
    if (!file) {
        const ErrorCode code = file.error().code;
        if (code == ErrorCode::OutOfMemory || code == ErrorCode::Cancelled)
            return file.propagate();
        const bool isMissing = code == ErrorCode::NotFound || code == ErrorCode::Io;
        return query::PictureMeaning(isMissing ? query::SyntaxErrorKind::MissingPicture
                                               : query::SyntaxErrorKind::NotAPicture);
    }
    bool isSure = true;
    auto meaning = made(*file, store, encoder, stop, isSure);
    if (meaning && isSure && !key.isEmpty())
        m_known.insert(key, new query::PictureMeaning(*meaning)); // The cache owns it.
    return meaning;
}

Result<query::PictureMeaning> PictureMeanings::made(const media::MediaFile &file,
                                                    const vectors::EmbeddingStore &store,
                                                    vectors::Encoder &encoder, const std::stop_token &stop,
                                                    bool &isSure)
{
    const auto content = file.content(stop);
    if (!content)
        return content.propagate();
    if (auto stored = store.find(*content); !stored.empty())
        return query::PictureMeaning(std::move(stored));
    media::Wants wants;
    wants.towerSide = encoder.imageSize();
    const auto media = m_reader->read(file, wants, stop);
    if (!media) {
        switch (media.error().code) {
        case ErrorCode::CorruptData:
        case ErrorCode::Truncated:
        case ErrorCode::Unsupported:
        case ErrorCode::TooLarge:
        case ErrorCode::Internal: // It breaks its decoder.
            isSure = media.error().code != ErrorCode::Internal;
            return query::PictureMeaning(query::SyntaxErrorKind::NotAPicture);
        default:
            return media.propagate();
        }
    }
    auto embedded = ingest::embedPictures(encoder, media->towerInput, 1);
    if (!embedded)
        return embedded.propagate();
    if (const auto &error = embedded->errors.front())
        return fail(error->code, error->message);
    return query::PictureMeaning(std::move(embedded->embeddings.values));
}

} // namespace yingxun::services

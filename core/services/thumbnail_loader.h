// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/services/thumbnail_source.h"

#include <filesystem>
#include <memory>

namespace yingxun::media {
class Reader;
}

namespace yingxun::services {

/// Thumbnails from the catalogue, else from the file itself, on threads of its own; the newest request first.
/// Threads: lives on one thread, where its signals arrive.
class ThumbnailLoader : public ThumbnailSource
{
    Q_OBJECT
public:
    ThumbnailLoader(std::filesystem::path dataDirectory, std::shared_ptr<media::Reader> reader,
                    QObject *parent = nullptr);
    ~ThumbnailLoader() override;

    void request(const Photo &photo) override;
    void forgetPending() override;
    void requestLarge(const Photo &photo, int side) override;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace yingxun::services

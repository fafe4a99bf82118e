// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/library_session.h"

#include <QTemporaryDir>

#include <memory>

namespace yingxun::app::cli {

/// A library that exists for a measurement alone.
struct ScratchLibrary {
    std::unique_ptr<QTemporaryDir> directory; ///< Removed with it.
    LibrarySession session;
    db::Catalogue catalogue;

    /// Indexes folders. Errors: NotFound (no such folder), those of the model and of indexing, Cancelled.
    static Result<ScratchLibrary> of(const QStringList &folders, const ModelWish &model,
                                     const std::stop_token &stop);
};

} // namespace yingxun::app::cli

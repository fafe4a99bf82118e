// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/scratch_library.h"

namespace yingxun::app::cli {

Result<ScratchLibrary> ScratchLibrary::of(const QStringList &folders, const ModelWish &model,
                                          const std::stop_token &stop)
{
    auto directory = std::make_unique<QTemporaryDir>();
    if (!directory->isValid())
        return fail(ErrorCode::Io, directory->errorString().toStdString());
    auto session = LibrarySession::open(directory->path(), model, stop);
    if (!session)
        return session.propagate();
    auto catalogue = db::Catalogue::open(session->data);
    if (!catalogue)
        return catalogue.propagate();
    if (auto added = addFolders(*catalogue, folders); !added)
        return added.propagate();
    ingest::IndexCounts counts;
    if (auto done = indexAll(
            *session, {}, counts, [](const ingest::IndexCounts &) {}, stop);
        !done)
        return done.propagate();
    if (stop.stop_requested())
        return fail(ErrorCode::Cancelled, "Interrupted.");
    return ScratchLibrary{std::move(directory), *std::move(session), *std::move(catalogue)};
}

} // namespace yingxun::app::cli

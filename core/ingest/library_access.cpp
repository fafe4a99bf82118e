// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ingest/library_access.h"

#include "core/db/access.h"
#include "core/vectors/embedding_store.h"

namespace yingxun::ingest {

Result<LibraryAccess> seekAccess(const std::filesystem::path &dataDirectory, vectors::EmbeddingStore &store)
{
    if (auto seen = store.refresh(); !seen)
        return seen.propagate();
    if (db::accessTo(dataDirectory) == db::Access::ReadOnly || store.isWriteProtected())
        return LibraryAccess::WriteProtected;
    return store.isReadOnly() ? LibraryAccess::OtherWrites : LibraryAccess::Writer;
}

Result<void> requireWriter(LibraryAccess access, const std::filesystem::path &dataDirectory)
{
    switch (access) {
    case LibraryAccess::Writer:
        break;
    case LibraryAccess::OtherWrites:
        return fail(ErrorCode::ReadOnly,
                    "Another Yingxun is indexing " + dataDirectory.string() + "; close it and try again.");
    case LibraryAccess::WriteProtected:
        return db::writeProtected(dataDirectory);
    }
    return {};
}

} // namespace yingxun::ingest

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/library_access.h"

#include "core/db/access.h"
#include "core/search/embedding_store.h"

namespace yingxun::jobs {

Result<LibraryAccess> seekAccess(const std::filesystem::path &dataDirectory, search::EmbeddingStore &store)
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

} // namespace yingxun::jobs

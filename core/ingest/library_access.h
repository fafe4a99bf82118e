// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <filesystem>

namespace yingxun::vectors {
class EmbeddingStore;
}

namespace yingxun::ingest {

/// Who may index a library.
enum class LibraryAccess {
    Writer,         ///< We do.
    OtherWrites,    ///< Another Yingxun has it; what it stores is seen here.
    WriteProtected, ///< Nobody from here.
};

/// Sees what another Yingxun has stored, and takes its place when it has ended. Threads: any.
/// Errors: those of EmbeddingStore::refresh().
Result<LibraryAccess> seekAccess(const std::filesystem::path &dataDirectory, vectors::EmbeddingStore &store);

/// Nothing for the writer. Errors: ReadOnly, with a sentence that says what to do.
Result<void> requireWriter(LibraryAccess access, const std::filesystem::path &dataDirectory);

} // namespace yingxun::ingest

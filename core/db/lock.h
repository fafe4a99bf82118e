// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/file_descriptor.h"
#include "core/base/result.h"

#include <filesystem>

namespace yingxun::db {

/// Says, between threads and processes, who has a catalogue open; gone with its owner, however that ends.
class CatalogueLock
{
public:
    /// Waits while another one opens the same catalogue. Errors: Io.
    static Result<CatalogueLock> begin(const std::filesystem::path &file);
    /// For a catalogue that is only read: others see it as far as the file system lets them.
    static CatalogueLock beginReading(const std::filesystem::path &file);

    bool isAlone() const; ///< Nobody else has the catalogue open. Only before finishOpening().
    void finishOpening(); ///< Lets the next one open it.

private:
    explicit CatalogueLock(int file) : m_file(file) {}

    FileDescriptor m_file;
};

} // namespace yingxun::db

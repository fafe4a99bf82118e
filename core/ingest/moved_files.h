// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/db/catalogue.h"

#include <unordered_map>
#include <vector>

namespace yingxun::ingest {

/// Tells during one run which new files are known ones that were moved: their content is known, and one of
/// the files that had it is gone. Each known file is looked at once, however many copies there are.
class MovedFiles
{
public:
    /// Before the run stores anything. Errors: the catalogue's.
    static Result<MovedFiles> begin(db::Catalogue &catalogue);

    /// Where a photo at a new path was moved there, its row follows it and keeps the id. @return whether it
    /// was.
    Result<bool> follow(const Photo &photo, db::Catalogue &catalogue);

private:
    MovedFiles() = default;

    std::vector<std::string> m_absent; ///< Folders and volumes: what is not there may come back.
    PhotoId m_latest;                  ///< What comes after it has been found by this run: it is there.
    std::unordered_map<ContentHash, std::vector<Photo>> m_candidates; ///< Not looked at yet.
};

} // namespace yingxun::ingest

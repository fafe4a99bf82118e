// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace yingxun::db {
class Catalogue;
}

namespace yingxun::ingest {

/// Names of files and folders that are not indexed: hidden ones, thumbnails that other programs leave, bins.
///
/// A pattern is a glob (fnmatch), whatever the case of letters. One without "/" is matched with the name of
/// a file or of any folder on the way to it; one with "/" with the path below the library's folder. The
/// library's folder itself is never excluded: whoever added it wants it.
class Exclusions
{
public:
    Exclusions() = default; ///< Excludes nothing.
    explicit Exclusions(std::vector<std::string> patterns);

    /// Whether the file or folder `path` is left out, by itself or with a folder on the way from `root`.
    bool excludes(std::string_view path, std::string_view root) const;
    /// The same where the folders on the way are known to be indexed: looks at the last name only.
    bool excludesEntry(std::string_view path, std::string_view root) const;
    const std::vector<std::string> &patterns() const { return m_patterns; }

private:
    std::vector<std::string> m_patterns;
};

/// What is left out until somebody edits the list.
const std::vector<std::string> &defaultExclusions();

/// The patterns of a catalogue: the edited ones, else the default ones. Errors: the catalogue's.
Result<Exclusions> loadExclusions(db::Catalogue &catalogue);

/// Stores a list after taking off blanks, empty lines, slashes at the ends and repetitions. Storing the
/// default list is going back to it, with whatever a later version adds. Works at the next run.
/// Errors: InvalidArgument (a pattern that excludes everything), the catalogue's.
Result<void> storeExclusions(db::Catalogue &catalogue, const std::vector<std::string> &patterns);

} // namespace yingxun::ingest

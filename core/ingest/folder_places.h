// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/db/catalogue.h"
#include "core/ingest/mount_table.h"

#include <vector>

namespace yingxun::ingest {

/// Whether the folder that was added is at its path now, and not gone, unplugged or covered by another
/// volume. Looks at the disk.
bool isHere(const Folder &folder, const MountTable &mounts);

struct SettledPlaces {
    std::vector<Folder> here;  ///< By path: a folder before those inside it.
    std::vector<Folder> moved; ///< Of these, those that have another path than before.
};

/// Notes on which volumes the folders lie, and follows those whose volume is mounted elsewhere by now: the
/// folder and all that is known of its photos get the new path. If other folders are listed there whose own
/// volume is not, those get a path that nothing has, as "/media/STICK (2)", until their volume is found. Else
/// a folder whose volume is not there stays as it is. One that now lies on another volume stays absent, too,
/// unless that holds what was known and is no other folder's place: then the disk was replaced. To be called
/// by the writer, before a run.  Errors: the catalogue's.
Result<SettledPlaces> settlePlaces(db::Catalogue &catalogue, const MountTable &mounts);

} // namespace yingxun::ingest

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/content_hash.h"
#include "core/base/ids.h"
#include "core/base/metadata.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Plain values that cross between the catalogue and everybody else.
/// Paths are the operating system's bytes (UTF-8 on any sane system), never re-encoded.
namespace yingxun {

/// Where something lies on a volume, wherever that is mounted.
struct VolumePlace {
    std::string volume; ///< "uuid:…", or of a network share its name. Empty: it is not known.
    std::string label;  ///< What people call the volume; may be empty.
    std::string path;   ///< From the volume's top on; begins with a slash.

    bool operator==(const VolumePlace &) const = default;
};

/// A watched root folder. Hand-made.
struct Folder {
    FolderId id;
    std::string path;       ///< Absolute, no trailing slash. Where it was last, if it is not there now.
    VolumePlace place = {}; ///< As it was when it was last there.
};

/// What a file of the library is.
enum class MediaKind { Photo, Video }; // Their numbers are in the catalogue.

/// One file of the library.
struct Photo {
    PhotoId id;
    FolderId folder;
    std::string path; ///< Absolute.
    ContentHash hash;
    std::int64_t sizeBytes = 0;
    std::int64_t mtimeMs = 0;                  ///< ms since the epoch, UTC.
    int width = 0;                             ///< Upright, pixels.
    int height = 0;                            ///< Upright, pixels.
    std::optional<std::int64_t> captureTimeMs; ///< Local time without zone, as the sidecar or the file says.
    MediaKind kind = MediaKind::Photo;
};

/// A small version of a content.
struct Thumbnail {
    ContentHash content;
    std::vector<std::byte> jpeg; ///< Longer side 256 px, upright, sRGB.
};

/// The moments of a video or an animation, see image::forEachMoment().
struct Film {
    ContentHash content;
    std::vector<std::int64_t> timesMs; ///< Rising. None: it was looked at, and its poster says it all.
    std::string brokenReaders;         ///< Those that it broke, so that others may try. Empty: none.
};

/// What was measured of a content, see image::Measures.
struct Measure {
    ContentHash content;
    double sharpness = 0;
    std::uint64_t perceptualHash = 0;
};

/// What a content says of itself, see image::readMetadata().
struct ContentMetadata {
    ContentHash content;
    Metadata metadata; ///< Empty: it has been looked at and says nothing.
};

/// What a photo was taken with, as files and sidecars name it. One of both may be empty.
struct Equipment {
    std::string make;  ///< Of a camera; a lens has none.
    std::string model; ///< Of a lens: its name.
};
enum class EquipmentKind { Camera, Lens };

/// A file beside a photo, and as which it was last read.
struct SidecarFile {
    std::string path; ///< Absolute.
    std::int64_t sizeBytes = 0;
    std::int64_t mtimeMs = 0; ///< ms since the epoch, UTC.

    bool operator==(const SidecarFile &other) const = default;
};

/// What a file beside a photo says of it.
struct Sidecar {
    std::string photo; ///< The photo's path.
    SidecarFile file;
    Metadata metadata;
};

/// A content that no photo of the library has any more, while something computed of it is still kept.
struct Unused {
    ContentHash content;
    std::int64_t sinceMs = 0; ///< ms since the epoch, UTC.
};

/// What was deleted of contents.
struct Purged {
    std::int64_t thumbnails = 0;
    std::int64_t measures = 0;
    std::int64_t bytes = 0; ///< Of the thumbnails.
};

/// When opening a file that failed may go better. Stored: numbers stay.
enum class Retry {
    WhenFileChanges = 0, ///< The content is at fault.
    EachRun = 1,         ///< Something around it is: permission, a disk, memory.
    WithNewReaders = 2,  ///< This build or this model cannot do it; another one may.
};

/// A file that could not be read, and why.
struct Problem {
    std::string path;
    FolderId folder;
    std::int64_t sizeBytes = 0;
    std::int64_t mtimeMs = 0;
    int code = 0;        ///< An ErrorCode.
    std::string message; ///< English, for the log and tooltips.
    Retry retry = Retry::WhenFileChanges;
    std::string readers = {}; ///< What could not do it; compared for Retry::WithNewReaders.
};

/// Whether it is no file that was opened in vain, but an entry that the walk could not look into: what
/// changes there is not known.
inline bool isUnseen(const Problem &problem)
{
    return problem.sizeBytes == 0 && problem.mtimeMs == 0;
}

/// Stars that a person gave; to contents, as labels.
struct Rating {
    ContentHash content;
    int stars = 0; ///< 1 to 5; 0: none.
};

/// A hand-made label; assigned to contents, so that it survives moves, renames and copies.
struct Label {
    LabelId id;
    std::string name; ///< UTF-8, unique.
    int count = 0;    ///< Contents that carry it, those among them that have left the library.
    int items = 0;    ///< Photos that are shown with it; counted by library::LabelItems alone.
};

/// A query line that a person keeps under a name.
struct SavedSearch {
    SavedSearchId id;
    std::string name; ///< UTF-8, unique.
    std::string line; ///< As it was typed, see query::parse().
};

} // namespace yingxun

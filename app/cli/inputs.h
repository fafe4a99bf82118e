// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/clip_encoder.h"
#include "core/base/result.h"

#include <QString>

#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

/// What commands take from outside the library: texts in files, photos anywhere.
namespace yingxun::app::cli {

/// The lines of a UTF-8 file without blanks around them, CR and byte order mark; line i is entry i.
/// Errors: NotFound, Unsupported (not UTF-8), CorruptData (an empty line before the last text, no text at
/// all).
Result<std::vector<std::string>> readLines(const std::filesystem::path &file);

/// Sentences in which {} stands for a name: those of a file (empty lines and lines with # at their beginning
/// are left out), or of the set that comes with the program for "standard".
/// Errors: NotFound, Unsupported (not UTF-8), CorruptData (no {} in a line, no line).
Result<std::vector<std::string>> readTemplates(const QString &fileOrStandard);

/// The photos of a folder and those below it, by path, without what an index leaves out; anything else is a
/// photo by itself. Errors: NotFound (a folder without photos), Io (one that cannot be read).
Result<std::vector<std::string>> photosAt(const std::string &path);

/// Embeds photos batch by batch: upright, as they are indexed, but always from the full size, which is what
/// the reference resizes. A photo that cannot be read is named on standard error.
/// @param onPhoto  takes the index in `paths` and the unit row.
/// @return how many could not be read.
/// Errors: Cancelled, and the encoder's.
Result<std::size_t> embedPhotos(ClipEncoder &encoder, std::span<const std::string> paths,
                                const std::stop_token &stop,
                                const std::function<void(std::size_t, std::span<const float>)> &onPhoto);

} // namespace yingxun::app::cli

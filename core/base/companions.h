// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace yingxun {

/// File name endings of cameras' raw files, separated by blanks.
inline constexpr std::string_view kRawEndings =
    "arw cr2 cr3 crw dng erf kdc mrw nef nrw orf pef raf raw rw2 srw x3f";

/// What a file can be beside another one of the same directory with the same name but for its ending: cameras
/// store a raw file with its JPEG, phones a moment of film with a Live Photo.
enum class CompanionRole {
    None,
    Picture, ///< Takes others along.
    Raw,     ///< Goes with a picture.
    Film,    ///< Goes with a picture.
};

/// By the name of the file and whether it is a video.
CompanionRole companionRole(std::string_view fileName, bool isVideo);

/// The file's name without its ending; companions have the same.
std::string_view companionStem(std::string_view fileName);

} // namespace yingxun

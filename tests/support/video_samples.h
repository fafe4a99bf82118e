// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace yingxun::test {

/// Some seconds of one colour.
struct VideoPart {
    double seconds = 1;
    std::uint8_t red = 0;
    std::uint8_t green = 0;
    std::uint8_t blue = 0;
};

/// Writes an mp4, mov, mkv or webm (told by the name) of 10 frames a second. @return whether it was written.
bool writeVideo(const std::string &path, const std::vector<VideoPart> &parts, int width = 160,
                int height = 96);

} // namespace yingxun::test

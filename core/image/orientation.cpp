// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/orientation.h"

#include <cstddef>

namespace yingxun::image {

RgbImage upright(RgbImage image, int orientation)
{
    if (orientation < 2 || orientation > 8)
        return image;
    const std::ptrdiff_t right = 3;
    const std::ptrdiff_t down = std::ptrdiff_t{3} * image.width;
    const std::ptrdiff_t lastColumn = right * (image.width - 1);
    const std::ptrdiff_t lastRow = down * (image.height - 1);
    // Where the target's top left pixel comes from, and the steps in the source for one step right and
    // one step down in the target.
    struct Walk {
        std::ptrdiff_t start, stepRight, stepDown;
    };
    const Walk walks[] = {
        {lastColumn, -right, down},            // 2: mirrored
        {lastRow + lastColumn, -right, -down}, // 3: upside down
        {lastRow, right, -down},               // 4: mirrored, upside down
        {0, down, right},                      // 5: transposed
        {lastRow, -down, right},               // 6: turn clockwise
        {lastRow + lastColumn, -down, -right}, // 7: transposed along the other diagonal
        {lastColumn, down, -right},            // 8: turn counter-clockwise
    };
    const Walk walk = walks[orientation - 2];

    RgbImage result;
    result.width = swapsSides(orientation) ? image.height : image.width;
    result.height = swapsSides(orientation) ? image.width : image.height;
    result.pixels.resize(image.pixels.size());
    std::uint8_t *target = result.pixels.data();
    for (int y = 0; y < result.height; ++y) {
        std::ptrdiff_t at = walk.start + y * walk.stepDown;
        for (int x = 0; x < result.width; ++x, at += walk.stepRight, target += 3) {
            const std::uint8_t *source = image.pixels.data() + at;
            target[0] = source[0];
            target[1] = source[1];
            target[2] = source[2];
        }
    }
    return result;
}

} // namespace yingxun::image

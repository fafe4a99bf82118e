// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/read_picture.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    yingxun::fuzz::readPicture(yingxun::image::Format::Tiff, data, size);
    return 0;
}

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/file_endings.h"

#include <algorithm>
#include <array>

namespace yingxun::query {
namespace {

struct Ending {
    std::string_view text;
    FileFormat format;
};

constexpr std::array kEndings{
    Ending{"jpg", FileFormat::Jpeg},     Ending{"jpeg", FileFormat::Jpeg},
    Ending{"jpe", FileFormat::Jpeg},     Ending{"jfif", FileFormat::Jpeg},
    Ending{"jfi", FileFormat::Jpeg},     Ending{"jif", FileFormat::Jpeg},
    Ending{"mpo", FileFormat::Jpeg},     Ending{"png", FileFormat::Png},
    Ending{"apng", FileFormat::Png},     Ending{"webp", FileFormat::Webp},
    Ending{"gif", FileFormat::Gif},      Ending{"bmp", FileFormat::Bmp},
    Ending{"dib", FileFormat::Bmp},      Ending{"tif", FileFormat::Tiff},
    Ending{"tiff", FileFormat::Tiff},    Ending{"heic", FileFormat::Heif},
    Ending{"heif", FileFormat::Heif},    Ending{"hif", FileFormat::Heif},
    Ending{"heics", FileFormat::Heif},   Ending{"heifs", FileFormat::Heif},
    Ending{"avif", FileFormat::Avif},    Ending{"avifs", FileFormat::Avif},
    Ending{"jp2", FileFormat::Jpeg2000}, Ending{"j2k", FileFormat::Jpeg2000},
    Ending{"j2c", FileFormat::Jpeg2000}, Ending{"jpc", FileFormat::Jpeg2000},
    Ending{"jxl", FileFormat::JpegXl},   Ending{"psd", FileFormat::Psd},
    Ending{"psb", FileFormat::Psd},      Ending{"arw", FileFormat::Raw},
    Ending{"cr2", FileFormat::Raw},      Ending{"cr3", FileFormat::Raw},
    Ending{"crw", FileFormat::Raw},      Ending{"dng", FileFormat::Raw},
    Ending{"erf", FileFormat::Raw},      Ending{"kdc", FileFormat::Raw},
    Ending{"mrw", FileFormat::Raw},      Ending{"nef", FileFormat::Raw},
    Ending{"nrw", FileFormat::Raw},      Ending{"orf", FileFormat::Raw},
    Ending{"pef", FileFormat::Raw},      Ending{"raf", FileFormat::Raw},
    Ending{"raw", FileFormat::Raw},      Ending{"rw2", FileFormat::Raw},
    Ending{"srw", FileFormat::Raw},      Ending{"x3f", FileFormat::Raw},
};

bool isLetter(char lower, char typed)
{
    return typed == lower || (typed >= 'A' && typed <= 'Z' && typed - 'A' + 'a' == lower);
}

} // namespace

std::optional<FileFormat> formatOfName(std::string_view name)
{
    const auto dot = name.rfind('.');
    if (dot == std::string_view::npos)
        return std::nullopt;
    const std::string_view ending = name.substr(dot + 1);
    const auto found = std::find_if(kEndings.begin(), kEndings.end(), [ending](const Ending &one) {
        return std::equal(one.text.begin(), one.text.end(), ending.begin(), ending.end(), isLetter);
    });
    return found == kEndings.end() ? std::nullopt : std::optional(found->format);
}

} // namespace yingxun::query

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/decode.h"
#include "core/image/opencv.h"

#include <QtGlobal>

#include <array>
#include <cstdio> // Before jpeglib.h, which needs it.
#include <jpeglib.h>
#include <png.h>
#ifdef YINGXUN_HAVE_WEBP
#include <webp/decode.h>
#endif
#ifdef YINGXUN_HAVE_TIFF
#include <tiffio.h>
#endif
#ifdef YINGXUN_HAVE_HEIF
#include <libheif/heif.h>
#endif
#ifdef YINGXUN_HAVE_AVIF
#include <avif/avif.h>
#endif
#ifdef YINGXUN_HAVE_RAW
#include <libraw/libraw.h>
#endif
#ifdef YINGXUN_HAVE_JPEG2000
#include <openjpeg.h>
#endif
#ifdef YINGXUN_HAVE_JPEGXL
#include <jxl/decode.h>
#endif
#ifdef YINGXUN_HAVE_GIF
#include <gif_lib.h>
#endif

namespace yingxun::image {
namespace {

/// To be raised when a reader of ours, or what it is given, changes so that it reads more than before.
constexpr int kRevision = 3;

} // namespace

std::string readersVersion()
{
    std::string version = std::to_string(kRevision) + " qt " + qVersion() + " jpeg " +
                          std::to_string(JPEG_LIB_VERSION) + " png " + png_get_libpng_ver(nullptr) +
                          " opencv " + openCvVersion();
#ifdef YINGXUN_HAVE_WEBP
    version += " webp " + std::to_string(WebPGetDecoderVersion());
#endif
#ifdef YINGXUN_HAVE_TIFF
    version += std::string(" tiff ") + TIFFGetVersion();
#endif
#ifdef YINGXUN_HAVE_HEIF
    // Its decoders are plug-ins, which may be installed later.
    version += std::string(" heif ") + heif_get_version();
    for (const heif_compression_format format : {heif_compression_HEVC, heif_compression_AV1})
        version += heif_have_decoder_for_format(format) != 0 ? '+' : '-';
#endif
#ifdef YINGXUN_HAVE_AVIF
    std::array<char, 256> codecs{}; // As long as its documentation asks for.
    avifCodecVersions(codecs.data());
    version += std::string(" avif ") + avifVersion() + ' ' + codecs.data();
#endif
#ifdef YINGXUN_HAVE_RAW
    version += std::string(" raw ") + libraw_version();
#endif
#ifdef YINGXUN_HAVE_JPEG2000
    version += std::string(" jpeg2000 ") + opj_version();
#endif
#ifdef YINGXUN_HAVE_JPEGXL
    version += " jpegxl " + std::to_string(JxlDecoderVersion());
#endif
#ifdef YINGXUN_HAVE_GIF
    version += " gif " + std::to_string(GIFLIB_MAJOR) + '.' + std::to_string(GIFLIB_MINOR);
#endif
    return version;
}

} // namespace yingxun::image

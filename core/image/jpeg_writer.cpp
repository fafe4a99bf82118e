// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/jpeg_writer.h"

#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <jerror.h>
#include <jpeglib.h>
#include <new>
#include <string>

namespace yingxun::image {

namespace {

struct Session {
    Session() { info.err = jpeg_std_error(&errors); }
    ~Session()
    {
        jpeg_destroy_compress(&info);
        std::free(bytes); // Allocated by libjpeg.
    }
    Session(const Session &) = delete;
    Session &operator=(const Session &) = delete;

    jpeg_compress_struct info{};
    jpeg_error_mgr errors{};
    std::jmp_buf jump{};
    char message[JMSG_LENGTH_MAX] = "";
    unsigned char *bytes = nullptr;
    unsigned long size = 0;
};

[[noreturn]] void leave(j_common_ptr info)
{
    Session &session = *static_cast<Session *>(info->client_data);
    info->err->format_message(info, session.message);
    std::longjmp(session.jump, 1);
}

/// Returns false after libjpeg jumped out; so no object here may have a destructor.
bool compress(Session &session, const RgbImage &image, int quality)
{
    if (setjmp(session.jump) != 0)
        return false;
    auto &info = session.info;
    jpeg_create_compress(&info);
    jpeg_mem_dest(&info, &session.bytes, &session.size);
    info.image_width = static_cast<JDIMENSION>(image.width);
    info.image_height = static_cast<JDIMENSION>(image.height);
    info.input_components = 3;
    info.in_color_space = JCS_RGB;
    jpeg_set_defaults(&info);
    jpeg_set_quality(&info, quality, TRUE);
    jpeg_start_compress(&info, TRUE);
    while (info.next_scanline < info.image_height) {
        const std::size_t offset = std::size_t{info.next_scanline} * info.image_width * 3;
        auto *row = const_cast<JSAMPROW>(image.pixels.data() + offset); // libjpeg only reads it.
        jpeg_write_scanlines(&info, &row, 1);
    }
    jpeg_finish_compress(&info);
    return true;
}

} // namespace

Result<std::vector<std::byte>> encodeJpeg(const RgbImage &image, int quality)
try {
    if (image.isNull() || image.width > JPEG_MAX_DIMENSION || image.height > JPEG_MAX_DIMENSION)
        return fail(ErrorCode::InvalidArgument, "A picture of this size cannot be stored as a JPEG.");
    Session session;
    session.info.client_data = &session;
    session.errors.error_exit = leave;
    if (!compress(session, image, quality)) {
        const bool isMemory = session.errors.msg_code == JERR_OUT_OF_MEMORY;
        return fail(isMemory ? ErrorCode::OutOfMemory : ErrorCode::Internal,
                    std::string("The thumbnail cannot be compressed: ") + session.message + ".");
    }
    const auto *first = reinterpret_cast<const std::byte *>(session.bytes);
    return std::vector<std::byte>(first, first + session.size);
} catch (const std::bad_alloc &) {
    return fail(ErrorCode::OutOfMemory, "There is not enough memory to compress a thumbnail.");
}

} // namespace yingxun::image

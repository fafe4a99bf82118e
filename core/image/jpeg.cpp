// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/byte_source.h"
#include "core/image/exif.h"
#include "core/image/readers.h"

#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <jerror.h>
#include <jpeglib.h>
#include <memory>
#include <string>

namespace yingxun::image {

namespace {

// Real progressive files have about ten; a small file with thousands would keep the decoder for minutes.
constexpr int kMaximumScans = 200;
constexpr unsigned kMaximumMarkerBytes = 0xffff;

/// libjpeg reports errors by jumping out. The functions that may be jumped out of take a Session, keep no
/// object with a destructor, and return false after a jump.
struct Session {
    Session()
    {
        info.err = jpeg_std_error(&errors);
        info.client_data = this;
    }
    ~Session() { jpeg_destroy_decompress(&info); }
    Session(const Session &) = delete;
    Session &operator=(const Session &) = delete;

    jpeg_decompress_struct info{};
    jpeg_error_mgr errors{};
    jpeg_progress_mgr progress{};
    std::jmp_buf jump{};
    char message[JMSG_LENGTH_MAX] = "";
    bool isOutOfMemory = false;
    bool endedEarly = false;
};

Session &sessionOf(j_common_ptr info)
{
    return *static_cast<Session *>(info->client_data);
}

[[noreturn]] void leave(j_common_ptr info)
{
    Session &session = sessionOf(info);
    info->err->format_message(info, session.message);
    session.isOutOfMemory = info->err->msg_code == JERR_OUT_OF_MEMORY;
    std::longjmp(session.jump, 1);
}

void noteWarning(j_common_ptr info, int level)
{
    const int code = info->err->msg_code;
    if (level < 0 && (code == JWRN_JPEG_EOF || code == JWRN_HIT_MARKER))
        sessionOf(info).endedEarly = true;
}

void limitScans(j_common_ptr info)
{
    if (reinterpret_cast<j_decompress_ptr>(info)->input_scan_number > kMaximumScans) {
        info->err->msg_code = JERR_BAD_PROGRESSION;
        leave(info);
    }
}

bool readHeader(Session &session, const std::uint8_t *bytes, std::size_t size)
{
    if (setjmp(session.jump) != 0)
        return false;
    jpeg_create_decompress(&session.info);
    session.progress.progress_monitor = limitScans;
    session.info.progress = &session.progress;
    jpeg_mem_src(&session.info, bytes, static_cast<unsigned long>(size));
    jpeg_save_markers(&session.info, JPEG_APP0 + 1, kMaximumMarkerBytes); // EXIF
    jpeg_save_markers(&session.info, JPEG_APP0 + 2, kMaximumMarkerBytes); // ICC
    return jpeg_read_header(&session.info, TRUE) == JPEG_HEADER_OK;
}

bool readProfile(Session &session, JOCTET **profile, unsigned *size)
{
    if (setjmp(session.jump) != 0)
        return false;
    return jpeg_read_icc_profile(&session.info, profile, size) != FALSE;
}

/// What comes out at the scale that was chosen.
bool plan(Session &session)
{
    if (setjmp(session.jump) != 0)
        return false;
    jpeg_calc_output_dimensions(&session.info);
    return true;
}

bool start(Session &session)
{
    if (setjmp(session.jump) != 0)
        return false;
    return jpeg_start_decompress(&session.info) != FALSE;
}

bool readRows(Session &session, std::uint8_t *target, std::size_t rowBytes)
{
    if (setjmp(session.jump) != 0)
        return false;
    while (session.info.output_scanline < session.info.output_height) {
        JSAMPROW row = target + session.info.output_scanline * rowBytes;
        jpeg_read_scanlines(&session.info, &row, 1);
    }
    return true;
}

Unexpected failure(const Session &session)
{
    if (session.isOutOfMemory)
        return fail(ErrorCode::OutOfMemory, "There is not enough memory to decode the JPEG picture.");
    return fail(session.endedEarly ? ErrorCode::Truncated : ErrorCode::CorruptData,
                std::string("The JPEG picture cannot be decoded: ") + session.message + ".");
}

/// Chooses the colours that come out. JPEG knows no others that mean anything.
std::optional<PixelMode> chooseColours(jpeg_decompress_struct &info)
{
    switch (info.jpeg_color_space) {
    case JCS_GRAYSCALE:
        info.out_color_space = JCS_GRAYSCALE;
        return PixelMode::Grey;
    case JCS_RGB:
    case JCS_YCbCr:
        info.out_color_space = JCS_RGB;
        return PixelMode::Rgb;
    case JCS_CMYK:
    case JCS_YCCK:
        info.out_color_space = JCS_CMYK;
        return PixelMode::Cmyk;
    default:
        return std::nullopt;
    }
}

/// The decoder can leave out high frequencies: half, quarter and eighth size come cheaper than full size.
void chooseScale(jpeg_decompress_struct &info, const ReadOptions &options)
{
    info.scale_num = 1;
    info.scale_denom = 1;
    if (options.minimumSide <= 0 || options.purpose == Purpose::Reference)
        return;
    const unsigned shorter = std::min(info.image_width, info.image_height);
    while (info.scale_denom < 8 &&
           shorter / (info.scale_denom * 2) >= static_cast<unsigned>(options.minimumSide))
        info.scale_denom *= 2;
}

/// Of a picture in several scans all coefficients are held until the last scan has come, at any scale.
std::uint64_t coefficientBytes(const jpeg_decompress_struct &info)
{
    std::uint64_t bytes = 0;
    for (int i = 0; i < info.num_components; ++i)
        bytes += std::uint64_t{info.comp_info[i].width_in_blocks} * info.comp_info[i].height_in_blocks *
                 sizeof(JBLOCK);
    return bytes;
}

void readMetadata(Session &session, Picture &picture)
{
    for (auto *marker = session.info.marker_list; marker != nullptr; marker = marker->next) {
        const auto block = std::as_bytes(std::span(marker->data, marker->data_length));
        if (marker->marker != JPEG_APP0 + 1 || block.size() < 6 ||
            std::memcmp(block.data(), "Exif\0", 6) != 0)
            continue;
        const ExifFacts facts = readExif(block);
        picture.orientation = facts.orientation.value_or(0);
        picture.captureTimeMs = facts.captureTimeMs;
        break;
    }
    JOCTET *profile = nullptr;
    unsigned size = 0;
    if (readProfile(session, &profile, &size)) {
        const std::unique_ptr<JOCTET, decltype(&std::free)> owner(profile, std::free);
        picture.iccProfile.assign(profile, profile + size);
    }
}

} // namespace

Result<Picture> readJpeg(std::span<const std::byte> file, const ReadOptions &options)
{
    const auto session = std::make_unique<Session>();
    session->errors.error_exit = leave;
    session->errors.emit_message = noteWarning;
    if (!readHeader(*session, octets(file), file.size()))
        return failure(*session);
    auto &info = session->info;
    if (auto sides = checkSides(info.image_width, info.image_height); !sides)
        return sides.propagate();
    const auto mode = chooseColours(info);
    if (!mode)
        return fail(ErrorCode::Unsupported, "The JPEG picture has colours of an unknown kind.");

    Picture picture;
    picture.mode = *mode;
    picture.fullWidth = static_cast<int>(info.image_width);
    picture.fullHeight = static_cast<int>(info.image_height);
    readMetadata(*session, picture);
    chooseScale(info, options);
    if (!plan(*session))
        return failure(*session);
    const std::uint64_t coefficients = jpeg_has_multiple_scans(&info) != FALSE ? coefficientBytes(info) : 0;
    if (auto claimed = claim(picture, info.output_width, info.output_height, coefficients, options); !claimed)
        return claimed.propagate();
    if (!start(*session))
        return failure(*session);
    picture.width = static_cast<int>(info.output_width);
    picture.height = static_cast<int>(info.output_height);
    picture.samples.resize(sampleBytes(*mode, picture.width, picture.height));
    const bool isComplete = readRows(*session, picture.samples.data(), sampleBytes(*mode, picture.width, 1));
    if (!isComplete && info.output_scanline == 0)
        return failure(*session);
    picture.truncated = !isComplete || session->endedEarly;

    // Adobe's programs store ink the other way round and say so; PIL takes it for granted.
    if (*mode == PixelMode::Cmyk && (info.saw_Adobe_marker != FALSE || options.purpose == Purpose::Reference))
        std::ranges::for_each(picture.samples,
                              [](std::uint8_t &ink) { ink = static_cast<std::uint8_t>(255 - ink); });
    return picture;
}

} // namespace yingxun::image

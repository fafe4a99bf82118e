// SPDX-License-Identifier: GPL-3.0-or-later
// What is made of each photo when it is indexed (thumbnail, measures, metadata, the tower's input), photos a
// second on all processors: in this process, in decoders of their own, and there of pictures at full size.
// Bars: decoders cost at most 3 %; full size takes at least 4 times as long for JPEGs of 12 megapixels.
// Beside them the least that libjpeg can do with a JPEG, as its limit: read all coefficients, and make grey
// of an eighth.
//
//   bench_media DECODER [PHOTO...]      (without photos: 24 JPEGs of 4000 x 3000 pixels)
#include "core/image/jpeg_writer.h"
#include "core/media/decoder_pool.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <jpeglib.h>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace yingxun;

namespace {

constexpr int kRounds = 3;
constexpr int kPainted = 24;
constexpr int kTowerSide = 224;

/// Shapes and noise, so that it is as hard to decode as a photograph: about 4 MB.
std::vector<std::byte> painted(int number)
{
    image::RgbImage picture{4000, 3000, std::vector<std::uint8_t>(std::size_t{4000} * 3000 * 3)};
    std::uint32_t noise = static_cast<std::uint32_t>(number) * 2654435761U + 1;
    std::size_t at = 0;
    for (int y = 0; y < picture.height; ++y) {
        for (int x = 0; x < picture.width; ++x) {
            for (int c = 0; c < 3; ++c) {
                noise = noise * 1664525U + 1013904223U;
                const double wave = std::sin(x * 0.004 * (c + 1) + number) * std::cos(y * 0.006 + c);
                picture.pixels[at++] =
                    static_cast<std::uint8_t>(128 + 90 * wave + static_cast<int>(noise >> 27) - 16);
            }
        }
    }
    return *image::encodeJpeg(picture, 90);
}

/// @return photos a second; 0 when one could not be read.
double rate(const std::vector<std::string> &photos, const std::function<bool(const std::string &)> &make)
{
    std::atomic<std::size_t> next = 0;
    std::atomic<bool> good = true;
    const auto begin = std::chrono::steady_clock::now();
    {
        std::vector<std::jthread> threads;
        for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i) {
            threads.emplace_back([&] {
                for (std::size_t one = next++; one < photos.size(); one = next++)
                    good = make(photos[one]) && good;
            });
        }
    }
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begin;
    return good ? static_cast<double>(photos.size()) / passed.count() : 0;
}

bool makeLeast(const std::string &path)
{
    const std::unique_ptr<std::FILE, int (*)(std::FILE *)> file(std::fopen(path.c_str(), "rb"), std::fclose);
    if (!file)
        return false;
    jpeg_error_mgr errors{};
    jpeg_decompress_struct info{};
    info.err = jpeg_std_error(&errors); // Ends the program where it is no JPEG, or one for printing.
    jpeg_create_decompress(&info);
    jpeg_stdio_src(&info, file.get());
    jpeg_read_header(&info, TRUE);
    info.scale_num = 1;
    info.scale_denom = 8;
    info.out_color_space = JCS_GRAYSCALE;
    jpeg_start_decompress(&info);
    std::vector<JSAMPLE> row(info.output_width);
    for (JSAMPROW rows = row.data(); info.output_scanline < info.output_height;)
        jpeg_read_scanlines(&info, &rows, 1);
    jpeg_finish_decompress(&info);
    jpeg_destroy_decompress(&info);
    return true;
}

bool makeBy(media::Reader &reader, const std::string &path, bool isExact)
{
    media::Wants wants;
    wants.isExact = isExact;
    wants.thumbnail = wants.measures = wants.metadata = true;
    wants.towerSide = kTowerSide;
    const auto file = media::MediaFile::open(path);
    return file && file->content({}) && reader.read(*file, wants, {});
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 2) {
        std::fputs("usage: bench_media DECODER [PHOTO...]\n", stderr);
        return 2;
    }
    std::vector<std::string> photos(argv + 2, argv + argc);
    const auto folder = std::filesystem::temp_directory_path() / "bench_media";
    if (photos.empty()) {
        std::filesystem::create_directories(folder);
        for (int i = 0; i < kPainted; ++i) {
            photos.push_back((folder / (std::to_string(i) + ".jpg")).string());
            const auto jpeg = painted(i);
            std::ofstream(photos.back(), std::ios::binary)
                .write(reinterpret_cast<const char *>(jpeg.data()),
                       static_cast<std::streamsize>(jpeg.size()));
        }
    }
    media::DirectReader direct;
    media::DecoderPool pool(argv[1]);
    double here = 0;
    double there = 0;
    double whole = 0;
    double least = 0;
    const bool areJpegs = std::all_of(photos.begin(), photos.end(), [](const std::string &path) {
        return path.ends_with(".jpg") || path.ends_with(".JPG") || path.ends_with(".jpeg");
    });
    for (int round = 0; round < kRounds; ++round) { // In turns, so that what else goes on disturbs all alike.
        here = std::max(here,
                        rate(photos, [&](const std::string &path) { return makeBy(direct, path, false); }));
        there =
            std::max(there, rate(photos, [&](const std::string &path) { return makeBy(pool, path, false); }));
        whole =
            std::max(whole, rate(photos, [&](const std::string &path) { return makeBy(pool, path, true); }));
        if (areJpegs)
            least = std::max(least, rate(photos, makeLeast));
    }
    std::printf(
        "%zu photos: here %.1f/s, by decoders %.1f/s (cost %.1f %%), at full size %.1f/s (ratio %.1f)\n",
        photos.size(), here, there, 100 * (1 - there / here), whole, there / whole);
    if (areJpegs)
        std::printf("the least that libjpeg can do: %.1f/s (ratio %.1f)\n", least, least / whole);
    std::filesystem::remove_all(folder);
    return here > 0 && there > 0 && whole > 0 ? 0 : 1;
}

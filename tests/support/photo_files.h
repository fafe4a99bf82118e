// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/image/decode.h"
#include "core/image/jpeg_writer.h"
#include "core/image/resize.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>
#include <vector>

/// Photographs as files, and the same in other sizes.
namespace yingxun::test {

/// All files below a folder with that ending, in the order of their paths.
inline std::vector<std::filesystem::path> filesBelow(const std::filesystem::path &folder,
                                                     const std::filesystem::path &extension)
{
    std::vector<std::filesystem::path> files;
    for (const auto &entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file() && entry.path().extension() == extension)
            files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

/// As cameras write them: 4:2:0, quality 92. Empty: not possible.
inline std::vector<std::byte> cameraJpeg(const image::RgbImage &picture)
{
    constexpr int kQuality = 92;
    auto jpeg = image::encodeJpeg(picture, kQuality);
    return jpeg ? *std::move(jpeg) : std::vector<std::byte>();
}

/// With that shorter side.
inline image::RgbImage scaledTo(const image::RgbImage &picture, int shorterSide)
{
    const double scale = static_cast<double>(shorterSide) / std::min(picture.width, picture.height);
    return image::resizeBicubic(picture, std::max(shorterSide, static_cast<int>(picture.width * scale)),
                                std::max(shorterSide, static_cast<int>(picture.height * scale)));
}

/// With so many pixels, or as it is where it has as many.
inline image::RgbImage enlargedTo(const image::RgbImage &picture, double pixels)
{
    const double scale = std::sqrt(pixels / picture.width / picture.height);
    return scale <= 1 ? picture
                      : image::resizeBicubic(picture, static_cast<int>(std::lround(picture.width * scale)),
                                             static_cast<int>(std::lround(picture.height * scale)));
}

inline bool writeBytes(const std::filesystem::path &path, const std::vector<std::byte> &bytes)
{
    std::ofstream file(path, std::ios::binary);
    file.write(reinterpret_cast<const char *>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    return !bytes.empty() && file.flush().good();
}

/// Calls for 0 … count - 1, on all processors.
inline void inParallel(std::size_t count, const std::function<void(std::size_t)> &work)
{
    std::atomic<std::size_t> next = 0;
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i) {
        threads.emplace_back([&] {
            for (std::size_t one = next++; one < count; one = next++)
                work(one);
        });
    }
}

} // namespace yingxun::test

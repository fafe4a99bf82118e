// SPDX-License-Identifier: GPL-3.0-or-later
// What is made of the smaller version of a photo that is quicker to decode (see decodeHeadroom() in
// core/media) is what is made of it at full size: embeddings, measures, thumbnails. bench_headroom says what
// other headrooms would cost.
#include "core/image/decode.h"
#include "core/media/media.h"
#include "tests/support/golden.h"
#include "tests/support/image_towers.h"
#include "tests/support/photo_files.h"

#include <bit>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

using namespace yingxun;
using namespace yingxun::test;
namespace fs = std::filesystem;

namespace {

constexpr double kLeastCosine = 0.995;
constexpr double kTwelveMegapixels = 12e6;
constexpr std::size_t kEnlargeEvery = 2;   ///< Of the photos: enlarging takes long.
constexpr std::size_t kSlowTowerEvery = 8; ///< Of all files.

struct Both {
    media::Media fast;
    media::Media exact;
};

Both make(const fs::path &path, media::Wants wants)
{
    const auto file = media::MediaFile::open(path);
    if (!CHECK(file.has_value()))
        return {};
    auto fast = media::makeMedia(*file, wants);
    wants.isExact = true;
    auto exact = media::makeMedia(*file, wants);
    if (!CHECK(fast && exact))
        return {};
    return {*std::move(fast), *std::move(exact)};
}

std::vector<Both> makeAll(const std::vector<fs::path> &files, const media::Wants &wants)
{
    std::vector<Both> all(files.size());
    inParallel(files.size(), [&](std::size_t i) { all[i] = make(files[i], wants); });
    return all;
}

/// The input alone is wanted: nothing else asks for a larger version.
void checkTower(const ImageTower &tower, const std::vector<fs::path> &files)
{
    media::Wants wants;
    wants.towerSide = tower.side;
    std::vector<std::vector<std::uint8_t>> fast;
    std::vector<std::vector<std::uint8_t>> exact;
    for (Both &both : makeAll(files, wants)) {
        fast.push_back(std::move(both.fast.towerInput));
        exact.push_back(std::move(both.exact.towerInput));
    }
    const auto ofFast = embedded(tower, fast);
    const auto ofExact = embedded(tower, exact);
    double least = 1;
    double strangers = 0;
    std::size_t smaller = 0;
    for (std::size_t i = 0; i < files.size(); ++i) {
        const double alike = cosine(ofFast[i], ofExact[i]);
        if (!CHECK(alike >= kLeastCosine))
            std::printf("%s: cosine %.4f\n", files[i].c_str(), alike);
        least = std::min(least, alike);
        strangers += cosine(ofExact[i], ofExact[(i + 1) % files.size()]) / static_cast<double>(files.size());
        smaller += fast[i] != exact[i] ? 1 : 0;
    }
    CHECK(smaller > 0);
    std::printf("%s: %zu photos, %zu of smaller versions, smallest cosine %.5f (of different photos %.3f)\n",
                tower.name.c_str(), files.size(), smaller, least, strangers);
}

void checkMeasures(const std::vector<fs::path> &files)
{
    media::Wants wants;
    wants.measures = true;
    double lowest = 1;
    double highest = 1;
    int bits = 0;
    for (const Both &both : makeAll(files, wants)) {
        if (!CHECK(both.fast.measures && both.exact.measures))
            continue;
        const double ratio = both.fast.measures->sharpness / both.exact.measures->sharpness;
        lowest = std::min(lowest, ratio);
        highest = std::max(highest, ratio);
        bits = std::max(
            bits, std::popcount(both.fast.measures->perceptualHash ^ both.exact.measures->perceptualHash));
    }
    std::printf("sharpness of %zu photos: %.3f to %.3f of the exact one; hashes: at most %d bits\n",
                files.size(), lowest, highest, bits);
}

} // namespace

int main()
{
    const fs::path photos = YINGXUN_SHARED_DIR "/photos";
    if (!fs::exists(photos / "everyday")) {
        withoutShared("photographs need photos/everyday");
        return checkSummary();
    }
    std::string folder = (fs::temp_directory_path() / "fast_decoding_XXXXXX").string();
    if (!CHECK(::mkdtemp(folder.data()) != nullptr))
        return checkSummary();
    std::vector<fs::path> files;
    for (const char *extension : {".jpg", ".jpeg", ".JPG", ".JPEG"}) {
        const auto more = filesBelow(photos / "everyday", extension);
        files.insert(files.end(), more.begin(), more.end());
    }
    std::vector<fs::path> originals = filesBelow(photos / "formats", ".heic"); // Have details of their own.
    for (std::size_t i = 0; i < files.size(); i += kEnlargeEvery)
        originals.push_back(files[i]);
    std::vector<fs::path> large(originals.size());
    inParallel(originals.size(), [&](std::size_t i) {
        const auto bytes = image::readFile(originals[i]);
        const auto picture = bytes ? image::decode(*bytes) : bytes.propagate();
        large[i] = fs::path(folder) / (std::to_string(i) + ".jpg");
        if (picture)
            CHECK(writeBytes(large[i], cameraJpeg(enlargedTo(picture->image, kTwelveMegapixels))));
    });
    std::erase_if(large, [](const fs::path &path) { return !fs::exists(path); });
    checkMeasures(large);
    files.insert(files.begin(), large.begin(), large.end());
    checkMeasures(files);

    const auto starter = loadedTower(YINGXUN_SOURCE_DIR "/resources/models/starter");
    if (CHECK(starter.has_value()))
        checkTower(*starter, files);
    std::vector<fs::path> some;
    for (std::size_t i = 0; i < files.size(); i += kSlowTowerEvery)
        some.push_back(files[i]);
    checkTower(seededTower(), some);
    fs::remove_all(folder);
    return checkSummary();
}

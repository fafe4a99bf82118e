// SPDX-License-Identifier: GPL-3.0-or-later
// How a tower sees photos decoded at a smaller size, for each headroom that decodeHeadroom() in core/media
// might be: the smallest and the median cosine of such an embedding and that of the full-size picture, the
// smallest of it and one at headroom 2, and what decoding costs of what full size does.
// Photos as they are, as JPEGs of 12 megapixels, and in the size that is hardest: where an eighth of it is no
// pixel larger than the headroom demands.
//
//   bench_headroom (starter | SIDE) PHOTO...      (SIDE: of ViT-B/16 with formula weights)
#include "core/clip/detail/threads.h"
#include "tests/support/image_towers.h"
#include "tests/support/photo_files.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

using namespace yingxun;
using namespace yingxun::test;

namespace {

constexpr double kHeadrooms[] = {1, 1.25, 1.5, 2, 3, 4};
constexpr double kTwelveMegapixels = 12e6;
constexpr int kSmallestScale = 8;  ///< JPEG decoders can leave out as much.
constexpr int kLongestSide = 4096; ///< The shorter one of what is measured, for time's sake.

using Photo = std::vector<std::byte>;
using Inputs = std::vector<std::vector<std::uint8_t>>;

int smallest(double headroom, int side)
{
    return static_cast<int>(std::ceil(headroom * side));
}

/// @param minimumSide  0: full size.
/// @return seconds of one processor for all.
double makeInputs(const std::vector<Photo> &photos, int minimumSide, int side, Inputs &inputs)
{
    inputs.assign(photos.size(), {});
    std::vector<double> seconds(photos.size());
    inParallel(photos.size(), [&](std::size_t i) {
        const auto begin = std::chrono::steady_clock::now();
        image::DecodeOptions options;
        options.minimumSide = minimumSide;
        if (const auto picture = image::decode(photos[i], options))
            inputs[i] = image::resizeBicubic(picture->image, side, side).pixels;
        seconds[i] = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    });
    return std::accumulate(seconds.begin(), seconds.end(), 0.0);
}

/// From the smallest up.
std::vector<double> cosines(const std::vector<std::vector<float>> &left,
                            const std::vector<std::vector<float>> &right)
{
    std::vector<double> all;
    for (std::size_t i = 0; i < left.size(); ++i)
        all.push_back(cosine(left[i], right[i]));
    std::sort(all.begin(), all.end());
    return all;
}

void compare(const ImageTower &tower, const std::vector<Photo> &photos, double headroom, const char *shape)
{
    Inputs exact;
    Inputs fast;
    Inputs twice;
    const double whole = makeInputs(photos, 0, tower.side, exact);
    const double some = makeInputs(photos, smallest(headroom, tower.side), tower.side, fast);
    makeInputs(photos, 2 * tower.side, tower.side, twice);
    const auto ofFast = embedded(tower, fast);
    const auto toExact = cosines(ofFast, embedded(tower, exact));
    std::printf(
        "%s, %zu %s, headroom %.2f: smallest cosine %.5f, median %.5f, with headroom 2's %.5f; time %.2f\n",
        tower.name.c_str(), photos.size(), shape, headroom, toExact.front(), toExact[toExact.size() / 2],
        cosines(ofFast, embedded(tower, twice)).front(), some / whole);
    std::fflush(stdout);
}

template<typename Change>
std::vector<Photo> changed(const std::vector<Photo> &photos, Change change)
{
    std::vector<Photo> out(photos.size());
    inParallel(photos.size(), [&](std::size_t i) {
        if (const auto picture = image::decode(photos[i]))
            out[i] = cameraJpeg(change(picture->image));
    });
    return out;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 3) {
        std::fputs("usage: bench_headroom (starter | SIDE) PHOTO...\n", stderr);
        return 2;
    }
    clip::detail::useAllProcessors();
    const auto tower = std::string_view(argv[1]) == "starter"
                           ? loadedTower(YINGXUN_SOURCE_DIR "/resources/models/starter")
                           : Result<ImageTower>(seededTower(std::atoi(argv[1])));
    std::vector<Photo> photos;
    for (int i = 2; i < argc; ++i) {
        if (auto bytes = image::readFile(argv[i]); bytes && image::decode(*bytes))
            photos.push_back(*std::move(bytes));
        else
            std::fprintf(stderr, "%s cannot be read\n", argv[i]);
    }
    if (!tower || photos.empty())
        return 1;
    const auto large =
        changed(photos, [](const auto &picture) { return enlargedTo(picture, kTwelveMegapixels); });
    for (const double headroom : kHeadrooms) {
        compare(*tower, photos, headroom, "photos as they are");
        compare(*tower, large, headroom, "of 12 megapixels");
        const int side = kSmallestScale * smallest(headroom, tower->side);
        if (side > kLongestSide)
            continue;
        compare(*tower, changed(photos, [side](const auto &picture) { return scaledTo(picture, side); }),
                headroom, "in the hardest size");
    }
    return 0;
}

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/features.h"

#include "core/base/json.h"

#include <fstream>
#include <functional>
#include <string>
#include <unordered_map>

namespace yingxun::train {
namespace {

Unexpected corrupt(const std::filesystem::path &file, std::size_t line, const std::string &what)
{
    return fail(ErrorCode::CorruptData, file.string() + " line " + std::to_string(line) + ": " + what);
}

/// Hands the object of each line that is not empty to `onLine`.
Result<void> readObjects(const std::filesystem::path &file,
                         const std::function<Result<void>(std::size_t, const Json &)> &onLine)
{
    std::ifstream in(file);
    if (!in)
        return fail(ErrorCode::NotFound, file.string() + " cannot be opened");
    std::string text;
    for (std::size_t line = 1; std::getline(in, text); ++line) {
        if (text.empty())
            continue;
        const auto json = parseJson(text);
        if (!json)
            return corrupt(file, line, json.error().message);
        if (auto done = onLine(line, *json); !done)
            return done;
    }
    return {};
}

using Places = std::unordered_map<std::int64_t, std::uint32_t>;

Places placesOf(const Features &features)
{
    Places places;
    for (const std::int64_t id : features.ids)
        places.emplace(id, static_cast<std::uint32_t>(places.size()));
    return places;
}

} // namespace

Result<Features> readFeatures(const std::filesystem::path &file, std::string_view idKey)
{
    Features features;
    Places known;
    auto done = readObjects(file, [&](std::size_t line, const Json &json) -> Result<void> {
        const Json *id = json.find(idKey);
        const Json *feature = json.find("feature");
        if (id == nullptr || !id->asInt() || feature == nullptr || feature->asArray() == nullptr)
            return corrupt(file, line, "expected " + std::string(idKey) + " and feature");
        Embeddings &rows = features.rows;
        const auto length = static_cast<int>(feature->asArray()->size());
        if (length == 0 || (rows.count > 0 && length != rows.dimension))
            return corrupt(file, line, "a feature of " + std::to_string(length) + " numbers");
        if (!known.emplace(*id->asInt(), 0).second)
            return corrupt(file, line, std::string(idKey) + " " + std::to_string(*id->asInt()) + " again");
        for (const Json &value : *feature->asArray()) {
            if (!value.asDouble())
                return corrupt(file, line, "a feature of something else than numbers");
            rows.values.push_back(static_cast<float>(*value.asDouble()));
        }
        features.ids.push_back(*id->asInt());
        rows.dimension = length;
        ++rows.count;
        return {};
    });
    if (!done)
        return done.propagate();
    return features;
}

Result<RetrievalScores> scoreFeatures(const std::filesystem::path &prefix)
{
    const auto images = readFeatures(prefix.string() + "_imgs.img_feat.jsonl", "image_id");
    if (!images)
        return images.propagate();
    const auto texts = readFeatures(prefix.string() + "_texts.txt_feat.jsonl", "text_id");
    if (!texts)
        return texts.propagate();
    if (images->rows.dimension != texts->rows.dimension)
        return fail(ErrorCode::CorruptData, prefix.string() + ": images and texts have features of " +
                                                std::to_string(images->rows.dimension) + " and " +
                                                std::to_string(texts->rows.dimension) + " numbers");
    const Places imagePlaces = placesOf(*images);
    const Places textPlaces = placesOf(*texts);
    std::vector<ImagesOfText> imagesOfTexts(texts->ids.size());
    const std::filesystem::path annotations = prefix.string() + "_texts.jsonl";
    auto done = readObjects(annotations, [&](std::size_t line, const Json &json) -> Result<void> {
        const Json *id = json.find("text_id");
        const Json *ids = json.find("image_ids");
        if (id == nullptr || !id->asInt() || ids == nullptr || ids->asArray() == nullptr)
            return corrupt(annotations, line, "expected text_id and image_ids");
        const auto text = textPlaces.find(*id->asInt());
        if (text == textPlaces.end())
            return corrupt(annotations, line,
                           "text " + std::to_string(*id->asInt()) + " has no feature: compute them again");
        std::vector<std::uint32_t> &right = imagesOfTexts[text->second].emplace(); // The last line counts.
        for (const Json &image : *ids->asArray()) {
            const auto found = image.asInt() ? imagePlaces.find(*image.asInt()) : imagePlaces.end();
            if (found == imagePlaces.end())
                return corrupt(annotations, line, "names an image that has no feature: compute them again");
            right.push_back(found->second);
        }
        return {};
    });
    if (!done)
        return done.propagate();
    return retrievalScores(images->rows, texts->rows, imagesOfTexts);
}

} // namespace yingxun::train

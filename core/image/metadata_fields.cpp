// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/metadata_fields.h"

#include "core/image/metadata_text.h"

#include <algorithm>
#include <cmath>
#include <exiv2/exiv2.hpp>
#include <initializer_list>
#include <span>

namespace yingxun::image {
namespace {

constexpr std::size_t kLongestLine = 500;          // Bytes.
constexpr std::size_t kLongestDescription = 8'000; // Bytes.
constexpr std::size_t kMostKeywords = 500;
constexpr std::size_t kLongestValue = 1 << 20; // Bytes that are looked at, of one value.

/// Of the keys the first that is there and holds something; else null.
template<typename Key, typename Data>
const Exiv2::Value *find(const Data &data, std::initializer_list<const char *> keys)
{
    for (const char *key : keys) {
        const auto found = data.findKey(Key(key));
        if (found != data.end() && found->count() > 0)
            return &found->value();
    }
    return nullptr;
}

const Exiv2::Value *find(const Exiv2::ExifData &data, std::initializer_list<const char *> keys)
{
    return find<Exiv2::ExifKey>(data, keys);
}

const Exiv2::Value *find(const Exiv2::XmpData &data, std::initializer_list<const char *> keys)
{
    return find<Exiv2::XmpKey>(data, keys);
}

std::string text(const Exiv2::Value *value, std::size_t longest = kLongestLine, Lines lines = Lines::One)
{
    if (value == nullptr || static_cast<std::size_t>(value->size()) > kLongestValue)
        return {};
    // In the language that the file calls its default, else in any.
    if (const auto *languages = dynamic_cast<const Exiv2::LangAltValue *>(value)) {
        const std::string byDefault = cleanText(languages->toString(0), longest, lines);
        return byDefault.empty() && !languages->value_.empty()
                   ? cleanText(languages->value_.begin()->second, longest, lines)
                   : byDefault;
    }
    const bool isList = dynamic_cast<const Exiv2::XmpArrayValue *>(value) != nullptr;
    return cleanText(isList ? value->toString(0) : value->toString(), longest, lines);
}

/// Part `index` of a value as a finite number.
std::optional<double> number(const Exiv2::Value *value, std::size_t index = 0)
{
    if (value == nullptr || static_cast<std::size_t>(value->count()) <= index)
        return std::nullopt;
    const Exiv2::Rational ratio = value->toRational(index);
    if (!value->ok())
        return std::nullopt;
    double above = ratio.first;
    double below = ratio.second;
    if (value->typeId() == Exiv2::unsignedRational) { // Exiv2 gives its 32 bits as signed.
        above = static_cast<std::uint32_t>(ratio.first);
        below = static_cast<std::uint32_t>(ratio.second);
    }
    if (below == 0)
        return std::nullopt;
    return above / below;
}

std::optional<double> positive(const Exiv2::Value *value)
{
    const auto said = number(value);
    return said && *said > 0 ? said : std::nullopt;
}

std::optional<double> within(std::optional<double> value, double limit)
{
    return value && std::abs(*value) <= limit ? value : std::nullopt;
}

/// Stars, or that it was rejected.
std::optional<int> rating(const Exiv2::Value *value)
{
    const auto said = number(value);
    return said && *said >= -1 && *said <= 5 ? std::optional(static_cast<int>(std::lround(*said)))
                                             : std::nullopt;
}

void setTime(Metadata &metadata, const std::optional<StatedTime> &time)
{
    if (!time)
        return;
    metadata.captureTimeMs = time->localMs;
    metadata.utcOffsetMinutes = time->utcOffsetMinutes;
}

/// Both or none; a receiver without a fix leaves zeros.
void setPosition(Metadata &metadata, std::optional<double> latitude, std::optional<double> longitude)
{
    latitude = within(latitude, 90);
    longitude = within(longitude, 180);
    if (!latitude || !longitude || (*latitude == 0 && *longitude == 0))
        return;
    metadata.latitude = latitude;
    metadata.longitude = longitude;
}

void setAltitude(Metadata &metadata, const Exiv2::Value *altitude, const Exiv2::Value *reference)
{
    constexpr double kHighest = 100'000;
    const auto metres = within(number(altitude), kHighest);
    if (metres)
        metadata.altitudeMetres = number(reference).value_or(0) == 1 ? -*metres : *metres;
}

/// Degrees, minutes and seconds, of which the later ones may be missing.
std::optional<double> degrees(const Exiv2::Value *value, const Exiv2::Value *side, const char *negativeSide)
{
    const auto whole = number(value);
    if (!whole)
        return std::nullopt;
    const double sum = *whole + number(value, 1).value_or(0) / 60 + number(value, 2).value_or(0) / 3600;
    return text(side) == negativeSide ? -sum : sum;
}

void addKeyword(Metadata &metadata, std::string_view bytes)
{
    std::string keyword = cleanText(bytes, kLongestLine);
    std::vector<std::string> &known = metadata.keywords;
    if (!keyword.empty() && known.size() < kMostKeywords &&
        std::find(known.begin(), known.end(), keyword) == known.end())
        known.push_back(std::move(keyword));
}

/// A text that Windows stores as bytes of UTF-16.
std::string windowsText(const Exiv2::ExifData &data, const char *key)
{
    const Exiv2::Value *value = find(data, {key});
    if (value == nullptr || static_cast<std::size_t>(value->size()) > kLongestValue)
        return {};
    std::vector<Exiv2::byte> bytes(static_cast<std::size_t>(value->size()));
    value->copy(bytes.data(), Exiv2::littleEndian);
    return fromUtf16(std::as_bytes(std::span(bytes)));
}

} // namespace

Metadata fromExif(const Exiv2::ExifData &data)
{
    Metadata metadata;
    setTime(metadata, parseTime(text(find(data, {"Exif.Photo.DateTimeOriginal"}))));
    if (metadata.captureTimeMs)
        metadata.utcOffsetMinutes = parseOffset(text(find(data, {"Exif.Photo.OffsetTimeOriginal"})));
    if (text(find(data, {"Exif.GPSInfo.GPSStatus"})) != "V") { // No fix: an old or no position.
        setPosition(metadata,
                    degrees(find(data, {"Exif.GPSInfo.GPSLatitude"}),
                            find(data, {"Exif.GPSInfo.GPSLatitudeRef"}), "S"),
                    degrees(find(data, {"Exif.GPSInfo.GPSLongitude"}),
                            find(data, {"Exif.GPSInfo.GPSLongitudeRef"}), "W"));
        setAltitude(metadata, find(data, {"Exif.GPSInfo.GPSAltitude"}),
                    find(data, {"Exif.GPSInfo.GPSAltitudeRef"}));
    }
    metadata.cameraMake = text(find(data, {"Exif.Image.Make"}));
    metadata.cameraModel = text(find(data, {"Exif.Image.Model"}));
    metadata.lens = text(find(data, {"Exif.Photo.LensModel"}));
    metadata.iso = positive(find(data, {"Exif.Photo.ISOSpeedRatings"}));
    constexpr double kBeyondShort = 65535; // The number is in a wider tag.
    if (!metadata.iso || *metadata.iso == kBeyondShort)
        metadata.iso = positive(find(data, {"Exif.Photo.ISOSpeed", "Exif.Photo.RecommendedExposureIndex"}));
    metadata.exposureSeconds = positive(find(data, {"Exif.Photo.ExposureTime", "Exif.Image.ExposureTime"}));
    metadata.fNumber = positive(find(data, {"Exif.Photo.FNumber", "Exif.Image.FNumber"}));
    metadata.focalLengthMm = positive(find(data, {"Exif.Photo.FocalLength", "Exif.Image.FocalLength"}));
    metadata.description =
        text(find(data, {"Exif.Image.ImageDescription"}), kLongestDescription, Lines::Many);
    return metadata;
}

Metadata fromXmp(const Exiv2::XmpData &data)
{
    Metadata metadata;
    for (const char *key : {"Xmp.exif.DateTimeOriginal", "Xmp.photoshop.DateCreated"}) {
        if (!metadata.captureTimeMs)
            setTime(metadata, parseTime(text(find(data, {key}))));
    }
    setPosition(metadata, parseCoordinate(text(find(data, {"Xmp.exif.GPSLatitude"}))),
                parseCoordinate(text(find(data, {"Xmp.exif.GPSLongitude"}))));
    setAltitude(metadata, find(data, {"Xmp.exif.GPSAltitude"}), find(data, {"Xmp.exif.GPSAltitudeRef"}));
    metadata.cameraMake = text(find(data, {"Xmp.tiff.Make"}));
    metadata.cameraModel = text(find(data, {"Xmp.tiff.Model"}));
    metadata.lens = text(find(data, {"Xmp.exifEX.LensModel", "Xmp.aux.Lens"}));
    metadata.iso = positive(find(data, {"Xmp.exifEX.PhotographicSensitivity", "Xmp.exif.ISOSpeedRatings"}));
    metadata.exposureSeconds = positive(find(data, {"Xmp.exif.ExposureTime"}));
    metadata.fNumber = positive(find(data, {"Xmp.exif.FNumber"}));
    metadata.focalLengthMm = positive(find(data, {"Xmp.exif.FocalLength"}));
    metadata.rating = rating(find(data, {"Xmp.xmp.Rating"}));
    if (const Exiv2::Value *subjects = find(data, {"Xmp.dc.subject"})) {
        const auto count = std::min(static_cast<std::size_t>(subjects->count()), kMostKeywords);
        for (std::size_t i = 0; i < count; ++i)
            addKeyword(metadata, subjects->toString(i));
    }
    metadata.title = text(find(data, {"Xmp.dc.title"}));
    metadata.description = text(find(data, {"Xmp.dc.description"}), kLongestDescription, Lines::Many);
    return metadata;
}

Metadata fromIptc(const Exiv2::IptcData &data)
{
    Metadata metadata;
    std::string date;
    std::string time;
    for (const Exiv2::Iptcdatum &entry : data) {
        const std::uint16_t record = entry.record();
        if (record != Exiv2::IptcDataSets::application2)
            continue;
        const Exiv2::Value *value = &entry.value();
        switch (entry.tag()) {
        case Exiv2::IptcDataSets::Keywords:
            addKeyword(metadata, text(value));
            break;
        case Exiv2::IptcDataSets::ObjectName:
            metadata.title = text(value);
            break;
        case Exiv2::IptcDataSets::Caption:
            metadata.description = text(value, kLongestDescription, Lines::Many);
            break;
        case Exiv2::IptcDataSets::DateCreated:
            date = text(value);
            break;
        case Exiv2::IptcDataSets::TimeCreated:
            time = text(value);
            break;
        default:
            break;
        }
    }
    setTime(metadata, parseTime(date + 'T' + time));
    return metadata;
}

Metadata fromWindowsTags(const Exiv2::ExifData &data)
{
    Metadata metadata;
    metadata.rating = rating(find(data, {"Exif.Image.Rating"}));
    metadata.title = cleanText(windowsText(data, "Exif.Image.XPTitle"), kLongestLine);
    const std::string keywords = windowsText(data, "Exif.Image.XPKeywords");
    for (std::size_t at = 0; at < keywords.size();) {
        const std::size_t end = std::min(keywords.find(';', at), keywords.size());
        addKeyword(metadata, std::string_view(keywords).substr(at, end - at));
        at = end + 1;
    }
    return metadata;
}

} // namespace yingxun::image

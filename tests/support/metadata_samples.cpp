// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/metadata_samples.h"

#include <cstdio>
#include <cstdlib>
#include <exiv2/exiv2.hpp>
#include <span>

namespace yingxun::test {
namespace {

std::vector<std::byte> bytesAt(const void *first, std::size_t count)
{
    const auto *begin = static_cast<const std::byte *>(first);
    return {begin, begin + count};
}

void addXmp(Exiv2::XmpData &data, const std::string &name, const std::string &text)
{
    const Exiv2::XmpKey key(name);
    auto value = Exiv2::Value::create(Exiv2::XmpProperties::propertyType(key));
    const auto known = data.findKey(key);
    if (known != data.end())
        value = known->getValue();
    value->read(text); // Adds to a list.
    if (known != data.end())
        known->setValue(value.get());
    else
        data.add(key, value.get());
}

} // namespace

std::vector<std::byte> withTags(const std::vector<std::byte> &picture, const Tags &tags)
try {
    const auto image =
        Exiv2::ImageFactory::open(reinterpret_cast<const Exiv2::byte *>(picture.data()), picture.size());
    image->readMetadata();
    for (const auto &[name, text] : tags) {
        if (name.starts_with("Exif."))
            image->exifData()[name] = text;
        else if (name.starts_with("Xmp."))
            addXmp(image->xmpData(), name, text);
        else
            image->iptcData()[name].setValue(text);
    }
    image->writeMetadata();
    Exiv2::BasicIo &io = image->io();
    return bytesAt(io.mmap(), static_cast<std::size_t>(io.size()));
} catch (const std::exception &error) {
    std::fprintf(stderr, "Exiv2 cannot write: %s\n", error.what());
    std::abort();
}

std::vector<std::byte> sidecar(const Tags &tags)
{
    Exiv2::XmpData data;
    for (const auto &[name, text] : tags)
        addXmp(data, name, text);
    std::string packet;
    if (Exiv2::XmpParser::encode(packet, data) != 0)
        std::abort();
    return bytesAt(packet.data(), packet.size());
}

} // namespace yingxun::test

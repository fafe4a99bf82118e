// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/metadata.h"

namespace yingxun {
namespace {

template<typename T>
void fill(std::optional<T> &gap, const std::optional<T> &value)
{
    if (!gap)
        gap = value;
}

template<typename T>
void fill(T &gap, const T &value)
{
    if (gap.empty())
        gap = value;
}

} // namespace

Metadata completed(Metadata first, const Metadata &second)
{
    fill(first.captureTimeMs, second.captureTimeMs);
    if (first.captureTimeMs == second.captureTimeMs)
        fill(first.utcOffsetMinutes, second.utcOffsetMinutes);
    if (!first.latitude) {
        first.latitude = second.latitude;
        first.longitude = second.longitude;
    }
    fill(first.altitudeMetres, second.altitudeMetres);
    fill(first.cameraMake, second.cameraMake);
    fill(first.cameraModel, second.cameraModel);
    fill(first.lens, second.lens);
    fill(first.iso, second.iso);
    fill(first.exposureSeconds, second.exposureSeconds);
    fill(first.fNumber, second.fNumber);
    fill(first.focalLengthMm, second.focalLengthMm);
    fill(first.rating, second.rating);
    fill(first.keywords, second.keywords);
    fill(first.title, second.title);
    fill(first.description, second.description);
    return first;
}

} // namespace yingxun

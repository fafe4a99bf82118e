// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/content_hash.h"

#include <QList>

#include <span>
#include <vector>

namespace yingxun::query {

/// Photos of a result that somebody wants more of, or less.
struct Feedback {
    QList<ContentHash> more;
    QList<ContentHash> less;
    bool isEmpty() const { return more.isEmpty() && less.isEmpty(); }
    bool operator==(const Feedback &) const = default;
};

/// What was looked for, moved towards the mean of some unit vectors and away from that of others, at length
/// 1:
///
///     q' = q + 0.75 mean(more) - 0.25 mean(less)
///
/// Rocchio, “Relevance feedback in information retrieval” (1971), with the weights of Manning et al.,
/// “Introduction to information retrieval” (2008), 9.1.1: what is right says more than what is wrong, of
/// which there are many kinds. Where nothing is left, q itself.
std::vector<float> refined(std::span<const float> unit, const std::vector<std::vector<float>> &more,
                           const std::vector<std::vector<float>> &less);

} // namespace yingxun::query

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/content_hash.h"

#include <cstddef>
#include <memory>
#include <span>

namespace yingxun {

/// XXH3-128 of `bytes` in canonical (big-endian) order, as `xxhsum -H2` prints it. Any thread.
ContentHash contentHash(std::span<const std::byte> bytes);

/// The same of bytes that come part by part. Belongs to one thread.
class ContentHasher
{
public:
    ContentHasher();
    ~ContentHasher();
    ContentHasher(const ContentHasher &) = delete;
    ContentHasher &operator=(const ContentHasher &) = delete;

    void add(std::span<const std::byte> bytes);
    ContentHash hash() const; ///< Of all that was added.

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace yingxun

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/content_hasher.h"

#include <cstring>
#include <new>
#include <xxhash.h>

namespace yingxun {

namespace {

ContentHash canonical(const XXH128_hash_t &value)
{
    XXH128_canonical_t digits;
    XXH128_canonicalFromHash(&digits, value);
    ContentHash hash;
    static_assert(sizeof digits.digest == sizeof hash.bytes);
    std::memcpy(hash.bytes.data(), digits.digest, hash.bytes.size());
    return hash;
}

} // namespace

ContentHash contentHash(std::span<const std::byte> bytes)
{
    return canonical(XXH3_128bits(bytes.data(), bytes.size()));
}

struct ContentHasher::State {
    struct Free {
        void operator()(XXH3_state_t *state) const { XXH3_freeState(state); }
    };
    std::unique_ptr<XXH3_state_t, Free> xxh3{XXH3_createState()};
};

ContentHasher::ContentHasher() : m_state(std::make_unique<State>())
{
    if (!m_state->xxh3)
        throw std::bad_alloc();
    XXH3_128bits_reset(m_state->xxh3.get());
}

ContentHasher::~ContentHasher() = default;

void ContentHasher::add(std::span<const std::byte> bytes)
{
    XXH3_128bits_update(m_state->xxh3.get(), bytes.data(), bytes.size());
}

ContentHash ContentHasher::hash() const
{
    return canonical(XXH3_128bits_digest(m_state->xxh3.get()));
}

} // namespace yingxun

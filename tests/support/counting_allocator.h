// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <c10/core/CPUAllocator.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>

// libtorch's logging has macros of these names.
#undef CHECK
#undef CHECK_EQ
#include "tests/support/check.h"

namespace yingxun::test {

/// Counts what all tensors on the CPU take, and has as little memory as a test wants. One a program: libtorch
/// allocates from it as long as it lives.
class CountingAllocator : public c10::Allocator
{
public:
    CountingAllocator() { c10::SetCPUAllocator(this); }

    // libtorch 1.13 asks through the first, 2.x through the second; the third is of 2.x alone.
    c10::DataPtr allocate(std::size_t bytes) const { return allocated(bytes); }
    c10::DataPtr allocate(std::size_t bytes) { return allocated(bytes); }
    void copy_data(void *to, const void *from, std::size_t bytes) const { std::memcpy(to, from, bytes); }
    c10::DeleterFnPtr raw_deleter() const override { return &release; }

    static std::int64_t taken() { return s_taken; } ///< Bytes, now.

    /// The most bytes that `work` takes at once, above what is taken before.
    template<typename Work>
    static std::int64_t peakOf(const Work &work)
    {
        const std::int64_t before = s_taken;
        s_peak = before;
        work();
        return s_peak - before;
    }

    /// From now on only `bytes` more are there.
    static void leave(std::int64_t bytes) { s_most = s_taken + bytes; }
    static void leaveAll() { s_most = std::numeric_limits<std::int64_t>::max(); }
    /// How often memory was asked for that was not there.
    static int refusals() { return s_refusals; }

private:
    static constexpr std::size_t kAlignment = 64; // Also the room before each block, for its size.

    static c10::DataPtr allocated(std::size_t bytes)
    {
        const c10::Device cpu(c10::DeviceType::CPU);
        if (bytes == 0)
            return {nullptr, nullptr, &release, cpu};
        const auto size = static_cast<std::int64_t>(bytes);
        const std::int64_t now = s_taken + size;
        if (now > s_most) {
            ++s_refusals;
            // Word for word what the CPU's own allocator says.
            TORCH_CHECK(false,
                        "[enforce fail at alloc_cpu.cpp:75] err == 0. DefaultCPUAllocator: can't allocate "
                        "memory: you tried to allocate ",
                        bytes, " bytes. Error code 12 (Cannot allocate memory)");
        }
        const std::size_t room = (bytes + 2 * kAlignment - 1) / kAlignment * kAlignment;
        auto *block = static_cast<std::byte *>(std::aligned_alloc(kAlignment, room));
        std::memcpy(block, &size, sizeof size);
        s_taken += size;
        for (std::int64_t peak = s_peak; peak < now && !s_peak.compare_exchange_weak(peak, now);) {
        }
        return {block + kAlignment, block + kAlignment, &release, cpu};
    }
    static void release(void *data)
    {
        if (data == nullptr)
            return;
        auto *block = static_cast<std::byte *>(data) - kAlignment;
        std::int64_t size = 0;
        std::memcpy(&size, block, sizeof size);
        s_taken -= size;
        std::free(block);
    }

    static inline std::atomic<std::int64_t> s_taken = 0;
    static inline std::atomic<std::int64_t> s_peak = 0;
    static inline std::atomic<std::int64_t> s_most = std::numeric_limits<std::int64_t>::max();
    static inline std::atomic<int> s_refusals = 0;
};

} // namespace yingxun::test

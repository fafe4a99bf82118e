// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>

namespace yingxun::vectors {

/// Reads so much memory, and does nothing else with it: no scan of as many bytes can be quicker. For
/// measurements.
/// @param threads  at most; a little is read by one, as others would take longer to begin
/// @return the sum, so that nothing can be left out
std::uint64_t readAll(std::span<const std::uint64_t> words, int threads);

} // namespace yingxun::vectors

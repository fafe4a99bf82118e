// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/clip/pickle.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace yingxun::clip::detail {

/// The interpreter of Pickle::read: a stack of values, marks in it, and a memo.
class PickleMachine
{
public:
    PickleMachine(std::span<const std::byte> bytes, std::deque<PickleValue> &values)
        : m_bytes(bytes), m_values(values)
    {
    }

    /// The one value that the pickle leaves, which may still contain itself.
    Result<const PickleValue *> run();
    std::size_t position() const noexcept { return m_at; } ///< Bytes that were read.

private:
    Result<void> step(unsigned char operation);
    Result<void> pushText(std::size_t size);
    Result<void> pushLongNumber();
    Result<void> pushContainer(PickleValue::Kind kind, std::size_t first);
    Result<void> pushGlobal(std::string_view module, std::string_view name);
    Result<void> readGlobal();
    Result<void> stackGlobal();
    Result<void> reduce();
    Result<void> build();
    Result<void> append(std::size_t first);
    Result<void> setItems(std::size_t first);
    Result<void> remember(std::size_t key);
    Result<void> recall(std::size_t key);

    /// A little-endian number of `size` bytes, at most 8.
    std::optional<std::uint64_t> number(std::size_t size);
    std::optional<std::string_view> line();
    Result<void> push(PickleValue value);
    PickleValue *pop();
    /// Where the values since the last mark begin; the mark goes.
    std::optional<std::size_t> popMark();
    /// Whether `count` values lie above the last mark.
    bool has(std::size_t count) const
    {
        return m_stack.size() - (m_marks.empty() ? 0 : m_marks.back()) >= count;
    }

    std::span<const std::byte> m_bytes;
    std::size_t m_at = 0;
    std::deque<PickleValue> &m_values;
    std::vector<PickleValue *> m_stack;
    std::vector<std::size_t> m_marks;
    std::unordered_map<std::size_t, PickleValue *> m_memo;
    std::size_t m_items = 0;
    bool m_ended = false;
};

} // namespace yingxun::clip::detail

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace yingxun::clip {

/// A value of a pickle. Containers refer to values of the same Pickle, which shares them freely but never in
/// a circle.
struct PickleValue {
    enum class Kind {
        None,
        Bool,
        Int,
        Float,
        Text,
        Tuple,
        List,
        Dict,       ///< Also an OrderedDict: both keep their order.
        Global,     ///< One of the allowed names, in `text`.
        Persistent, ///< A reference to data outside the pickle; items[0] describes it.
        Call,       ///< A tensor to be built: the function in `text`, its arguments in `items`.
        Inert,      ///< Something that models do not need; what it was is not kept.
    };

    Kind kind = Kind::None;
    bool truth = false;
    std::int64_t whole = 0;
    double real = 0;
    std::string text;                       ///< Text: as in the file, not checked to be UTF-8.
    std::vector<const PickleValue *> items; ///< Tuple, List, Persistent, Call.
    std::vector<std::pair<const PickleValue *, const PickleValue *>> members; ///< Dict; see find().

    /// The value of a text key; nullptr: none, or no Dict. The last of equal keys counts.
    const PickleValue *find(std::string_view key) const noexcept;
};

/// Reads the part of Python's pickle language that torch.save uses, and nothing else. A pickle is a program;
/// this interpreter has no way to run anything: names come from a fixed list and are only remembered.
/// Source: Python's pickletools (protocols 2 to 5).
/// Threads: constant after read().
class Pickle
{
public:
    /// @param bytes  begins with a pickle; what follows it is not looked at, see size().
    /// Errors: Truncated, CorruptData (broken; a value that contains itself; absurdly many values),
    /// Unsupported (an operation or a name outside the list: the message says which).
    static Result<Pickle> read(std::span<const std::byte> bytes);

    Pickle(Pickle &&) noexcept = default;
    Pickle &operator=(Pickle &&) noexcept = default;
    Pickle(const Pickle &) = delete; // Values point to each other.
    Pickle &operator=(const Pickle &) = delete;
    ~Pickle() = default;

    const std::deque<PickleValue> &values() const noexcept { return m_values; } ///< All of them, in no order.
    const PickleValue &root() const noexcept { return *m_root; }
    std::size_t size() const noexcept { return m_size; } ///< Bytes, the closing operation included.

private:
    Pickle() = default;

    std::deque<PickleValue> m_values; ///< A deque: values stay where they are.
    const PickleValue *m_root = nullptr;
    std::size_t m_size = 0;
};

} // namespace yingxun::clip

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cassert>
#include <string>
#include <utility>
#include <variant>

namespace yingxun {

/// What went wrong, for branching. The user interface translates it; the message is for the log.
enum class ErrorCode {
    InvalidArgument, ///< The caller asked for something that makes no sense.
    NotFound,        ///< No such file, model, label…
    Io,              ///< The operating system refused to read or write.
    CorruptData,     ///< The content breaks its own format.
    Truncated,       ///< The content stops early.
    Unsupported,     ///< A format or feature that this build does not read.
    TooLarge,        ///< Beyond a limit that protects memory or time.
    OutOfMemory,     ///< Host or device memory ran out; smaller batches may succeed.
    Cancelled,       ///< The caller's stop token was triggered.
    Internal,        ///< A bug of ours or of a library.
    ReadOnly,        ///< The library may only be read from here.
};

/// An expected failure. `message` is one English sentence that names the file and says what to do.
struct Error {
    ErrorCode code = ErrorCode::Internal;
    std::string message;
};

/// Carries an Error into a Result of any type; made by fail() and Result::propagate().
struct Unexpected {
    Error error;
};

[[nodiscard]] inline Unexpected fail(ErrorCode code, std::string message)
{
    return {{code, std::move(message)}};
}

/// A value or an Error: the part of std::expected<T, Error> that we use, in the same spelling
/// (GCC 12 has no std::expected).
template<typename T>
class [[nodiscard]] Result
{
public:
    Result(T value) : m_state(std::in_place_index<0>, std::move(value)) {}
    Result(Unexpected failure) : m_state(std::in_place_index<1>, std::move(failure.error)) {}

    bool has_value() const noexcept { return m_state.index() == 0; }
    explicit operator bool() const noexcept { return has_value(); }

    T &value() &
    {
        assert(has_value());
        return *std::get_if<0>(&m_state);
    }
    const T &value() const &
    {
        assert(has_value());
        return *std::get_if<0>(&m_state);
    }
    T &&value() &&
    {
        assert(has_value());
        return std::move(*std::get_if<0>(&m_state));
    }
    T &operator*() & { return value(); }
    const T &operator*() const & { return value(); }
    T &&operator*() && { return std::move(*this).value(); }
    T *operator->() { return &value(); }
    const T *operator->() const { return &value(); }

    const Error &error() const
    {
        assert(!has_value());
        return *std::get_if<1>(&m_state);
    }
    /// The error, ready to be returned from a function with another result type.
    [[nodiscard]] Unexpected propagate() const { return {error()}; }

private:
    std::variant<T, Error> m_state;
};

template<>
class [[nodiscard]] Result<void>
{
public:
    Result() = default;
    Result(Unexpected failure) : m_error(std::move(failure.error)), m_ok(false) {}

    bool has_value() const noexcept { return m_ok; }
    explicit operator bool() const noexcept { return m_ok; }
    const Error &error() const
    {
        assert(!m_ok);
        return m_error;
    }
    [[nodiscard]] Unexpected propagate() const { return {error()}; }

private:
    Error m_error;
    bool m_ok = true;
};

} // namespace yingxun

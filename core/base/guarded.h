// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <exception>
#include <new>
#include <string>

namespace yingxun {

/// Runs `body`, which returns a Result, and turns what it throws into an Error; for the outermost function
/// of a thread, where an exception would end the program. `what` begins the message: "Reading /a.jpg".
template<typename Body>
auto guarded(const std::string &what, const Body &body) -> decltype(body())
{
    try {
        return body();
    } catch (const std::bad_alloc &) {
        return fail(ErrorCode::OutOfMemory, what + " failed: there is not enough memory.");
    } catch (const std::exception &error) {
        return fail(ErrorCode::Internal, what + " failed: " + error.what() + ".");
    }
}

} // namespace yingxun

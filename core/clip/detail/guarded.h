// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/clip/detail/stopping.h"

#include <c10/util/Exception.h>

#include <new>
#include <string>

namespace yingxun::clip::detail {

/// Runs `body` and turns whatever libtorch throws into an Error: every public function that reaches
/// libtorch goes through here, so that no exception leaves the library.
template<typename Body>
auto guarded(const char *what, Body body) -> decltype(body())
{
    try {
        return body();
    } catch (const c10::Error &e) {
        const std::string text = e.what_without_backtrace();
        // The allocators of CPU and GPU have no error type of their own in libtorch 1.13; cuBLAS allocates
        // itself.
        const bool memory = text.find("out of memory") != std::string::npos ||
                            text.find("can't allocate memory") != std::string::npos ||
                            text.find("CUBLAS_STATUS_ALLOC_FAILED") != std::string::npos;
        return fail(memory ? ErrorCode::OutOfMemory : ErrorCode::Internal, std::string(what) + ": " + text);
    } catch (const Stopped &) {
        return fail(ErrorCode::Cancelled, std::string(what) + ": stopped");
    } catch (const std::bad_alloc &) {
        return fail(ErrorCode::OutOfMemory, std::string(what) + ": not enough memory");
    } catch (const std::exception &e) {
        return fail(ErrorCode::Internal, std::string(what) + ": " + e.what());
    }
}

} // namespace yingxun::clip::detail

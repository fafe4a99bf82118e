// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <exception>
#include <string>

namespace yingxun::image {

/// To be called before anything of OpenCV: keeps it to the calling thread, as whoever calls has filled the
/// processors with threads already, and keeps it from writing to standard error. Any thread, any number of
/// times.
void prepareOpenCv();

/// Of the library that is loaded.
std::string openCvVersion();

/// What OpenCV or memory threw, as an error that begins with `what`. OutOfMemory or Internal.
Unexpected asFailure(const std::exception &error, const std::string &what);

} // namespace yingxun::image

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace yingxun::image {

/// To be called before anything of OpenCV: keeps it to the calling thread, as whoever calls has filled the
/// processors with threads already, and keeps it from writing to standard error. Any thread, any number of
/// times.
void prepareOpenCv();

} // namespace yingxun::image

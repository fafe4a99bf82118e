// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/opencv.h"

#include <new>
#include <opencv2/core/utility.hpp>
#include <opencv2/core/utils/logger.hpp>

namespace yingxun::image {

void prepareOpenCv()
{
    static const bool prepared = [] {
        cv::setNumThreads(1);
        cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
        return true;
    }();
    static_cast<void>(prepared);
}

std::string openCvVersion()
{
    return cv::getVersionString();
}

Unexpected asFailure(const std::exception &error, const std::string &what)
{
    const auto *own = dynamic_cast<const cv::Exception *>(&error);
    if (dynamic_cast<const std::bad_alloc *>(&error) != nullptr ||
        (own != nullptr && own->code == cv::Error::StsNoMem))
        return fail(ErrorCode::OutOfMemory, what + ": there is not enough memory.");
    return fail(ErrorCode::Internal, what + ": " + (own != nullptr ? own->err : error.what()) + ".");
}

} // namespace yingxun::image

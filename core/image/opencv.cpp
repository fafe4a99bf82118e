// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/image/opencv.h"

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

} // namespace yingxun::image

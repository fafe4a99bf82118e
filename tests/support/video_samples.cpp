// SPDX-License-Identifier: GPL-3.0-or-later
#include "video_samples.h"

#include <opencv2/videoio.hpp>

namespace yingxun::test {

bool writeVideo(const std::string &path, const std::vector<VideoPart> &parts, int width, int height)
{
    constexpr int kRate = 10;
    const int coding = path.ends_with(".webm") ? cv::VideoWriter::fourcc('V', 'P', '8', '0')
                                               : cv::VideoWriter::fourcc('m', 'p', '4', 'v');
    cv::VideoWriter writer(path, cv::CAP_FFMPEG, coding, kRate, cv::Size(width, height));
    for (const VideoPart &part : parts) {
        const cv::Mat frame(height, width, CV_8UC3, cv::Scalar(part.blue, part.green, part.red));
        for (int i = 0; i < part.seconds * kRate; ++i)
            writer.write(frame);
    }
    const bool written = writer.isOpened();
    writer.release();
    return written;
}

} // namespace yingxun::test

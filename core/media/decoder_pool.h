// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/media/decoder_process.h"
#include "core/media/media.h"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <mutex>
#include <vector>

namespace yingxun::media {

struct DecoderLimits {
    std::chrono::milliseconds picture{30'000}; ///< Of one picture; waiting for memory does not count.
    std::chrono::milliseconds video{60'000};   ///< Of one video.
};

/// Makes what is wanted of files in processes of their own, which may not use the network, write or start
/// anything: a file that crashes its decoder, or holds it up, costs that process. It is tried once more, in
/// another one, as memory may have been short; then it fails with Internal. Processes are started when they
/// are needed, and kept for the next file, at most one for each processor.
class DecoderPool : public Reader
{
public:
    /// @param program  yingxun-decoder, of the same build; opened now
    explicit DecoderPool(std::filesystem::path program, DecoderLimits limits = {});

    /// Errors: those of Reader, and where the program cannot be started NotFound and Io. Stops at once: the
    /// process is killed.
    Result<Media> read(const MediaFile &file, const Wants &wants, const std::stop_token &stop) override;

    Result<void> prepare() override; ///< Starts a process, to be used for the first file.

private:
    Result<DecoderProcess> take();
    void giveBack(DecoderProcess process);

    std::filesystem::path m_program;
    FileDescriptor m_opened; ///< An update may replace the program while this one runs.
    DecoderLimits m_limits;
    std::size_t m_mostIdle;
    std::mutex m_mutex;
    std::vector<DecoderProcess> m_idle;
};

} // namespace yingxun::media

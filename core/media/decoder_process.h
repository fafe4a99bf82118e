// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/file_descriptor.h"
#include "core/media/media.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <sys/types.h>

namespace yingxun::media {

/// One running yingxun-decoder. Belongs to one thread at a time; killed when the object goes.
class DecoderProcess
{
public:
    /// @param opened  the program, opened as openedProgram() does: what is started although another build has
    /// taken its place by now; of no file: what is there now
    /// Errors: NotFound (no such program), Io.
    static Result<DecoderProcess> start(const std::filesystem::path &program, const FileDescriptor &opened,
                                        std::uint64_t addressSpaceBytes);
    /// Of a binary: a script's interpreter could not read it. Of no file: it failed.
    static FileDescriptor openedProgram(const std::filesystem::path &program);
    DecoderProcess(DecoderProcess &&other) noexcept;
    DecoderProcess &operator=(DecoderProcess &&other) noexcept;
    ~DecoderProcess();

    /// How a task ended. Without a result the process is of no more use.
    struct Outcome {
        std::optional<Result<Media>> result;
        std::string lost;         ///< Without a result: how the process was lost, "signal 11"…
        bool isKilled = false;    ///< By somebody else: memory was short, more often than not.
        bool isLate = false;      ///< It was killed because it took too long.
        bool isCancelled = false; ///< It was killed because it was to stop.
    };
    bool isRunning(); ///< False once it has ended, by whomever.
    /// @param patience  does not count waiting for memory, see image::DecodeBudget
    Outcome read(const MediaFile &file, const Wants &wants, std::chrono::milliseconds patience,
                 const std::stop_token &stop);

private:
    DecoderProcess(pid_t process, FileDescriptor socket) : m_process(process), m_socket(std::move(socket)) {}
    struct End {
        std::string how;
        bool wasKilled = false; ///< By somebody else, before.
    };
    /// Kills it, if it does not end by itself in the meantime.
    End end(std::chrono::milliseconds meantime = {});
    Outcome cancelled();
    Outcome lost(std::chrono::milliseconds meantime = {});

    pid_t m_process = -1;
    FileDescriptor m_socket;
};

} // namespace yingxun::media

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/file_descriptor.h"
#include "core/media/media.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// What the program and a decoder say to each other, over a socket that keeps messages apart. Both come from
/// the same build.
namespace yingxun::media {

/// From the program: make this of the file that comes with it, in the memory that comes with it, too.
struct Task {
    MediaKind kind = MediaKind::Photo;
    Wants wants;
    std::uint64_t memory = 0; ///< Bytes that decoding may take, see image::DecodeBudget.
    std::string name;         ///< Of the file, for messages.
};

/// From the decoder.
enum class Say : std::uint8_t {
    NeedsMemory = 1, ///< Before it takes so many bytes; it waits for an answer of one byte.
    Done,            ///< The result has so many bytes, in the memory that came with the task.
};
struct Word {
    Say say = Say::Done;
    std::uint64_t bytes = 0;
};

std::vector<std::byte> packed(const Task &task);
std::vector<std::byte> packed(const Word &word);
std::vector<std::byte> packed(const Result<Media> &result);
std::optional<Task> taskIn(std::span<const std::byte> message); ///< Nothing: it is no task. So below.
std::optional<Word> wordIn(std::span<const std::byte> message);
/// Checks what it says against what was wanted, as the decoder may have been taken over by the file.
/// @return nothing: it makes no sense.
std::optional<Result<Media>> resultIn(std::span<const std::byte> message, const Wants &wants);

/// @param descriptors  go along; at most kMostDescriptors. @return whether it was sent.
bool sendMessage(int socket, std::span<const std::byte> message, std::span<const int> descriptors = {});
constexpr std::size_t kMostDescriptors = 2;
struct Message {
    std::vector<std::byte> bytes; ///< Empty: the other end has gone.
    std::vector<FileDescriptor> descriptors;
};
/// What comes along is taken only by decoders: what one of them hands out may be a database of this program,
/// and closing that would drop the locks on it.
enum class Along { Taken, Refused };
Message receiveMessage(int socket, Along along);

} // namespace yingxun::media

// SPDX-License-Identifier: GPL-3.0-or-later
// A decoder as a file may make of one: does what the beginning of the file says.
#include "core/media/decoder_child.h"
#include "core/media/packet.h"
#include "core/media/wire.h"

#include <csignal>
#include <fcntl.h>
#include <string>
#include <unistd.h>

using namespace yingxun;

namespace {

void answer(int socket, const media::Message &task, const std::vector<std::byte> &bytes, std::uint64_t says)
{
    static_cast<void>(::write(task.descriptors.at(1).get(), bytes.data(), bytes.size()));
    media::sendMessage(socket, media::packed(media::Word{media::Say::Done, says}));
}

} // namespace

int main()
{
    constexpr int kSocket = media::kDecoderSocket;
    media::Message message = media::receiveMessage(kSocket, media::Along::Taken);
    const auto file = media::MediaFile::received(std::move(message.descriptors.at(0)), MediaKind::Photo);
    const std::string wish(reinterpret_cast<const char *>(file->bytes().data()), file->bytes().size());
    if (wish == "crash") {
        std::raise(SIGSEGV);
    } else if (wish == "hang") {
        ::pause();
    } else if (wish == "nonsense") {
        media::sendMessage(kSocket, std::vector<std::byte>(3));
        ::pause();
    } else if (wish == "empty") {
        answer(kSocket, message, {}, 0);
        ::pause();
    } else if (wish == "too short") {
        answer(kSocket, message, std::vector<std::byte>(10), 1000);
        ::pause();
    } else if (wish == "huge") {
        answer(kSocket, message, {}, ~0ULL);
        ::pause();
    } else if (wish == "not what was wanted") {
        answer(kSocket, message, media::packed(Result<media::Media>(media::Media())), 0);
        ::pause();
    } else if (wish == "memory") { // More than there is for all.
        media::sendMessage(kSocket, media::packed(media::Word{media::Say::NeedsMemory, ~0ULL}));
        ::pause();
    } else if (wish.starts_with("/")) { // Once only: leaves a mark by which the next one knows.
        if (::access(wish.c_str(), F_OK) == 0) {
            const auto bytes = media::packed(Result<media::Media>(fail(ErrorCode::Truncated, "the second")));
            answer(kSocket, message, bytes, bytes.size());
            ::pause();
        }
        FileDescriptor(::open(wish.c_str(), O_CREAT | O_WRONLY, 0600));
        std::raise(SIGKILL);
    }
    return 0;
}

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/wire.h"

#include "core/image/moment_chooser.h"
#include "core/media/packet.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <sys/socket.h>
#include <utility>

namespace yingxun::media {
namespace {

constexpr std::size_t kLongestMessage = 1 << 14; // A path, and a little more.
constexpr auto kLastErrorCode = ErrorCode::ReadOnly;
constexpr std::size_t kLongestText = 1000; // Of an error.

void put(PacketWriter &out, const image::RgbImage &picture)
{
    out.put(std::int32_t{picture.width});
    out.put(std::int32_t{picture.height});
    out.put(std::as_bytes(std::span(picture.pixels)));
}

/// Nothing: its pixels are not as many as it says.
std::optional<image::RgbImage> takePicture(PacketReader &in)
{
    image::RgbImage picture;
    picture.width = in.take<std::int32_t>();
    picture.height = in.take<std::int32_t>();
    const auto pixels = in.takeBytes();
    if (picture.width < 0 || picture.height < 0 ||
        std::uint64_t{3} * static_cast<std::uint64_t>(picture.width) *
                static_cast<std::uint64_t>(picture.height) !=
            pixels.size())
        return std::nullopt;
    const auto *first = reinterpret_cast<const std::uint8_t *>(pixels.data());
    picture.pixels.assign(first, first + pixels.size());
    return picture;
}

template<typename T>
void put(PacketWriter &out, const std::optional<T> &value)
{
    out.put(value.has_value());
    out.put(value.value_or(T{}));
}

template<typename T>
std::optional<T> takeOptional(PacketReader &in)
{
    const bool isSet = in.takeFlag();
    const T value = in.take<T>();
    return isSet ? std::optional(value) : std::nullopt;
}

void put(PacketWriter &out, const Metadata &metadata)
{
    put(out, metadata.captureTimeMs);
    put(out, metadata.utcOffsetMinutes);
    for (const auto &value : {metadata.latitude, metadata.longitude, metadata.altitudeMetres, metadata.iso,
                              metadata.exposureSeconds, metadata.fNumber, metadata.focalLengthMm})
        put(out, value);
    put(out, metadata.rating);
    for (const auto &text :
         {metadata.cameraMake, metadata.cameraModel, metadata.lens, metadata.title, metadata.description})
        out.put(text);
    out.put(static_cast<std::uint64_t>(metadata.keywords.size()));
    for (const std::string &keyword : metadata.keywords)
        out.put(keyword);
}

Metadata takeMetadata(PacketReader &in)
{
    Metadata metadata;
    metadata.captureTimeMs = takeOptional<std::int64_t>(in);
    metadata.utcOffsetMinutes = takeOptional<int>(in);
    for (auto *value : {&metadata.latitude, &metadata.longitude, &metadata.altitudeMetres, &metadata.iso,
                        &metadata.exposureSeconds, &metadata.fNumber, &metadata.focalLengthMm})
        *value = takeOptional<double>(in);
    metadata.rating = takeOptional<int>(in);
    for (auto *text : {&metadata.cameraMake, &metadata.cameraModel, &metadata.lens, &metadata.title,
                       &metadata.description})
        *text = in.takeText();
    for (auto left = in.take<std::uint64_t>(); left > 0 && in.isIntact(); --left)
        metadata.keywords.push_back(in.takeText());
    return metadata;
}

std::vector<Moment> takeMoments(PacketReader &in)
{
    std::vector<Moment> moments;
    for (auto left = in.take<std::uint64_t>(); left > 0 && in.isIntact(); --left) {
        Moment moment;
        moment.timeMs = in.take<std::int64_t>();
        const auto thumbnail = in.takeBytes();
        moment.thumbnail.assign(thumbnail.begin(), thumbnail.end());
        const auto input = in.takeBytes();
        const auto *first = reinterpret_cast<const std::uint8_t *>(input.data());
        moment.towerInput.assign(first, first + input.size());
        moments.push_back(std::move(moment));
    }
    return moments;
}

bool isThumbnail(std::span<const std::byte> bytes)
{
    constexpr std::size_t kLargest = 1 << 20;
    constexpr std::array kBegin{std::byte{0xff}, std::byte{0xd8}, std::byte{0xff}};
    return bytes.size() <= kLargest && bytes.size() > kBegin.size() &&
           std::equal(kBegin.begin(), kBegin.end(), bytes.begin());
}

/// Whether they are what was asked for, in their order.
bool arePlausible(const std::vector<Moment> &moments, int side)
{
    if (std::ssize(moments) > (side > 0 ? image::MomentChooser::kMost : 0))
        return false;
    const auto bytes = 3 * static_cast<std::uint64_t>(side) * static_cast<std::uint64_t>(side);
    std::int64_t lastMs = -1;
    return std::all_of(moments.begin(), moments.end(), [&](const Moment &moment) {
        return std::exchange(lastMs, moment.timeMs) < moment.timeMs && isThumbnail(moment.thumbnail) &&
               moment.towerInput.size() == bytes;
    });
}

bool isFinite(const std::optional<double> &value)
{
    return !value || std::isfinite(*value);
}

/// What a reader would never say, and the catalogue or the window would stumble over.
bool isPlausible(const Media &media)
{
    const Metadata &said = media.metadata;
    return (media.thumbnail.empty() || isThumbnail(media.thumbnail)) && media.info.width >= 0 &&
           media.info.height >= 0 && (!media.measures || std::isfinite(media.measures->sharpness)) &&
           isFinite(said.latitude) && isFinite(said.longitude) && isFinite(said.altitudeMetres) &&
           isFinite(said.iso) && isFinite(said.exposureSeconds) && isFinite(said.fNumber) &&
           isFinite(said.focalLengthMm);
}

} // namespace

std::vector<std::byte> packed(const Task &task)
{
    PacketWriter out;
    out.put(static_cast<std::uint8_t>(task.kind));
    out.put(task.wants.thumbnail);
    out.put(task.wants.measures);
    out.put(task.wants.metadata);
    out.put(task.wants.isSidecar);
    out.put(task.wants.isExact);
    out.put(std::int32_t{task.wants.towerSide});
    out.put(std::int32_t{task.wants.momentSide});
    out.put(std::int32_t{task.wants.shownSide.value_or(-1)});
    out.put(task.memory);
    out.put(task.name);
    return out.bytes();
}

std::optional<Task> taskIn(std::span<const std::byte> message)
{
    PacketReader in(message);
    Task task;
    task.kind = static_cast<MediaKind>(in.take<std::uint8_t>());
    task.wants.thumbnail = in.takeFlag();
    task.wants.measures = in.takeFlag();
    task.wants.metadata = in.takeFlag();
    task.wants.isSidecar = in.takeFlag();
    task.wants.isExact = in.takeFlag();
    task.wants.towerSide = in.take<std::int32_t>();
    task.wants.momentSide = in.take<std::int32_t>();
    if (const int side = in.take<std::int32_t>(); side >= 0)
        task.wants.shownSide = side;
    task.memory = in.take<std::uint64_t>();
    task.name = in.takeText();
    return in.isIntact() && in.isAtEnd() ? std::optional(task) : std::nullopt;
}

std::vector<std::byte> packed(const Word &word)
{
    PacketWriter out;
    out.put(word.say);
    out.put(word.bytes);
    return out.bytes();
}

std::optional<Word> wordIn(std::span<const std::byte> message)
{
    PacketReader in(message);
    const auto say = in.take<std::uint8_t>();
    const auto bytes = in.take<std::uint64_t>();
    if (!in.isIntact() || !in.isAtEnd() || say < static_cast<int>(Say::NeedsMemory) ||
        say > static_cast<int>(Say::Done))
        return std::nullopt;
    return Word{static_cast<Say>(say), bytes};
}

std::vector<std::byte> packed(const Result<Media> &result)
{
    PacketWriter out;
    out.put(result.has_value());
    if (!result) {
        out.put(static_cast<std::int32_t>(result.error().code));
        out.put(result.error().message);
        return out.bytes();
    }
    const Media &media = *result;
    out.put(std::int32_t{media.info.width});
    out.put(std::int32_t{media.info.height});
    out.put(media.info.captureTimeMs.has_value());
    out.put(media.info.captureTimeMs.value_or(0));
    out.put(media.info.format);
    out.put(std::span(media.thumbnail));
    out.put(media.measures.has_value());
    const image::Measures measures = media.measures.value_or(image::Measures());
    out.put(measures.sharpness);
    out.put(measures.perceptualHash);
    put(out, media.metadata);
    out.put(std::as_bytes(std::span(media.towerInput)));
    put(out, media.shown);
    out.put(static_cast<std::uint64_t>(media.moments.size()));
    for (const Moment &moment : media.moments) {
        out.put(moment.timeMs);
        out.put(std::span(moment.thumbnail));
        out.put(std::as_bytes(std::span(moment.towerInput)));
    }
    return out.bytes();
}

std::optional<Result<Media>> resultIn(std::span<const std::byte> message, const Wants &wants)
{
    PacketReader in(message);
    if (!in.takeFlag()) {
        const auto code = in.take<std::int32_t>();
        std::string text = in.takeText();
        if (!in.isIntact() || !in.isAtEnd() || code < 0 || code > static_cast<int>(kLastErrorCode))
            return std::nullopt;
        text.resize(std::min(text.size(), kLongestText));
        return Result<Media>(fail(static_cast<ErrorCode>(code), std::move(text)));
    }
    Media media;
    media.info.width = in.take<std::int32_t>();
    media.info.height = in.take<std::int32_t>();
    const bool hasTime = in.takeFlag();
    const auto time = in.take<std::int64_t>();
    if (hasTime)
        media.info.captureTimeMs = time;
    media.info.format = in.takeText();
    const auto thumbnail = in.takeBytes();
    media.thumbnail.assign(thumbnail.begin(), thumbnail.end());
    const bool isMeasured = in.takeFlag();
    const auto sharpness = in.take<double>();
    const auto perceptualHash = in.take<std::uint64_t>();
    if (isMeasured)
        media.measures = image::Measures{sharpness, perceptualHash};
    media.metadata = takeMetadata(in);
    const auto input = in.takeBytes();
    const auto *first = reinterpret_cast<const std::uint8_t *>(input.data());
    media.towerInput.assign(first, first + input.size());
    auto shown = takePicture(in);
    media.moments = takeMoments(in);
    if (!in.isIntact() || !in.isAtEnd() || !shown)
        return std::nullopt;
    media.shown = *std::move(shown);
    if (!isPlausible(media))
        return std::nullopt;
    const auto side = static_cast<std::uint64_t>(wants.towerSide);
    const bool isComplete =
        media.measures.has_value() == wants.measures && media.towerInput.size() == 3 * side * side &&
        media.thumbnail.empty() != wants.thumbnail && arePlausible(media.moments, wants.momentSide) &&
        media.shown.isNull() != wants.shownSide.has_value();
    if (!wants.isSidecar && !isComplete)
        return std::nullopt;
    return Result<Media>(std::move(media));
}

bool sendMessage(int socket, std::span<const std::byte> message, std::span<const int> descriptors)
{
    iovec part{const_cast<std::byte *>(message.data()), message.size()};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(kMostDescriptors * sizeof(int))> control{};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    if (!descriptors.empty()) {
        const std::size_t bytes = std::min(descriptors.size(), kMostDescriptors) * sizeof(int);
        header.msg_control = control.data();
        header.msg_controllen = CMSG_SPACE(bytes);
        cmsghdr *along = CMSG_FIRSTHDR(&header);
        along->cmsg_level = SOL_SOCKET;
        along->cmsg_type = SCM_RIGHTS;
        along->cmsg_len = CMSG_LEN(bytes);
        std::memcpy(CMSG_DATA(along), descriptors.data(), bytes);
    }
    ssize_t sent = -1;
    do {
        sent = ::sendmsg(socket, &header, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    return sent == static_cast<ssize_t>(message.size());
}

Message receiveMessage(int socket, Along along)
{
    Message message;
    message.bytes.resize(kLongestMessage);
    iovec part{message.bytes.data(), message.bytes.size()};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(kMostDescriptors * sizeof(int))> control{};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    if (along == Along::Taken) {
        header.msg_control = control.data();
        header.msg_controllen = control.size();
    }
    ssize_t got = -1;
    do {
        got = ::recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
    } while (got < 0 && errno == EINTR);
    message.bytes.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    const cmsghdr *came = got > 0 && along == Along::Taken ? CMSG_FIRSTHDR(&header) : nullptr;
    if (came != nullptr && came->cmsg_level == SOL_SOCKET && came->cmsg_type == SCM_RIGHTS) {
        std::array<int, kMostDescriptors> numbers{};
        const std::size_t bytes = std::min<std::size_t>(came->cmsg_len - CMSG_LEN(0), sizeof(numbers));
        std::memcpy(numbers.data(), CMSG_DATA(came), bytes);
        for (std::size_t i = 0; i < bytes / sizeof(int); ++i)
            message.descriptors.emplace_back(numbers[i]);
    }
    return message;
}

} // namespace yingxun::media

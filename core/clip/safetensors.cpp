// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/safetensors.h"

#include "core/base/atomic_file.h"
#include "core/base/json.h"
#include "core/base/json_writer.h"
#include "core/clip/detail/stopping.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>
#include <optional>

namespace yingxun::clip {
namespace {

static_assert(std::endian::native == std::endian::little, "safetensors data is used as it lies in the file");

// Far beyond any Chinese-CLIP model (the largest has 905 tensors), far below what hurts.
constexpr std::uint64_t kLargestHeader = 4U << 20;
constexpr std::size_t kMostTensors = 10'000;
constexpr std::size_t kMostDimensions = 8;
constexpr std::size_t kSizeField = 8;

struct TypeName {
    DType dtype;
    std::string_view name;
    std::size_t size;
};
constexpr std::array kTypes{TypeName{DType::F16, "F16", 2}, TypeName{DType::BF16, "BF16", 2},
                            TypeName{DType::F32, "F32", 4}, TypeName{DType::F64, "F64", 8},
                            TypeName{DType::I64, "I64", 8}, TypeName{DType::I32, "I32", 4},
                            TypeName{DType::I16, "I16", 2}, TypeName{DType::I8, "I8", 1},
                            TypeName{DType::U8, "U8", 1},   TypeName{DType::Bool, "BOOL", 1}};

const TypeName &typeOf(DType dtype)
{
    return *std::find_if(kTypes.begin(), kTypes.end(),
                         [dtype](const TypeName &t) { return t.dtype == dtype; });
}

/// Elements times element size; nothing when a dimension is negative or the product overflows.
std::optional<std::size_t> byteCount(std::span<const std::int64_t> shape, DType dtype)
{
    std::size_t bytes = sizeOf(dtype);
    for (const std::int64_t dimension : shape) {
        if (dimension < 0)
            return std::nullopt;
        const auto factor = static_cast<std::size_t>(dimension);
        if (factor != 0 && bytes > std::numeric_limits<std::size_t>::max() / factor)
            return std::nullopt;
        bytes *= factor;
    }
    return bytes;
}

Unexpected corrupt(const std::string &why)
{
    return fail(ErrorCode::CorruptData, "safetensors: " + why);
}

/// One entry of the header, its data_offsets turned into a place in `data`.
Result<TensorView> readEntry(const std::string &name, const Json &entry, std::span<const std::byte> data)
{
    const Json *dtype = entry.find("dtype");
    const Json *shape = entry.find("shape");
    const Json *offsets = entry.find("data_offsets");
    if (entry.asObject() == nullptr || entry.asObject()->size() != 3 || dtype == nullptr ||
        !dtype->asString() || shape == nullptr || shape->asArray() == nullptr || offsets == nullptr ||
        offsets->asArray() == nullptr || offsets->asArray()->size() != 2)
        return corrupt("tensor " + name + " needs exactly dtype, shape and two data_offsets");

    TensorView view;
    view.name = name;
    const auto type = std::find_if(kTypes.begin(), kTypes.end(),
                                   [&](const TypeName &t) { return t.name == *dtype->asString(); });
    if (type == kTypes.end())
        return fail(ErrorCode::Unsupported, "safetensors: tensor " + name + " has the unknown type " +
                                                std::string(*dtype->asString()));
    view.dtype = type->dtype;
    if (shape->asArray()->size() > kMostDimensions)
        return corrupt("tensor " + name + " has too many dimensions");
    for (const Json &dimension : *shape->asArray()) {
        if (!dimension.asInt())
            return corrupt("tensor " + name + " has a dimension that is no whole number");
        view.shape.push_back(*dimension.asInt());
    }
    const auto begin = (*offsets->asArray())[0].asInt();
    const auto end = (*offsets->asArray())[1].asInt();
    if (!begin || !end || *begin < 0 || *end < *begin)
        return corrupt("tensor " + name + " has impossible data_offsets");
    if (static_cast<std::uint64_t>(*end) > data.size())
        return fail(ErrorCode::Truncated, "safetensors: the file ends before tensor " + name + " does");
    const auto bytes = byteCount(view.shape, view.dtype);
    if (!bytes || *bytes != static_cast<std::size_t>(*end - *begin))
        return corrupt("the shape of tensor " + name + " does not fit its data_offsets");
    view.data = data.data() + *begin;
    view.bytes = *bytes;
    return view;
}

Result<void> readMetadata(const Json &json, std::map<std::string, std::string> &out)
{
    if (json.asObject() == nullptr)
        return corrupt("__metadata__ is no object");
    for (const auto &[key, value] : *json.asObject()) {
        if (!value.asString())
            return corrupt("__metadata__ may hold text only");
        out.emplace(key, *value.asString());
    }
    return {};
}

/// The tensors must fill the data from its first to its last byte, each byte once.
Result<void> checkCoverage(std::span<const TensorView> sorted, std::span<const std::byte> data)
{
    const std::byte *expected = data.data();
    for (const TensorView &view : sorted) {
        if (view.data != expected)
            return corrupt("tensor " + view.name +
                           (view.data < expected ? " overlaps another" : " has a hole before it"));
        expected += view.bytes;
    }
    if (expected != data.data() + data.size())
        return corrupt("bytes that belong to no tensor follow the last one");
    return {};
}

std::string headerText(std::span<const TensorView> tensors,
                       const std::map<std::string, std::string> &metadata)
{
    JsonWriter json;
    json.beginObject();
    if (!metadata.empty()) {
        json.key("__metadata__").beginObject();
        for (const auto &[key, value] : metadata)
            json.member(key, value);
        json.endObject();
    }
    std::size_t offset = 0;
    for (const TensorView &view : tensors) {
        json.key(view.name)
            .beginObject()
            .member("dtype", typeOf(view.dtype).name)
            .array("shape", view.shape)
            .array("data_offsets", std::array{offset, offset + view.bytes})
            .endObject();
        offset += view.bytes;
    }
    std::string header = json.endObject().text();
    header.resize((header.size() + kSizeField - 1) / kSizeField * kSizeField, ' ');
    return header;
}

} // namespace

std::size_t sizeOf(DType dtype)
{
    return typeOf(dtype).size;
}

Result<TensorFile> TensorFile::open(const std::filesystem::path &path)
{
    auto mapped = MappedFile::open(path);
    if (!mapped)
        return mapped.propagate();
    auto file = read(mapped->bytes());
    if (!file)
        return fail(file.error().code, path.string() + ": " + file.error().message);
    file->m_file = *std::move(mapped);
    return file;
}

Result<TensorFile> TensorFile::read(std::span<const std::byte> bytes)
{
    TensorFile file;
    std::uint64_t headerSize = 0;
    if (bytes.size() < kSizeField)
        return fail(ErrorCode::Truncated, "safetensors: too short for a header");
    std::memcpy(&headerSize, bytes.data(), kSizeField);
    if (headerSize > kLargestHeader)
        return corrupt("this is no safetensors file, or its header is too large");
    if (headerSize > bytes.size() - kSizeField)
        return fail(ErrorCode::Truncated, "safetensors: the file ends within its header");
    const std::string_view text(reinterpret_cast<const char *>(bytes.data()) + kSizeField, headerSize);
    if (text.empty() || text.front() != '{')
        return corrupt("the header does not begin with {");
    auto header = parseJson(text);
    if (!header)
        return corrupt(header.error().message);

    const auto data = bytes.subspan(kSizeField + headerSize);
    if (header->asObject()->size() > kMostTensors)
        return corrupt("too many tensors");
    for (const auto &[name, entry] : *header->asObject()) {
        if (name == "__metadata__") {
            if (auto metadata = readMetadata(entry, file.m_metadata); !metadata)
                return metadata.propagate();
            continue;
        }
        auto view = readEntry(name, entry, data);
        if (!view)
            return view.propagate();
        file.m_tensors.push_back(*std::move(view));
    }
    std::stable_sort(
        file.m_tensors.begin(), file.m_tensors.end(), [](const TensorView &a, const TensorView &b) {
            return a.data != b.data ? a.data < b.data
                                    : a.bytes < b.bytes; // Empty tensors before what lies at the same place.
        });
    if (auto covered = checkCoverage(file.m_tensors, data); !covered)
        return covered.propagate();
    for (std::size_t i = 0; i < file.m_tensors.size(); ++i)
        file.m_byName.emplace(file.m_tensors[i].name, i);
    return file;
}

const TensorView *TensorFile::find(std::string_view name) const
{
    const auto found = m_byName.find(std::string(name));
    return found == m_byName.end() ? nullptr : &m_tensors[found->second];
}

Result<void> writeSafetensors(const std::filesystem::path &path, std::span<const TensorView> tensors,
                              const std::map<std::string, std::string> &metadata)
{
    const auto bytesOf = [tensors](std::size_t i) { return std::span(tensors[i].data, tensors[i].bytes); };
    return writeSafetensors(path, tensors, bytesOf, metadata);
}

Result<void> writeSafetensors(const std::filesystem::path &path, std::span<const TensorView> tensors,
                              const TensorBytes &bytesOf, const std::map<std::string, std::string> &metadata,
                              Readers readers, const std::stop_token &stop)
{
    const auto misfit = [](const TensorView &tensor) {
        return fail(ErrorCode::InvalidArgument,
                    "tensor " + tensor.name + " has the wrong size or occurs twice");
    };
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        const auto sameName = [&](const TensorView &other) { return other.name == tensors[i].name; };
        if (byteCount(tensors[i].shape, tensors[i].dtype) != tensors[i].bytes ||
            std::any_of(tensors.begin(), tensors.begin() + static_cast<std::ptrdiff_t>(i), sameName))
            return misfit(tensors[i]);
    }
    auto file = AtomicFile::create(path, readers);
    if (!file)
        return file.propagate();
    const std::string header = headerText(tensors, metadata);
    const std::uint64_t size = header.size();
    file->write(std::as_bytes(std::span(&size, 1)));
    file->write(std::as_bytes(std::span(header)));
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        const std::span<const std::byte> bytes = bytesOf(i);
        if (bytes.size() != tensors[i].bytes)
            return misfit(tensors[i]);
        if (!detail::inSlices(bytes, stop, [&file](std::span<const std::byte> slice) { file->write(slice); }))
            return detail::stopped();
    }
    return file->commit();
}

} // namespace yingxun::clip

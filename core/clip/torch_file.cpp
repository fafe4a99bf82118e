// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/torch_file.h"

#include "core/clip/pickle.h"
#include "core/clip/zip_archive.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string_view>

namespace yingxun::clip {
namespace {

using Kind = PickleValue::Kind;
using Bytes = std::span<const std::byte>;

constexpr std::size_t kMostTensors = 10'000;
constexpr std::size_t kMostDimensions = 8;
constexpr std::size_t kLargestPickle = 64U << 20;

/// The pickled magic number 0x1950a86a20f9469cfc6c that the older layout begins with.
constexpr std::array<unsigned char, 15> kOldMagic{0x80, 2,    0x8A, 10,   0x6C, 0xFC, 0x9C, 0x46,
                                                  0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, '.'};

struct StorageType {
    std::string_view name;
    DType dtype;
};
constexpr std::array kStorageTypes{
    StorageType{"torch.HalfStorage", DType::F16},  StorageType{"torch.BFloat16Storage", DType::BF16},
    StorageType{"torch.FloatStorage", DType::F32}, StorageType{"torch.DoubleStorage", DType::F64},
    StorageType{"torch.LongStorage", DType::I64},  StorageType{"torch.IntStorage", DType::I32},
    StorageType{"torch.ShortStorage", DType::I16}, StorageType{"torch.CharStorage", DType::I8},
    StorageType{"torch.ByteStorage", DType::U8},   StorageType{"torch.BoolStorage", DType::Bool},
};

Unexpected corrupt(const std::string &why)
{
    return fail(ErrorCode::CorruptData, why);
}

bool beginsWith(Bytes bytes, std::span<const unsigned char> magic)
{
    return bytes.size() >= magic.size() && std::memcmp(bytes.data(), magic.data(), magic.size()) == 0;
}

/// What a persistent reference says of a storage.
struct StorageReference {
    std::string key;
    DType dtype = DType::F32;
    std::uint64_t elements = 0;
};

std::optional<std::uint64_t> count(const PickleValue &value)
{
    if (value.kind != Kind::Int || value.whole < 0)
        return std::nullopt;
    return static_cast<std::uint64_t>(value.whole);
}

/// ("storage", element type, key, device, elements[, view]). On which device it was saved does not matter.
Result<StorageReference> storageReference(const PickleValue &value)
{
    if (value.kind != Kind::Persistent || value.items[0]->kind != Kind::Tuple)
        return corrupt("a tensor without a storage");
    const auto &parts = value.items[0]->items;
    if (parts.size() < 5 || parts.size() > 6 || parts[0]->kind != Kind::Text || parts[0]->text != "storage" ||
        parts[1]->kind != Kind::Global || parts[2]->kind != Kind::Text)
        return corrupt("a reference to a storage is malformed");
    if (parts.size() == 6 && parts[5]->kind != Kind::None)
        return fail(ErrorCode::Unsupported, "a storage is a view of another; such files were last written "
                                            "by PyTorch 0.3");
    const auto *const type =
        std::find_if(kStorageTypes.begin(), kStorageTypes.end(),
                     [&](const StorageType &known) { return known.name == parts[1]->text; });
    const auto elements = count(*parts[4]);
    if (type == kStorageTypes.end() || !elements)
        return corrupt("a reference to a storage is malformed");
    return StorageReference{parts[2]->text, type->dtype, *elements};
}

/// Where the storages of a file lie.
class Storages
{
public:
    void add(std::string key, Bytes bytes) { m_places.insert_or_assign(std::move(key), bytes); }

    /// Errors: CorruptData: it is not there, or of another size than declared.
    Result<Bytes> find(const StorageReference &reference) const
    {
        const auto found = m_places.find(reference.key);
        if (found == m_places.end())
            return corrupt("the data of storage " + reference.key + " is missing");
        const std::size_t size = sizeOf(reference.dtype);
        const Bytes bytes = found->second;
        if (bytes.size() % size != 0 || bytes.size() / size != reference.elements) {
            return corrupt("storage " + reference.key + " declares " + std::to_string(reference.elements) +
                           " elements, its data has " + std::to_string(bytes.size() / size));
        }
        return bytes;
    }

private:
    std::map<std::string, Bytes, std::less<>> m_places;
};

/// Dimensions or strides: a tuple of whole numbers that are not negative.
std::optional<std::vector<std::int64_t>> sizes(const PickleValue &value)
{
    if (value.kind != Kind::Tuple || value.items.size() > kMostDimensions)
        return std::nullopt;
    std::vector<std::int64_t> out;
    for (const PickleValue *item : value.items) {
        if (!count(*item))
            return std::nullopt;
        out.push_back(item->whole);
    }
    return out;
}

/// a * b + c, or nothing when it does not fit.
std::optional<std::uint64_t> multiplyAdd(std::uint64_t a, std::uint64_t b, std::uint64_t c)
{
    std::uint64_t product = 0;
    std::uint64_t sum = 0;
    if (__builtin_mul_overflow(a, b, &product) || __builtin_add_overflow(product, c, &sum))
        return std::nullopt;
    return sum;
}

bool isRowMajor(const TensorView &view)
{
    std::int64_t expected = 1;
    for (std::size_t i = view.shape.size(); i-- > 0;) {
        if (view.shape[i] != 1 && view.strides[i] != expected)
            return false;
        expected *= view.shape[i];
    }
    return true;
}

/// _rebuild_tensor_v2(storage, offset, shape, strides, requires_grad, hooks[, metadata]).
Result<TensorView> tensorView(const std::string &name, const PickleValue &call, const Storages &storages)
{
    const auto malformed = [&name] { return corrupt("tensor " + name + " is malformed"); };
    if (call.items.size() < 4)
        return malformed();
    const auto reference = storageReference(*call.items[0]);
    if (!reference)
        return fail(reference.error().code, "tensor " + name + ": " + reference.error().message);
    const auto storage = storages.find(*reference);
    if (!storage)
        return fail(storage.error().code, "tensor " + name + ": " + storage.error().message);
    const auto offset = count(*call.items[1]);
    const auto shape = sizes(*call.items[2]);
    const auto strides = sizes(*call.items[3]);
    if (!offset || !shape || !strides || shape->size() != strides->size())
        return malformed();

    TensorView view{name, reference->dtype, *shape, nullptr, 0, *strides};
    std::optional<std::uint64_t> elements = 1;
    std::optional<std::uint64_t> last = 0; // Of the elements, counted from the first.
    for (std::size_t i = 0; i < shape->size() && elements && last; ++i) {
        const auto size = static_cast<std::uint64_t>((*shape)[i]);
        elements = multiplyAdd(*elements, size, 0);
        if (size > 0)
            last = multiplyAdd(size - 1, static_cast<std::uint64_t>((*strides)[i]), *last);
    }
    // More elements than the storage has would be one element shown many times: small in the file, and
    // without bounds in memory.
    if (!elements || !last || *elements > reference->elements)
        return corrupt("tensor " + name + " is larger than its storage");
    const bool isEmpty = *elements == 0;
    if (*offset > reference->elements || (!isEmpty && *last >= reference->elements - *offset))
        return corrupt("tensor " + name + " reaches beyond its storage");
    const std::size_t size = sizeOf(view.dtype);
    view.data = storage->data() + *offset * size;
    view.bytes = isEmpty ? 0 : (*last + 1) * size;
    if (isEmpty || isRowMajor(view))
        view.strides.clear();
    return view;
}

/// The dictionary of tensors in what a file holds.
Result<const PickleValue *> stateDict(const PickleValue &root)
{
    if (root.kind != Kind::Dict)
        return corrupt("it holds no dictionary of tensors");
    if (const PickleValue *inner = root.find("state_dict"); inner != nullptr && inner->kind == Kind::Dict)
        return inner;
    return &root;
}

Result<std::vector<TensorView>> tensorsOf(const PickleValue &root, const Storages &storages)
{
    const auto dict = stateDict(root);
    if (!dict)
        return dict.propagate();
    if ((*dict)->members.size() > kMostTensors)
        return corrupt("too many tensors");
    std::vector<TensorView> out;
    std::set<std::string_view> names;
    for (const auto &[key, value] : (*dict)->members) {
        if (key->kind != Kind::Text || value->kind != Kind::Call)
            return corrupt("its state dict holds something that is no tensor" +
                           (key->kind == Kind::Text ? ": " + key->text.substr(0, 100) : std::string()));
        if (!names.insert(key->text).second)
            return corrupt("tensor " + key->text + " is there twice");
        auto view = tensorView(key->text, *value, storages);
        if (!view)
            return view.propagate();
        out.push_back(*std::move(view));
    }
    if (out.empty())
        return corrupt("it holds no tensor");
    return out;
}

/// The one folder of an archive, which has the file's name when it was written.
Result<std::string> archiveFolder(const ZipArchive &archive)
{
    for (const ZipRecord &record : archive.records()) {
        constexpr std::string_view kPickle = "/data.pkl";
        if (record.name.size() > kPickle.size() && record.name.ends_with(kPickle) &&
            record.name.find('/') == record.name.size() - kPickle.size())
            return record.name.substr(0, record.name.size() - kPickle.size() + 1);
    }
    return corrupt("the archive has no data.pkl; it was not written by torch.save");
}

} // namespace

Result<void> TorchFile::readArchive()
{
    auto archive = ZipArchive::open(m_bytes);
    if (!archive)
        return archive.propagate();
    const auto folder = archiveFolder(*archive);
    if (!folder)
        return folder.propagate();
    if (archive->find(*folder + "constants.pkl") != nullptr)
        return fail(ErrorCode::Unsupported, "this is a TorchScript program, not a file of weights");
    if (const ZipRecord *order = archive->find(*folder + "byteorder")) {
        const std::string_view text(reinterpret_cast<const char *>(order->bytes.data()), order->bytes.size());
        if (text != "little")
            return fail(ErrorCode::Unsupported, "its numbers are not little-endian");
    }
    const ZipRecord &record = *archive->find(*folder + "data.pkl");
    if (record.bytes.size() > kLargestPickle)
        return corrupt("its pickle is too large");
    if (const auto intact = checkIntact(record); !intact)
        return intact.propagate();
    const auto pickle = Pickle::read(record.bytes);
    if (!pickle)
        return pickle.propagate();
    Storages storages;
    const std::string data = *folder + "data/";
    for (const ZipRecord &stored : archive->records()) {
        if (stored.name.starts_with(data))
            storages.add(stored.name.substr(data.size()), stored.bytes);
    }
    auto tensors = tensorsOf(pickle->root(), storages);
    if (!tensors)
        return tensors.propagate();
    m_tensors = *std::move(tensors);
    return {};
}

/// Magic number, protocol, system, the object, the keys of its storages; then each storage: its count of
/// elements, and the elements.
Result<void> TorchFile::readOldLayout()
{
    Bytes rest = m_bytes.subspan(kOldMagic.size());
    std::vector<Pickle> pickles;
    for (int i = 0; i < 4; ++i) {
        auto pickle = Pickle::read(rest.first(std::min(rest.size(), kLargestPickle)));
        if (!pickle)
            return pickle.propagate();
        rest = rest.subspan(pickle->size());
        pickles.push_back(*std::move(pickle));
    }
    const Pickle &object = pickles[2];
    const PickleValue *little = pickles[1].root().find("little_endian");
    if (little == nullptr || !little->truth)
        return fail(ErrorCode::Unsupported, "its numbers are not little-endian");
    const PickleValue &keys = pickles[3].root();
    if (keys.kind != Kind::List)
        return corrupt("the list of its storages is malformed");

    // Only the references say how large an element of a storage is.
    std::map<std::string, DType, std::less<>> types;
    for (const PickleValue &value : object.values()) {
        if (value.kind != Kind::Persistent)
            continue;
        const auto reference = storageReference(value);
        if (!reference)
            return reference.propagate();
        types.emplace(reference->key, reference->dtype);
    }
    Storages storages;
    for (const PickleValue *key : keys.items) {
        std::uint64_t elements = 0;
        if (key->kind != Kind::Text || !types.contains(key->text))
            return corrupt("the list of its storages names one that nothing uses");
        if (rest.size() < sizeof(elements))
            return fail(ErrorCode::Truncated, "the file ends before its tensors do");
        std::memcpy(&elements, rest.data(), sizeof(elements));
        rest = rest.subspan(sizeof(elements));
        const auto bytes = multiplyAdd(elements, sizeOf(types[key->text]), 0);
        if (!bytes || *bytes > rest.size())
            return fail(ErrorCode::Truncated, "the file ends before its tensors do");
        storages.add(key->text, rest.first(*bytes));
        rest = rest.subspan(*bytes);
    }
    auto tensors = tensorsOf(object.root(), storages);
    if (!tensors)
        return tensors.propagate();
    m_tensors = *std::move(tensors);
    return {};
}

Result<TorchFile> TorchFile::open(const std::filesystem::path &path)
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

Result<TorchFile> TorchFile::read(std::span<const std::byte> bytes)
{
    TorchFile file;
    file.m_bytes = bytes;
    Result<void> done = corrupt("it was not written by torch.save");
    if (ZipArchive::looksLikeOne(bytes))
        done = file.readArchive();
    else if (beginsWith(bytes, kOldMagic))
        done = file.readOldLayout();
    if (!done)
        return done.propagate();
    return file;
}

Result<void> TorchFile::verify(const std::stop_token &stop) const
{
    if (!ZipArchive::looksLikeOne(m_bytes))
        return {};
    const auto archive = ZipArchive::open(m_bytes);
    if (!archive)
        return archive.propagate();
    for (const ZipRecord &record : archive->records()) {
        if (auto intact = checkIntact(record, stop); !intact)
            return intact;
    }
    return {};
}

} // namespace yingxun::clip

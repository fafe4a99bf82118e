// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Writes files as torch.save does, and as it never would: for tests of what reads them.
namespace torch_writer {

inline std::string number(std::uint64_t value, int bytes)
{
    std::string out;
    for (int i = 0; i < bytes; ++i)
        out += static_cast<char>(value >> (8 * i) & 0xFF);
    return out;
}

/// Pickle operations that push a value.
inline std::string text(std::string_view value)
{
    return "X" + number(value.size(), 4) + std::string(value);
}
inline std::string whole(std::int64_t value)
{
    return "\x8A\x08" + number(static_cast<std::uint64_t>(value), 8);
}
inline std::string tuple(const std::vector<std::int64_t> &values)
{
    std::string out = "(";
    for (const std::int64_t value : values)
        out += whole(value);
    return out + "t";
}
inline std::string global(std::string_view module, std::string_view name)
{
    return "c" + std::string(module) + "\n" + std::string(name) + "\n";
}

struct Tensor {
    std::string name = "w";
    std::string type = "FloatStorage";
    std::string key = "0";
    std::int64_t elements = 6; ///< Of the storage, as declared.
    std::int64_t offset = 0;
    std::vector<std::int64_t> shape = {2, 3};
    std::vector<std::int64_t> strides = {3, 1};
    std::string last = ""; ///< Of the storage's description: the older layout has one part more.
};

inline std::string value(const Tensor &t)
{
    return global("torch._utils", "_rebuild_tensor_v2") + "((" + text("storage") + global("torch", t.type) +
           text(t.key) + text("cpu") + whole(t.elements) + t.last + "tQ" + whole(t.offset) + tuple(t.shape) +
           tuple(t.strides) + "\x89" + global("collections", "OrderedDict") + ")RtR";
}

inline std::string dict(const std::string &members)
{
    return global("collections", "OrderedDict") + ")R(" + members + "u";
}

inline std::string pickle(const std::string &body)
{
    return "\x80\x02" + body + ".";
}

/// A whole pickled state dict.
inline std::string stateDict(const std::vector<Tensor> &tensors)
{
    std::string members;
    for (const Tensor &tensor : tensors)
        members += text(tensor.name) + value(tensor);
    return pickle(dict(members));
}

struct Record {
    std::string name;
    std::string bytes;
    std::uint16_t method = 0;
    std::uint16_t flags = 0;
    std::int64_t sizeLie = 0;   ///< Added to the size in the directory.
    std::int64_t offsetLie = 0; ///< Added to the place in the directory.
    std::string localName = {}; ///< Empty: as in the directory.
    bool wrongChecksum = false;
};

inline std::uint32_t crc32(std::string_view bytes)
{
    std::uint32_t crc = 0xFFFFFFFF;
    for (const char c : bytes) {
        crc ^= static_cast<unsigned char>(c);
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB88320U : 0);
    }
    return ~crc;
}

/// A zip archive, stored; `countLie` is added to the number of records at its end.
inline std::string zip(const std::vector<Record> &records, int countLie = 0, std::int64_t directoryLie = 0)
{
    std::string out;
    std::string directory;
    for (const Record &r : records) {
        const std::uint32_t crc = crc32(r.bytes) ^ (r.wrongChecksum ? 1 : 0);
        const std::string sizes = number(crc, 4) + number(r.bytes.size(), 4) + number(r.bytes.size(), 4);
        const auto size = static_cast<std::uint64_t>(static_cast<std::int64_t>(r.bytes.size()) + r.sizeLie);
        const auto place = static_cast<std::uint64_t>(static_cast<std::int64_t>(out.size()) + r.offsetLie);
        directory += "PK\x01\x02" + number(0, 4) + number(r.flags, 2) + number(r.method, 2) + number(0, 4) +
                     number(crc, 4) + number(size, 4) + number(size, 4) + number(r.name.size(), 2) +
                     number(0, 12) + number(place, 4) + r.name;
        const std::string &local = r.localName.empty() ? r.name : r.localName;
        out += "PK\x03\x04" + number(0, 2) + number(r.flags, 2) + number(r.method, 2) + number(0, 4) + sizes +
               number(local.size(), 2) + number(0, 2) + local + r.bytes;
    }
    const auto count = static_cast<std::uint64_t>(static_cast<int>(records.size()) + countLie);
    const auto at = static_cast<std::uint64_t>(static_cast<std::int64_t>(out.size()) + directoryLie);
    return out + directory + "PK\x05\x06" + number(0, 4) + number(count, 2) + number(count, 2) +
           number(directory.size(), 4) + number(at, 4) + number(0, 2);
}

/// The archive of a pickle and its storages "0", "1"…
inline std::string archive(const std::string &pickled,
                           const std::vector<std::string> &storages = {std::string(24, '\0')})
{
    std::vector<Record> records{{"model/data.pkl", pickled}};
    for (std::size_t i = 0; i < storages.size(); ++i)
        records.push_back({"model/data/" + std::to_string(i), storages[i]});
    return zip(records);
}

inline const std::string kOldMagic("\x80\x02\x8A\x0A\x6C\xFC\x9C\x46\xF9\x20\x6A\xA8\x50\x19.", 15);

/// The layout before PyTorch 1.6; `rest` follows the list of keys.
inline std::string oldLayout(const std::string &object, const std::string &keys, const std::string &rest,
                             bool littleEndian = true)
{
    return kOldMagic + pickle("M" + number(1001, 2)) +
           pickle("}(" + text("little_endian") + (littleEndian ? "\x88" : "\x89") + "u") + object +
           pickle(keys) + rest;
}

} // namespace torch_writer

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/safetensors.h"
#include "tests/support/check.h"

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <span>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace yingxun;
using namespace std::string_literals;
using clip::DType;
using clip::TensorFile;
namespace fs = std::filesystem;

namespace {

/// A directory that disappears with the object.
struct Scratch {
    fs::path path;
    Scratch()
    {
        std::string name = (fs::temp_directory_path() / "safetensors_check.XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr)
            std::abort();
        path = name;
    }
    ~Scratch() { fs::remove_all(path); }
};

std::string withSize(std::uint64_t headerSize, const std::string &rest)
{
    std::string bytes(sizeof headerSize, '\0');
    std::memcpy(bytes.data(), &headerSize, sizeof headerSize);
    return bytes + rest;
}

/// A file with this header and data of the bytes 0, 1, 2…
std::string whole(const std::string &header, int dataBytes = 0)
{
    std::string data;
    for (int i = 0; i < dataBytes; ++i)
        data += static_cast<char>(i);
    return withSize(header.size(), header + data);
}

std::string entry(const std::string &name, const std::string &dtype, const std::string &shape,
                  const std::string &offsets)
{
    return "\"" + name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape +
           ",\"data_offsets\":" + offsets + "}";
}

/// A file with the one tensor w, which has two F32.
std::string oneTensor(const std::string &shape, const std::string &offsets, int dataBytes = 8)
{
    return whole("{" + entry("w", "F32", shape, offsets) + "}", dataBytes);
}

void write(const fs::path &path, const std::string &bytes)
{
    std::ofstream(path, std::ios::binary) << bytes;
}

void checkGood(const fs::path &folder)
{
    const struct {
        const char *name;
        DType dtype;
        std::vector<std::int64_t> shape;
        std::size_t begin;
        std::size_t bytes;
    } expected[] = {
        {"标量", DType::F16, {}, 0, 2}, // So what follows is aligned to nothing, which the format allows.
        {"empty", DType::F32, {0, 3}, 2, 0},     {"f32", DType::F32, {2, 3}, 2, 24},
        {"bf16", DType::BF16, {1, 1, 3}, 26, 6}, {"f64", DType::F64, {1}, 32, 8},
        {"i64", DType::I64, {1}, 40, 8},         {"i32", DType::I32, {1}, 48, 4},
        {"i16", DType::I16, {1}, 52, 2},         {"i8", DType::I8, {1}, 54, 1},
        {"u8", DType::U8, {3}, 55, 3},           {"bool", DType::Bool, {1}, 58, 1},
    };
    // In another order than the data, and padded as the format allows.
    const std::string header =
        "{" + entry("f32", "F32", "[2,3]", "[2,26]") + "," + entry("empty", "F32", "[0,3]", "[2,2]") +
        R"(,"__metadata__":{"format":"pt","说明":""},)" + entry("bool", "BOOL", "[1]", "[58,59]") + "," +
        entry("bf16", "BF16", "[1,1,3]", "[26,32]") + "," + entry("f64", "F64", "[1]", "[32,40]") + "," +
        entry("i64", "I64", "[1]", "[40,48]") + "," + entry("i32", "I32", "[1]", "[48,52]") + "," +
        entry("i16", "I16", "[1]", "[52,54]") + "," + entry("i8", "I8", "[1]", "[54,55]") + "," +
        entry("u8", "U8", "[3]", "[55,58]") + "," + entry("\\u6807量", "F16", "[]", "[0,2]") + "}     ";
    write(folder / "good.safetensors", whole(header, 59));
    const Result<TensorFile> file = TensorFile::open(folder / "good.safetensors");
    if (!CHECK(file)) {
        std::printf("  got: %s\n", file.error().message.c_str());
        return;
    }
    CHECK_EQ(file->metadata(), (std::map<std::string, std::string>{{"format", "pt"}, {"说明", ""}}));
    CHECK_EQ(file->tensors().size(), std::size(expected));
    CHECK(file->find("__metadata__") == nullptr && file->find("") == nullptr);
    for (const auto &e : expected) {
        const clip::TensorView *view = file->find(e.name);
        bool same = CHECK(view != nullptr) && CHECK_EQ(view->name, e.name) && CHECK(view->dtype == e.dtype) &&
                    CHECK_EQ(view->shape, e.shape) && CHECK_EQ(view->bytes, e.bytes);
        for (std::size_t i = 0; same && i < e.bytes; ++i)
            same = CHECK(view->data[i] == static_cast<std::byte>(e.begin + i));
        same = same && CHECK(view == &file->tensors()[static_cast<std::size_t>(&e - expected)]);
        if (!same)
            std::printf("  case: %s\n", e.name);
    }

    write(folder / "none.safetensors", whole("{}"));
    const Result<TensorFile> none = TensorFile::open(folder / "none.safetensors");
    CHECK(none && none->tensors().empty() && none->metadata().empty());
}

void checkWritten(const fs::path &folder)
{
    const std::string bytes = "abcdefgh";
    const auto *data = reinterpret_cast<const std::byte *>(bytes.data());
    const clip::TensorView tensors[] = {{"a \"quoted\" name", DType::I16, {2, 1}, data, 4},
                                        {"红", DType::U8, {3}, data + 5, 3}};
    CHECK(clip::writeSafetensors(folder / "own.safetensors", tensors, {{"k\n", "v\\"}}));
    const Result<TensorFile> file = TensorFile::open(folder / "own.safetensors");
    if (!CHECK(file && file->tensors().size() == 2))
        return;
    CHECK_EQ(file->metadata().at("k\n"), "v\\");
    for (std::size_t i = 0; i < 2; ++i) {
        const clip::TensorView &view = file->tensors()[i];
        CHECK(view.name == tensors[i].name && view.dtype == tensors[i].dtype &&
              view.shape == tensors[i].shape);
        CHECK(view.bytes == tensors[i].bytes && std::memcmp(view.data, tensors[i].data, view.bytes) == 0);
    }
}

/// Bytes that are made only when it is their turn: others than were said leave no file, not even half of one.
void checkWrittenInTurn(const fs::path &folder)
{
    const fs::path place = folder / "in turn";
    fs::create_directories(place);
    const clip::TensorView tensors[] = {{"a", DType::U8, {2}, nullptr, 2}, {"b", DType::U8, {3}, nullptr, 3}};
    std::string bytes;
    std::size_t sizeOfB = 3;
    std::vector<std::size_t> asked;
    const auto bytesOf = [&](std::size_t i) {
        asked.push_back(i);
        bytes.assign(i == 0 ? 2 : sizeOfB, i == 0 ? 'a' : 'b'); // Those before are gone.
        return std::as_bytes(std::span(bytes));
    };
    CHECK(clip::writeSafetensors(place / "own", tensors, bytesOf));
    CHECK_EQ(asked, (std::vector<std::size_t>{0, 1}));
    const Result<TensorFile> file = TensorFile::open(place / "own");
    CHECK(file && file->find("a")->data[1] == std::byte{'a'} && file->find("b")->data[2] == std::byte{'b'});
    const rlim_t size = fs::file_size(place / "own");
    fs::remove(place / "own");
    for (sizeOfB = 2; sizeOfB < 5; sizeOfB += 2) {
        const auto other = clip::writeSafetensors(place / "own", tensors, bytesOf);
        CHECK(!other && other.error().code == ErrorCode::InvalidArgument);
        CHECK(fs::is_empty(place));
    }
    sizeOfB = 3;
    for (const rlim_t most : {rlim_t{3}, size - 4, size - 1}) { // Full in the header and in either tensor.
        rlimit before{};
        ::getrlimit(RLIMIT_FSIZE, &before);
        const rlimit full{most, before.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &full);
        const auto written = clip::writeSafetensors(place / "own", tensors, bytesOf);
        ::setrlimit(RLIMIT_FSIZE, &before);
        CHECK(!written && written.error().code == ErrorCode::Io &&
              written.error().message == (place / "own").string() + " cannot be written: File too large");
        CHECK(fs::is_empty(place));
    }
}

bool contains(const std::string &text, const std::string &part)
{
    return text.find(part) != std::string::npos;
}

void checkRefusal(const char *what, const fs::path &path, ErrorCode code, const char *says)
{
    const Result<TensorFile> file = TensorFile::open(path);
    if (!CHECK(!file && file.error().code == code && contains(file.error().message, says) &&
               contains(file.error().message, path.string()))) {
        std::printf("  case: %s\n  should name the file and say: %s\n  got: %s\n", what, says,
                    file ? "a file" : file.error().message.c_str());
    }
}

void checkHostile(const fs::path &folder)
{
    constexpr auto kCorrupt = ErrorCode::CorruptData;
    constexpr auto kShort = ErrorCode::Truncated;
    constexpr auto kUnknown = ErrorCode::Unsupported;
    const std::string good = entry("w", "F32", "[2]", "[0,8]");
    const char *const kForm = "tensor w needs exactly dtype, shape and two data_offsets";
    const char *const kOffsets = "tensor w has impossible data_offsets";
    const char *const kMisfit = "the shape of tensor w does not fit its data_offsets";
    const char *const kDimension = "tensor w has a dimension that is no whole number";
    std::string many = "{";
    for (int i = 0; i < 10'001; ++i)
        many += (i ? "," : "") + entry("w" + std::to_string(i), "F32", "[0]", "[0,0]");

    const struct {
        const char *what;
        std::string bytes;
        ErrorCode code;
        const char *says;
    } cases[] = {
        // The size of the header.
        {"an empty file", "", kShort, "is empty"},
        {"seven bytes", std::string(7, '\0'), kShort, "too short for a header"},
        {"a header of no bytes", withSize(0, ""), kCorrupt, "does not begin with {"},
        {"a header beyond the file by one byte", withSize(3, "{}"), kShort, "ends within its header"},
        {"a size field and nothing else", withSize(2, ""), kShort, "ends within its header"},
        {"a header size that overflows with its field", withSize(UINT64_MAX - 7, "{}"), kCorrupt,
         "its header is too large"},
        {"a header size of 2^63", withSize(1ULL << 63, "{}"), kCorrupt, "its header is too large"},
        {"a header size of 2^64 - 1", withSize(UINT64_MAX, "{}"), kCorrupt, "its header is too large"},
        {"a big-endian header size", "\0\0\0\0\0\0\0\2{}"s, kCorrupt, "its header is too large"},
        {"a pickle in a zip", "PK\3\4 archive/data.pkl", kCorrupt, "is no safetensors file"},

        // The header as text.
        {"no JSON", whole("{w}"), kCorrupt, "JSON, byte 1: a member needs a name in quotes"},
        {"an array", whole("[]"), kCorrupt, "does not begin with {"},
        {"a string", whole("\"{}\""), kCorrupt, "does not begin with {"},
        {"space before the brace", whole(" {}"), kCorrupt, "does not begin with {"},
        {"a byte order mark", whole("\xEF\xBB\xBF{}"), kCorrupt, "does not begin with {"},
        {"a header cut by its size", withSize(5, "{" + good + "}"), kCorrupt, "JSON, byte 5"},
        {"padding that is no space", whole("{}\0\0"s), kCorrupt, "text after the value"},
        {"two objects", whole("{}{}"), kCorrupt, "text after the value"},
        {"a name that is no UTF-8", whole("{" + entry("\xFF", "F32", "[2]", "[0,8]") + "}", 8), kCorrupt,
         "invalid UTF-8"},
        {"a name with a lone surrogate", whole("{" + entry("\\uD800", "F32", "[2]", "[0,8]") + "}", 8),
         kCorrupt, "a lone surrogate"},
        {"deep nesting", whole("{\"w\":" + std::string(100'000, '[')), kCorrupt, "nested too deeply"},
        {"a tensor twice", whole("{" + good + "," + entry("w", "F32", "[2]", "[8,16]") + "}", 16), kCorrupt,
         "a name occurs twice"},
        {"a tensor twice, one name escaped",
         whole("{" + good + "," + entry("\\u0077", "F32", "[2]", "[8,16]") + "}", 16), kCorrupt,
         "a name occurs twice"},
        {"two shapes", whole(R"({"w":{"dtype":"F32","shape":[2],"shape":[2],"data_offsets":[0,8]}})", 8),
         kCorrupt, "a name occurs twice"},
        {"too many tensors", whole(many + "}"), kCorrupt, "too many tensors"},

        // Metadata.
        {"metadata of text", whole(R"({"__metadata__":"pt"})"), kCorrupt, "__metadata__ is no object"},
        {"metadata in an array", whole(R"({"__metadata__":["pt"]})"), kCorrupt, "__metadata__ is no object"},
        {"metadata with a number", whole(R"({"__metadata__":{"step":1}})"), kCorrupt,
         "__metadata__ may hold text only"},
        {"metadata that nests", whole(R"({"__metadata__":{"a":{}}})"), kCorrupt,
         "__metadata__ may hold text only"},
        {"metadata twice", whole(R"({"__metadata__":{},"__metadata__":{}})"), kCorrupt,
         "a name occurs twice"},

        // The form of an entry.
        {"an entry that is null", whole(R"({"w":null})"), kCorrupt, kForm},
        {"an entry that is an array", whole(R"({"w":["F32",[2],[0,8]]})", 8), kCorrupt, kForm},
        {"no dtype", whole(R"({"w":{"shape":[2],"data_offsets":[0,8]}})", 8), kCorrupt, kForm},
        {"no shape", whole(R"({"w":{"dtype":"F32","data_offsets":[0,8]}})", 8), kCorrupt, kForm},
        {"no offsets", whole(R"({"w":{"dtype":"F32","shape":[2]}})", 8), kCorrupt, kForm},
        {"the offsets of the first draft", whole(R"({"w":{"dtype":"F32","shape":[2],"offsets":[0,8]}})", 8),
         kCorrupt, kForm},
        {"a field too many",
         whole(R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"stride":[1]}})", 8), kCorrupt, kForm},
        {"a dtype that is a number", whole(R"({"w":{"dtype":32,"shape":[2],"data_offsets":[0,8]}})", 8),
         kCorrupt, kForm},
        {"a shape that is a number", oneTensor("2", "[0,8]"), kCorrupt, kForm},
        {"a shape that is text", oneTensor("\"[2]\"", "[0,8]"), kCorrupt, kForm},
        {"one offset", oneTensor("[2]", "[8]"), kCorrupt, kForm},
        {"three offsets", oneTensor("[2]", "[0,4,8]"), kCorrupt, kForm},
        {"offsets that are an object", oneTensor("[2]", R"({"0":0,"1":8})"), kCorrupt, kForm},

        // Types and shapes.
        {"an unknown dtype", whole("{" + entry("w", "F33", "[2]", "[0,8]") + "}", 8), kUnknown,
         "tensor w has the unknown type F33"},
        {"a dtype in small letters", whole("{" + entry("w", "f32", "[2]", "[0,8]") + "}", 8), kUnknown,
         "tensor w has the unknown type f32"},
        {"an empty dtype", whole("{" + entry("w", "", "[2]", "[0,8]") + "}", 8), kUnknown,
         "tensor w has the unknown type"},
        {"a negative dimension", oneTensor("[-2]", "[0,8]"), kCorrupt, kMisfit},
        {"two negative dimensions", oneTensor("[-2,-1]", "[0,8]"), kCorrupt, kMisfit},
        {"a fraction", oneTensor("[2.0]", "[0,8]"), kCorrupt, kDimension},
        {"an exponent", oneTensor("[2e0]", "[0,8]"), kCorrupt, kDimension},
        {"a dimension of text", oneTensor("[\"2\"]", "[0,8]"), kCorrupt, kDimension},
        {"a dimension that is null", oneTensor("[null]", "[0,8]"), kCorrupt, kDimension},
        {"a dimension of 2^64 + 2", oneTensor("[18446744073709551618]", "[0,8]"), kCorrupt, kDimension},
        {"too many dimensions", oneTensor("[1,1,1,1,1,1,1,1,2]", "[0,8]"), kCorrupt,
         "tensor w has too many dimensions"},
        // Modulo 2^64 these products would fit the data.
        {"a product that wraps to 0", oneTensor("[4294967296,4294967296]", "[0,0]", 0), kCorrupt, kMisfit},
        {"a product that wraps to 8 bytes", oneTensor("[4611686018427387906]", "[0,8]"), kCorrupt, kMisfit},
        {"a shape larger than its data", oneTensor("[3]", "[0,8]"), kCorrupt, kMisfit},
        {"a shape smaller than its data", oneTensor("[1]", "[0,8]"), kCorrupt, kMisfit},
        {"a scalar with the data of two", oneTensor("[]", "[0,8]"), kCorrupt, kMisfit},
        {"an empty tensor with data", oneTensor("[0]", "[0,8]"), kCorrupt, kMisfit},

        // Offsets.
        {"offsets reversed", oneTensor("[2]", "[8,0]"), kCorrupt, kOffsets},
        {"a negative offset", oneTensor("[2]", "[-8,0]"), kCorrupt, kOffsets},
        {"an offset with a fraction", oneTensor("[2]", "[0,8.0]"), kCorrupt, kOffsets},
        {"an offset of text", oneTensor("[2]", R"(["0","8"])"), kCorrupt, kOffsets},
        {"an offset of 2^63", oneTensor("[2]", "[0,9223372036854775808]"), kCorrupt, kOffsets},
        {"an end one byte beyond the file", oneTensor("[2]", "[0,8]", 7), kShort,
         "the file ends before tensor w does"},
        {"an end far beyond the file", oneTensor("[2]", "[9223372036854775799,9223372036854775807]"), kShort,
         "the file ends before tensor w does"},
        {"an empty tensor beyond the file", oneTensor("[0]", "[8,8]", 4), kShort,
         "the file ends before tensor w does"},

        // How tensors lie together.
        {"a hole at the beginning", oneTensor("[1]", "[4,8]"), kCorrupt, "tensor w has a hole before it"},
        {"a hole between",
         whole("{" + entry("v", "F32", "[1]", "[0,4]") + "," + entry("w", "F32", "[1]", "[8,12]") + "}", 12),
         kCorrupt, "tensor w has a hole before it"},
        {"an overlap",
         whole("{" + entry("v", "F32", "[2]", "[0,8]") + "," + entry("w", "F32", "[2]", "[4,12]") + "}", 12),
         kCorrupt, "tensor w overlaps another"},
        {"two tensors at one place",
         whole("{" + entry("w", "F32", "[2]", "[0,8]") + "," + entry("v", "U8", "[8]", "[0,8]") + "}", 8),
         kCorrupt, "overlaps another"},
        {"an empty tensor within another",
         whole("{" + entry("v", "F32", "[2]", "[0,8]") + "," + entry("w", "F32", "[0]", "[4,4]") + "}", 8),
         kCorrupt, "tensor w overlaps another"},
        {"bytes after the last tensor", oneTensor("[2]", "[0,8]", 9), kCorrupt,
         "bytes that belong to no tensor"},
        {"bytes and no tensor", whole("{}", 1), kCorrupt, "bytes that belong to no tensor"},
    };
    const fs::path path = folder / "hostile.safetensors";
    for (const auto &c : cases) {
        write(path, c.bytes);
        checkRefusal(c.what, path, c.code, c.says);
    }
    std::printf("%zu hostile files\n", std::size(cases));
}

void checkPlaces(const fs::path &folder)
{
    const fs::path fifo = folder / "fifo";
    const fs::path dangling = folder / "dangling";
    write(folder / "file", "x");
    CHECK_EQ(::mkfifo(fifo.c_str(), 0600), 0);
    fs::create_symlink(folder / "missing", dangling);
    checkRefusal("a FIFO", fifo, ErrorCode::Unsupported, "is not a regular file");
    checkRefusal("a directory", folder, ErrorCode::Unsupported, "is not a regular file");
    checkRefusal("a device", "/dev/zero", ErrorCode::Unsupported, "is not a regular file");
    checkRefusal("a missing file", folder / "missing", ErrorCode::NotFound, "cannot be opened");
    checkRefusal("a link to nowhere", dangling, ErrorCode::NotFound, "cannot be opened");
    checkRefusal("a path through a file", folder / "file" / "x", ErrorCode::Io, "cannot be opened");
}

} // namespace

int main()
{
    std::setvbuf(stdout, nullptr, _IOLBF, 0); // Nothing is lost when the alarm ends the program.
    ::signal(SIGXFSZ, SIG_IGN);               // A write beyond the limit fails instead.
    ::alarm(60); // A reader that waits for the FIFO's writer would wait for ever.
    const Scratch scratch;
    checkGood(scratch.path);
    checkWritten(scratch.path);
    checkWrittenInTurn(scratch.path);
    checkHostile(scratch.path);
    checkPlaces(scratch.path);
    return checkSummary();
}

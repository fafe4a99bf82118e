// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/check.h"

#include "core/base/json.h"
#include "core/clip/architecture.h"
#include "core/clip/checkpoint.h"
#include "core/clip/model_source.h"
#include "tests/support/torch_writer.h"

#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <random>
#include <string>
#include <unistd.h>
#include <vector>

using namespace yingxun;
using clip::Checkpoint;
using clip::DType;
using clip::TensorView;
namespace fs = std::filesystem;
namespace tw = torch_writer;

namespace {

/// A folder that goes with the test.
class Folder
{
public:
    Folder() : m_path(fs::temp_directory_path() / ("checkpoint_check-" + std::to_string(::getpid())))
    {
        fs::create_directories(m_path);
    }
    ~Folder()
    {
        std::error_code ignored;
        fs::remove_all(m_path, ignored);
    }
    Folder(const Folder &) = delete;
    Folder &operator=(const Folder &) = delete;

    fs::path write(const std::string &name, const std::string &bytes) const
    {
        std::ofstream(m_path / name, std::ios::binary) << bytes;
        return m_path / name;
    }
    const fs::path &path() const { return m_path; }

private:
    fs::path m_path;
};

std::string contents(const fs::path &path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string floats(const std::vector<float> &values)
{
    std::string bytes(values.size() * sizeof(float), '\0');
    std::memcpy(bytes.data(), values.data(), bytes.size());
    return bytes;
}

/// Touches every byte of every tensor, so that a view beyond the file is a crash here.
unsigned sumOfBytes(const Checkpoint &checkpoint)
{
    unsigned sum = 0;
    for (const TensorView &view : checkpoint.tensors()) {
        for (std::size_t i = 0; i < view.bytes; ++i)
            sum += static_cast<unsigned>(view.data[i]);
    }
    return sum;
}

void readsWhatTorchWrites(const Folder &folder)
{
    // A transposed tensor, and one that begins within a shared storage.
    tw::Tensor transposed{"module.a", "FloatStorage", "0", 6, 0, {3, 2}, {1, 3}};
    tw::Tensor part{"module.b", "FloatStorage", "0", 6, 4, {2}, {1}};
    const auto path =
        folder.write("good.pt", tw::archive(tw::stateDict({transposed, part}), {floats({0, 1, 2, 3, 4, 5})}));
    const auto file = Checkpoint::open(path);
    if (!CHECK(file.has_value()))
        return;
    CHECK(file->verify().has_value());
    const TensorView *a = file->find("a");
    const TensorView *b = file->find("b");
    if (!CHECK(a != nullptr && b != nullptr))
        return;
    CHECK(a->dtype == DType::F32 && a->shape == (std::vector<std::int64_t>{3, 2}));
    CHECK(a->strides == (std::vector<std::int64_t>{1, 3}));
    CHECK_EQ(a->bytes, 24U);
    CHECK(b->strides.empty()); // Row-major.
    float first = 0;
    std::memcpy(&first, b->data, sizeof(first));
    CHECK_EQ(first, 4.0F);

    // A flipped bit in a tensor is found by the checksum, which the caller asks for.
    std::string damaged = contents(path);
    damaged[damaged.find(floats({4})) + 1] ^= 1;
    const auto broken = Checkpoint::open(folder.write("damaged.pt", damaged));
    CHECK(broken.has_value() && !broken->verify().has_value());

    const auto old = Checkpoint::open(
        folder.write("old.pt", tw::oldLayout(tw::stateDict({{.last = "N"}}), "](" + tw::text("0") + "e",
                                             tw::number(6, 8) + floats({0, 1, 2, 3, 4, 5}))));
    CHECK(old.has_value() && old->find("w") != nullptr && old->find("w")->bytes == 24);
}

struct Hostile {
    std::string name;
    std::string bytes;
    ErrorCode code;
    std::string mentions; ///< Part of the message.
};

std::vector<Hostile> hostileArchives()
{
    const std::string good = tw::stateDict({{}});
    const std::string data(24, '\0');
    const auto with = [&](tw::Record record, std::vector<tw::Record> more = {}) {
        std::vector<tw::Record> all{{"model/data.pkl", good}, std::move(record)};
        all.insert(all.end(), more.begin(), more.end());
        return tw::zip(all);
    };
    const std::string whole = tw::archive(good);
    const auto corrupt = ErrorCode::CorruptData;
    return {
        {"empty", "", ErrorCode::Truncated, ""},
        {"two bytes", "PK", ErrorCode::CorruptData, ""},
        {"header only", "PK\x03\x04", ErrorCode::Truncated, "too short"},
        {"half", whole.substr(0, whole.size() / 2), ErrorCode::Truncated, "not copied or downloaded"},
        {"last byte missing", whole.substr(0, whole.size() - 1), ErrorCode::Truncated, "directory"},
        {"start missing", whole.substr(8), ErrorCode::CorruptData, ""},
        {"more after the end", whole + "x", ErrorCode::Truncated, "directory"},
        {"compressed", with({"model/data/0", data, 8}), ErrorCode::Unsupported, "compressed"},
        {"encrypted", with({"model/data/0", data, 0, 1}), ErrorCode::Unsupported, "encrypted"},
        {"record beyond the file", with({"model/data/0", data, 0, 0, 1 << 30}), ErrorCode::Truncated,
         "ends before"},
        {"record elsewhere", with({"model/data/0", data, 0, 0, 0, 5}), corrupt, "does not begin"},
        {"record far away", with({"model/data/0", data, 0, 0, 0, 1 << 30}), corrupt, "beyond the end"},
        {"two names", with({"model/data/0", data, 0, 0, 0, 0, "model/data/7"}), corrupt, "another name"},
        {"doubled record", with({"model/data/0", data}, {{"model/data/0", data}}), corrupt, "twice"},
        {"overlapping records",
         with({"model/data/0", data, 0, 0, 60}, {{"model/data/1", data + data + data}}), corrupt, "share"},
        {"too few entries", tw::zip({{"model/data.pkl", good}, {"model/data/0", data}}, 1), corrupt,
         "damaged"},
        {"60,000 entries", tw::zip({{"model/data.pkl", good}}, 60'000), corrupt, "damaged"},
        {"directory elsewhere", tw::zip({{"model/data.pkl", good}}, 0, 1 << 30), corrupt, "beyond the end"},
        {"64-bit end missing",
         whole.substr(0, whole.size() - 12) + tw::number(0xFFFFFFFF, 4) + tw::number(0xFFFFFFFF, 4) +
             tw::number(0, 4),
         corrupt, "64-bit"},
        {"64-bit end nowhere",
         whole.substr(0, whole.size() - 6) + tw::number(0xFFFFFFFF, 4) + tw::number(0, 2), corrupt, "64-bit"},
        {"no pickle", tw::zip({{"model/other", data}}), corrupt, "no data.pkl"},
        {"a program", tw::zip({{"model/data.pkl", good}, {"model/constants.pkl", good}}),
         ErrorCode::Unsupported, "TorchScript"},
        {"big-endian", tw::zip({{"model/data.pkl", good}, {"model/byteorder", "big"}}),
         ErrorCode::Unsupported, "little-endian"},
        {"damaged pickle", tw::zip({{"model/data.pkl", good, 0, 0, 0, 0, {}, true}}), corrupt, "checksum"},
        {"a picture", "\x89PNG\r\n\x1A\n0000000000000000", corrupt, "safetensors"},
        {"a web page", "<!DOCTYPE html><html><body>Not found</body></html>", corrupt, "safetensors"},
        {"a pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n", corrupt,
         "git lfs pull"},
    };
}

std::vector<Hostile> hostilePickles()
{
    const auto corrupt = ErrorCode::CorruptData;
    const auto unsupported = ErrorCode::Unsupported;
    const auto saved = [](const std::string &body) { return tw::archive(tw::pickle(body)); };
    const auto tensors = [](std::vector<tw::Tensor> list) { return tw::archive(tw::stateDict(list)); };
    const std::int64_t huge = std::int64_t{1} << 62;
    std::string deep;
    for (int i = 0; i < 300'000; ++i)
        deep += "](";
    std::string doubled = tw::tuple({1, 2}) + "q\x01";
    for (int i = 0; i < 60; ++i)
        doubled += "0(h\x01h\x01tq\x01";
    return {
        {"os.system", saved(tw::global("os", "system") + "(" + tw::text("touch /tmp/owned") + "tR"),
         unsupported, "os.system"},
        {"eval by stack", saved(tw::text("builtins") + tw::text("eval") + "\x93"), unsupported,
         "builtins.eval"},
        {"getattr chain", saved(tw::global("builtins", "getattr")), unsupported, "getattr"},
        {"torch.load", saved(tw::global("torch", "load")), unsupported, "torch.load"},
        {"name with newlines hidden", saved(tw::global("collections", "OrderedDict\x01")), unsupported,
         "OrderedDict?"},
        {"an instance", saved("(i__main__\nModel\n"), unsupported, "operation 105"},
        {"object by NEWOBJ", saved(tw::global("collections", "OrderedDict") + ")\x81"), unsupported,
         "operation 129"},
        {"extension code", saved("\x82\x01"), unsupported, "operation 130"},
        {"a text number", saved("I1\n"), unsupported, "operation 73"},
        {"protocol 9", tw::archive("\x80\x09}."), unsupported, "protocol 9"},
        {"pickle cut short", tw::archive(tw::stateDict({{}}).substr(0, 60)), ErrorCode::Truncated, "middle"},
        {"empty pickle", tw::archive(""), ErrorCode::Truncated, "middle"},
        {"text of 4 GB", saved("X\xFF\xFF\xFF\xFF"), corrupt, "too long"},
        {"stack underflow", saved("R"), corrupt, "lacks"},
        {"underflow below a mark", saved("}(s"), corrupt, "lacks"},
        {"mark that is none", saved("u"), corrupt, "lacks"},
        {"nothing left", saved("N0"), corrupt, "one value"},
        {"two left", saved("NN"), corrupt, "one value"},
        {"unknown memory", saved("h\x05"), corrupt, "never remembered"},
        {"memory beyond all", saved("]r\xFF\xFF\xFF\xFFj\xFE\xFF\xFF\xFF"), corrupt, "never remembered"},
        {"list in itself",
         saved("]q\x01h\x01"
               "a"),
         corrupt, "contains itself"},
        {"dictionary in itself", saved("}q\x01" + tw::text("state_dict") + "h\x01s"), corrupt,
         "contains itself"},
        {"circle of two",
         saved("]q\x01]q\x02h\x01"
               "ah\x02"
               "a0h\x01"),
         corrupt, ""},
        {"300,000 lists deep", saved(deep), corrupt, ""},
        {"doubled sixty times", saved(doubled), corrupt, "no dictionary"},
        {"odd members", saved("}(Nu"), corrupt, "lacks"},
        {"call of a type", saved(tw::global("torch", "FloatStorage") + ")R"), corrupt, "calls"},
        {"call of a list", saved("])R"), corrupt, "no function"},
        {"change of a tuple", saved(")Nb"), corrupt, "cannot be changed"},
        {"a bare number", saved("K\x01"), corrupt, "no dictionary"},
        {"empty state dict", saved("}"), corrupt, "no tensor"},
        {"state dict of numbers", saved("}" + tw::text("w") + "K\x01s"), corrupt, "no tensor: w"},
        {"key that is a number", saved("}K\x01" + tw::value({}) + "s"), corrupt, "no tensor"},
        {"doubled tensor", tensors({{}, {}}), corrupt, "twice"},
        {"prefixed and not", tensors({{"w"}, {"module.w"}}), corrupt, "prefix"},
        {"storage missing", tensors({{.key = "9"}}), corrupt, "missing"},
        {"storage larger than its data", tensors({{.elements = 1'000'000}}), corrupt, "declares 1000000"},
        {"storage smaller than its data", tensors({{.elements = 5}}), corrupt, "declares 5"},
        {"storage of negative size", tensors({{.elements = -1}}), corrupt, "malformed"},
        {"unknown element type", tensors({{.type = "ComplexFloatStorage"}}), unsupported,
         "ComplexFloatStorage"},
        {"shape beyond the storage", tensors({{.shape = {3, 3}}}), corrupt, "larger than its storage"},
        {"strides beyond the storage", tensors({{.strides = {4, 1}}}), corrupt, "beyond its storage"},
        {"offset beyond the storage", tensors({{.offset = 7}}), corrupt, "beyond its storage"},
        {"offset and shape beyond", tensors({{.offset = 1}}), corrupt, "beyond its storage"},
        {"negative offset", tensors({{.offset = -1}}), corrupt, "malformed"},
        {"negative dimension", tensors({{.shape = {-2, -3}}}), corrupt, "malformed"},
        {"negative stride", tensors({{.strides = {-3, 1}}}), corrupt, "malformed"},
        {"product overflows", tensors({{.shape = {huge, huge}}}), corrupt, "larger than its storage"},
        {"strides overflow", tensors({{.shape = {2, 3}, .strides = {huge, huge}}}), corrupt, "storage"},
        {"one element a billion times", tensors({{.shape = {1 << 30}, .strides = {0}}}), corrupt,
         "larger than its storage"},
        {"shape and strides differ", tensors({{.strides = {1}}}), corrupt, "malformed"},
        {"twenty dimensions",
         tensors({{.shape = std::vector<std::int64_t>(20, 1), .strides = std::vector<std::int64_t>(20, 1)}}),
         corrupt, "malformed"},
        {"tensor without arguments",
         saved("}" + tw::text("w") + tw::global("torch._utils", "_rebuild_tensor_v2") + ")Rs"), corrupt,
         "malformed"},
        {"storage that is a text",
         saved("}" + tw::text("w") + tw::global("torch._utils", "_rebuild_tensor_v2") + "(" + tw::text("0") +
               tw::whole(0) + tw::tuple({1}) + tw::tuple({1}) + "tRs"),
         corrupt, "without a storage"},
        {"reference to a text",
         saved("}" + tw::text("w") + tw::global("torch._utils", "_rebuild_tensor_v2") + "(" + tw::text("0") +
               "Q" + tw::whole(0) + tw::tuple({1}) + tw::tuple({1}) + "tRs"),
         corrupt, "without a storage"},
    };
}

std::vector<Hostile> hostileOldFiles()
{
    const auto corrupt = ErrorCode::CorruptData;
    const std::string object = tw::stateDict({{.last = "N"}});
    const std::string keys = "](" + tw::text("0") + "e";
    const std::string data = tw::number(6, 8) + std::string(24, '\0');
    return {
        {"magic alone", tw::kOldMagic, ErrorCode::Truncated, "middle"},
        {"old, big-endian", tw::oldLayout(object, keys, data, false), ErrorCode::Unsupported,
         "little-endian"},
        {"old, cut in a tensor", tw::oldLayout(object, keys, data.substr(0, 20)), ErrorCode::Truncated,
         "ends before"},
        {"old, cut in a count", tw::oldLayout(object, keys, data.substr(0, 4)), ErrorCode::Truncated,
         "ends before"},
        {"old, count beyond all", tw::oldLayout(object, keys, tw::number(~0ULL, 8) + data),
         ErrorCode::Truncated, "ends before"},
        {"old, unused key", tw::oldLayout(object, "](" + tw::text("9") + "e", data), corrupt, "nothing uses"},
        {"old, no keys", tw::oldLayout(object, "]", data), corrupt, "missing"},
        {"old, keys that are no list", tw::oldLayout(object, "}", data), corrupt, "malformed"},
        {"old, other count", tw::oldLayout(object, keys, tw::number(5, 8) + std::string(20, '\0')), corrupt,
         "declares 6"},
        {"old, view of a storage", tw::oldLayout(tw::stateDict({{.last = tw::tuple({1, 2, 3})}}), keys, data),
         ErrorCode::Unsupported, "view"},
    };
}

void refusesHostileFiles(const Folder &folder)
{
    std::vector<Hostile> all = hostileArchives();
    for (const auto &more : {hostilePickles(), hostileOldFiles()})
        all.insert(all.end(), more.begin(), more.end());
    CHECK(all.size() >= 40);
    for (const Hostile &hostile : all) {
        const auto path = folder.write("hostile.pt", hostile.bytes);
        const auto begun = std::chrono::steady_clock::now();
        const auto file = Checkpoint::open(path);
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
        const bool refused = !file && file.error().code == hostile.code &&
                             file.error().message.find(path.string()) != std::string::npos &&
                             file.error().message.find(hostile.mentions) != std::string::npos;
        if (!CHECK(refused))
            std::printf("%s: %s\n", hostile.name.c_str(), file ? "accepted" : file.error().message.c_str());
        if (!CHECK(took.count() < 1))
            std::printf("%s took %.1f s\n", hostile.name.c_str(), took.count());
    }
    std::printf("%zu hostile files\n", all.size());
}

/// Whatever single byte is changed, and wherever a file is cut: an error, or tensors that can be read.
void survivesDamage(const Folder &folder)
{
    const std::string good = tw::archive(tw::stateDict({{}, {"v", "HalfStorage", "1", 12}}),
                                         {std::string(24, '\1'), std::string(24, '\2')});
    std::mt19937 random(7);
    int opened = 0;
    for (int i = 0; i < 4000; ++i) {
        std::string bytes = good;
        if (i < static_cast<int>(good.size()))
            bytes.resize(static_cast<std::size_t>(i));
        else
            bytes[random() % bytes.size()] = static_cast<char>(random());
        const auto file = Checkpoint::open(folder.write("changed.pt", bytes));
        if (file) {
            ++opened;
            sumOfBytes(*file);
        }
    }
    CHECK(opened > 0 && opened < 4000); // Only changes within tensors, names and dates do no harm.
}

/// The released models, recognised by the shapes that a list of their state dicts gives.
void recognisesReleasedModels(const Folder &folder, const fs::path &golden)
{
    for (const char *name : {"RN50", "ViT-B-16", "ViT-L-14", "ViT-L-14-336", "ViT-H-14"}) {
        auto manifest = parseJson(contents(golden / "manifests" / (std::string(name) + ".json")));
        if (!CHECK(manifest.has_value()))
            continue;
        // A file of the same names and shapes, a byte an element; its data is a hole that takes no space.
        std::string header;
        std::int64_t end = 0;
        std::int64_t counted = 0;
        for (const Json &entry : *manifest->find("original")->asArray()) {
            const std::string tensor(*entry.find("name")->asString());
            std::string shape;
            std::int64_t bytes = 1;
            for (const Json &dimension : *entry.find("shape")->asArray()) {
                shape += (shape.empty() ? "" : ",") + std::to_string(*dimension.asInt());
                bytes *= *dimension.asInt();
            }
            header += (header.empty() ? "{" : ",") + jsonString(tensor) + R"(:{"dtype":"U8","shape":[)" +
                      shape + R"(],"data_offsets":[)" + std::to_string(end) + "," +
                      std::to_string(end + bytes) + "]}";
            end += bytes;
            if (!tensor.ends_with("num_batches_tracked"))
                counted += bytes;
        }
        header += "}";
        const fs::path file = folder.write("model.safetensors", tw::number(header.size(), 8) + header);
        fs::resize_file(file, 8 + header.size() + static_cast<std::uintmax_t>(end));
        const auto checkpoint = Checkpoint::open(file);
        const auto config = checkpoint ? clip::recognisedArchitecture(*checkpoint)
                                       : Result<clip::ModelConfig>(checkpoint.propagate());
        if (!CHECK(config.has_value()))
            continue;
        const Json &wanted = *manifest->find("config");
        const auto number = [&wanted](const char *key) { return wanted.find(key)->asInt(); };
        CHECK(number("embed_dim") == config->dimension);
        CHECK(number("image_resolution") == config->vision.imageSize);
        CHECK(number("vision_width") == config->vision.width);
        if (const auto *layers = wanted.find("vision_layers")->asArray()) {
            if (CHECK(layers->size() == config->vision.resnetLayers.size())) {
                for (std::size_t i = 0; i < layers->size(); ++i)
                    CHECK((*layers)[i].asInt() == config->vision.resnetLayers[i]);
            }
            CHECK_EQ(config->vision.heads, 32);
        } else {
            CHECK(number("vision_layers") == config->vision.layers);
            CHECK(number("vision_patch_size") == config->vision.patchSize);
            CHECK_EQ(config->vision.heads, std::string(name) == "ViT-H-14" ? 16 : config->vision.width / 64);
        }
        CHECK(number("text_hidden_size") == config->text.hidden);
        CHECK(number("text_num_hidden_layers") == config->text.layers);
        CHECK(number("text_num_attention_heads") == config->text.heads);
        CHECK(number("text_intermediate_size") == config->text.intermediate);
        CHECK(number("vocab_size") == config->text.vocabularySize);
        CHECK(number("text_max_position_embeddings") == config->text.positions);
        CHECK_EQ(clip::weightCount(*config), counted);
    }
}

/// What is said when a part is missing or does not fit the others.
void explainsWhatIsMissing(const Folder &folder)
{
    const fs::path place = folder.path() / "parts";
    fs::create_directories(place);
    const auto says = [&](const fs::path &path, const std::string &what) {
        const auto source = clip::openModel(path);
        if (!CHECK(!source && source.error().message.find(what) != std::string::npos))
            std::printf("wanted “%s”: %s\n", what.c_str(),
                        source ? "opened" : source.error().message.c_str());
    };
    says(place / "none", "does not exist");
    says(place, "holds no model");
    std::ofstream(place / "a.pt") << tw::archive(tw::stateDict({{}}));
    says(place, "vocab.txt is missing");
    std::ofstream(place / "vocab.txt") << "[PAD]\n";
    says(place, "visual.conv1.weight is missing");
    std::ofstream(place / "b.pt") << "";
    says(place, "several models");
    says(place / "b.pt", "");
    // A configuration that asks for more than the file has.
    fs::remove(place / "b.pt");
    std::ofstream(place / "config.json") << clip::configJson(clip::ModelConfig());
    says(place, "fewer weights");
}

} // namespace

int main()
{
    const Folder folder;
    readsWhatTorchWrites(folder);
    refusesHostileFiles(folder);
    survivesDamage(folder);
    explainsWhatIsMissing(folder);
    const fs::path golden = YINGXUN_SHARED_DIR "/golden";
    if (fs::exists(golden))
        recognisesReleasedModels(folder, golden);
    else
        withoutShared("the released models' shapes need golden");
    return checkSummary();
}

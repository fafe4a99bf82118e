// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/config.h"
#include "tests/support/check.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

using namespace yingxun;
using clip::ModelConfig;
using clip::parseConfig;
namespace fs = std::filesystem;

namespace {

/// As Hugging Face has it for the ViT-L/14; the towers differ in every size, so that an edit hits one place.
constexpr const char *kViT = R"({
  "architectures": ["ChineseCLIPModel"],
  "initializer_factor": 1.0,
  "logit_scale_init_value": 2.6592,
  "model_type": "chinese_clip",
  "projection_dim": 640,
  "torch_dtype": "float32",
  "transformers_version": null,
  "text_config": {
    "model_type": "chinese_clip_text_model",
    "architectures": ["ChineseCLIPTextModel"],
    "attention_probs_dropout_prob": 0.2,
    "bos_token_id": 0,
    "hidden_act": "gelu",
    "hidden_dropout_prob": 0,
    "hidden_size": 768,
    "initializer_range": 0.02,
    "intermediate_size": 3072,
    "layer_norm_eps": 1e-12,
    "max_position_embeddings": 512,
    "num_attention_heads": 12,
    "num_hidden_layers": 11,
    "pad_token_id": 0,
    "pruned_heads": {},
    "type_vocab_size": 3,
    "vocab_size": 21128
  },
  "vision_config": {
    "model_type": "chinese_clip_vision_model",
    "attention_dropout": 0.0,
    "dropout": 0.0,
    "hidden_act": "quick_gelu",
    "hidden_size": 1024,
    "image_size": 336,
    "intermediate_size": 4096,
    "layer_norm_eps": 1e-05,
    "num_attention_heads": 16,
    "num_hidden_layers": 24,
    "patch_size": 14
  }
})";

/// Our own form: see resources/models/starter/config.json.
constexpr const char *kResNet = R"({
  "model_type": "chinese_clip",
  "projection_dim": 256,
  "context_length": 40,
  "vision_config": {
    "model_type": "chinese_clip_modified_resnet",
    "image_size": 96,
    "width": 32,
    "layers": [2, 3, 4, 1]
  },
  "text_config": {
    "model_type": "chinese_clip_text_model",
    "vocab_size": 1674,
    "hidden_size": 160,
    "num_hidden_layers": 3,
    "num_attention_heads": 5,
    "intermediate_size": 640,
    "max_position_embeddings": 64
  }
})";

void checkViT(const Result<ModelConfig> &read)
{
    if (!CHECK(read))
        return;
    CHECK(!read->vision.isResNet());
    CHECK(read->vision.imageSize == 336 && read->vision.patchSize == 14 && read->vision.width == 1024);
    CHECK(read->vision.layers == 24 && read->vision.heads == 16);
    CHECK(read->text.vocabularySize == 21128 && read->text.hidden == 768 && read->text.layers == 11);
    CHECK(read->text.heads == 12 && read->text.intermediate == 3072 && read->text.positions == 512);
    CHECK_EQ(read->text.tokenTypes, 3);
    CHECK(read->text.hiddenDropout == 0 && read->text.attentionDropout == 0.2);
    CHECK(read->dimension == 640 && read->contextLength == 52);
}

void checkResNet(const Result<ModelConfig> &read)
{
    if (!CHECK(read))
        return;
    CHECK(read->vision.isResNet());
    CHECK_EQ(read->vision.resnetLayers, (std::vector<int>{2, 3, 4, 1}));
    CHECK(read->vision.imageSize == 96 && read->vision.width == 32);
    CHECK_EQ(read->vision.heads, 16);
    CHECK(read->text.hidden == 160 && read->text.positions == 64 && read->text.tokenTypes == 2);
    CHECK(read->text.hiddenDropout == 0.1 && read->text.attentionDropout == 0.1);
    CHECK(read->dimension == 256 && read->contextLength == 40);
}

bool contains(const std::string &text, const std::string &part)
{
    return text.find(part) != std::string::npos;
}

/// `text` with the only `from` replaced; empty, and a failed check, when it is not there exactly once.
std::string edited(std::string text, const std::string &from, const std::string &to)
{
    const std::size_t at = text.find(from);
    if (!CHECK(at != std::string::npos && text.find(from, at + 1) == std::string::npos)) {
        std::printf("  not there exactly once: %s\n", from.c_str());
        return {};
    }
    return text.replace(at, from.size(), to);
}

/// One replacement in a good config, and what the reader must say about it: the section and the key.
struct Refused {
    const char *from;
    const char *to;
    const char *names;
    ErrorCode code = ErrorCode::CorruptData;
};

void checkRefused(const char *good, const Refused &c)
{
    const Result<ModelConfig> read = parseConfig(edited(good, c.from, c.to));
    if (!CHECK(!read && read.error().code == c.code && contains(read.error().message, c.names))) {
        std::printf("  case: %s -> %s\n  should say: %s\n  got: %s\n", c.from, c.to, c.names,
                    read ? "a config" : read.error().message.c_str());
    }
}

constexpr auto kOther = ErrorCode::Unsupported;

const Refused kRefusedViT[] = {
    // Missing.
    {R"("projection_dim": 640,)", "", "top level.projection_dim must be"},
    {R"("image_size": 336,)", "", "vision_config.image_size must be"},
    {R"("hidden_size": 1024,)", "", "vision_config.hidden_size must be"},
    {R"("num_hidden_layers": 24,)", "", "vision_config.num_hidden_layers must be"},
    {R"("num_attention_heads": 16,)", "", "vision_config.num_attention_heads must be"},
    {R"(24,
    "patch_size": 14)",
     "24", "vision_config.patch_size must be"},
    {R"(3,
    "vocab_size": 21128)",
     "3", "text_config.vocab_size must be"},
    {R"("hidden_size": 768,)", "", "text_config.hidden_size must be"},
    {R"("num_hidden_layers": 11,)", "", "text_config.num_hidden_layers must be"},
    {R"("num_attention_heads": 12,)", "", "text_config.num_attention_heads must be"},
    {R"("intermediate_size": 3072,)", "", "text_config.intermediate_size must be"},
    {R"("max_position_embeddings": 512,)", "", "text_config.max_position_embeddings must be"},
    {R"("vision_config")", R"("vision")", "vision_config", kOther},
    {R"("text_config")", R"("text")", "text_config", kOther},

    // Wrong types.
    {R"("projection_dim": 640)", R"("projection_dim": "640")", "top level.projection_dim must be"},
    {R"("image_size": 336)", R"("image_size": [336, 336])", "vision_config.image_size must be"},
    {R"("patch_size": 14)", R"("patch_size": 14.0)", "vision_config.patch_size must be"},
    {R"("hidden_size": 1024)", R"("hidden_size": null)", "vision_config.hidden_size must be"},
    {R"("num_hidden_layers": 24)", R"("num_hidden_layers": true)", "vision_config.num_hidden_layers must be"},
    {R"("vocab_size": 21128)", R"("vocab_size": 2.1128e4)", "text_config.vocab_size must be"},
    {R"("num_attention_heads": 12)", R"("num_attention_heads": {})",
     "text_config.num_attention_heads must be"},
    {R"("type_vocab_size": 3)", R"("type_vocab_size": null)", "text_config.type_vocab_size must be"},
    {R"("hidden_dropout_prob": 0)", R"("hidden_dropout_prob": "0")",
     "text_config.hidden_dropout_prob must be"},
    {R"("hidden_act": "gelu")", R"("hidden_act": 1)", "text_config.hidden_act must be", kOther},
    {R"("hidden_act": "quick_gelu")", R"("hidden_act": null)", "vision_config.hidden_act must be", kOther},

    // Zero, negative, huge.
    {R"("projection_dim": 640)", R"("projection_dim": 0)", "top level.projection_dim must be"},
    {R"("projection_dim": 640)", R"("projection_dim": 65537)", "top level.projection_dim must be"},
    {R"("image_size": 336)", R"("image_size": 0)", "vision_config.image_size must be"},
    {R"("image_size": 336)", R"("image_size": -336)", "vision_config.image_size must be"},
    {R"("image_size": 336)", R"("image_size": 4294967632)", "vision_config.image_size must be"}, // + 2^32
    {R"("patch_size": 14)", R"("patch_size": 0)", "vision_config.patch_size must be"},
    {R"("hidden_size": 1024)", R"("hidden_size": 1000000)", "vision_config.hidden_size must be"},
    {R"("num_hidden_layers": 24)", R"("num_hidden_layers": 0)", "vision_config.num_hidden_layers must be"},
    {R"("num_hidden_layers": 24)", R"("num_hidden_layers": 201)", "vision_config.num_hidden_layers must be"},
    {R"("num_attention_heads": 16)", R"("num_attention_heads": 0)",
     "vision_config.num_attention_heads must be"},
    {R"("num_attention_heads": 12)", R"("num_attention_heads": -12)",
     "text_config.num_attention_heads must be"},
    {R"("hidden_size": 768)", R"("hidden_size": 0)", "text_config.hidden_size must be"},
    {R"("num_hidden_layers": 11)", R"("num_hidden_layers": 9223372036854775807)",
     "text_config.num_hidden_layers must be"},
    {R"("intermediate_size": 3072)", R"("intermediate_size": 0)", "text_config.intermediate_size must be"},
    {R"("vocab_size": 21128)", R"("vocab_size": 4)", "text_config.vocab_size must be"},
    {R"("vocab_size": 21128)", R"("vocab_size": 99999999999999999999)", "text_config.vocab_size must be"},
    {R"("max_position_embeddings": 512)", R"("max_position_embeddings": 1)",
     "text_config.max_position_embeddings must be"},
    {R"("type_vocab_size": 3)", R"("type_vocab_size": 0)", "text_config.type_vocab_size must be"},
    {R"("hidden_dropout_prob": 0)", R"("hidden_dropout_prob": 1)", "text_config.hidden_dropout_prob must be"},
    {R"("attention_probs_dropout_prob": 0.2)", R"("attention_probs_dropout_prob": -0.1)",
     "text_config.attention_probs_dropout_prob must be"},

    // Sizes that do not fit each other.
    {R"("num_attention_heads": 16)", R"("num_attention_heads": 15)",
     "vision_config.hidden_size must be a multiple of num_attention_heads"},
    {R"("num_attention_heads": 12)", R"("num_attention_heads": 13)",
     "text_config.hidden_size must be a multiple of num_attention_heads"},
    {R"("image_size": 336)", R"("image_size": 13)", "vision_config.patch_size must not exceed image_size"},
    {R"("projection_dim": 640)", R"("projection_dim": 640, "context_length": 513)",
     "top level.context_length must be"},

    // Other models, which would be computed wrongly.
    {R"("hidden_act": "quick_gelu")", R"("hidden_act": "gelu")", "vision_config.hidden_act must be", kOther},
    {R"("hidden_act": "gelu")", R"("hidden_act": "relu")", "text_config.hidden_act must be", kOther},
    {R"("model_type": "chinese_clip")", R"("model_type": "altclip")", "model_type", kOther},
    {R"("chinese_clip_vision_model")", R"("siglip_vision_model")", "vision_config.model_type", kOther},
    {R"("chinese_clip_vision_model")", "7", "vision_config.model_type", kOther},
    {R"("chinese_clip_text_model")", R"("clip_text_model")", "text_config.model_type", kOther},
};

const Refused kRefusedResNet[] = {
    {R"("image_size": 96,)", "", "vision_config.image_size must be"},
    {R"("image_size": 96)", R"("image_size": 0)", "vision_config.image_size must be"},
    {R"("image_size": 96)", R"("image_size": 4096)", "vision_config.image_size must be"},
    {R"("image_size": 96)", R"("image_size": 100)", "vision_config.image_size must be a multiple of 32"},
    {R"("width": 32,)", "", "vision_config.width must be"},
    {R"("width": 32)", R"("width": 0)", "vision_config.width must be"},
    {R"("width": 32)", R"("width": -32)", "vision_config.width must be"},
    {R"("width": 32)", R"("width": 513)", "vision_config.width must be"},
    {R"("width": 32)", R"("width": "32")", "vision_config.width must be"},
    {R"("width": 32)", R"("width": 33)", ".width even"},
    {R"(32,
    "layers": [2, 3, 4, 1])",
     "32", "vision_config.layers must list"},
    {"[2, 3, 4, 1]", "9", "vision_config.layers must list"},
    {"[2, 3, 4, 1]", "[]", "vision_config.layers must list"},
    {"[2, 3, 4, 1]", "[2, 3, 4]", "vision_config.layers must list"},
    {"[2, 3, 4, 1]", "[2, 3, 4, 1, 1]", "vision_config.layers must list"},
    {"[2, 3, 4, 1]", "[2, 0, 4, 1]", "vision_config.layers must list"},
    {"[2, 3, 4, 1]", "[2, 3, -4, 1]", "vision_config.layers must list"},
    {"[2, 3, 4, 1]", "[2, 3, 4, 101]", "vision_config.layers must list"},
    {"[2, 3, 4, 1]", "[2, 3, 4.5, 1]", "vision_config.layers must list"},
    {"[2, 3, 4, 1]", R"([2, 3, 4, "1"])", "vision_config.layers must list"},
    {"chinese_clip_modified_resnet", "chinese_clip_resnext", "vision_config.model_type", kOther},
    {R"("context_length": 40)", R"("context_length": 1)", "top level.context_length must be"},
    {R"("context_length": 40)", R"("context_length": 65)", "top level.context_length must be"},
    {R"("context_length": 40)", R"("context_length": "40")", "top level.context_length must be"},
    // The key at fault, not context_length, which depends on it.
    {R"(640,
    "max_position_embeddings": 64)",
     "640", "text_config.max_position_embeddings must be"},
    {R"("max_position_embeddings": 64)", R"("max_position_embeddings": 0)",
     "text_config.max_position_embeddings must be"},
    // Two faults: the first is named.
    {R"("hidden_size": 160)", R"("hidden_dropout_prob": 2, "hidden_size": 0)",
     "text_config.hidden_size must be"},
};

void checkNoConfig()
{
    const struct {
        const char *text;
        ErrorCode code;
        const char *says;
    } cases[] = {
        {"", ErrorCode::CorruptData, "config.json: JSON, byte 0"},
        {"{", ErrorCode::CorruptData, "config.json: JSON, byte 1"},
        {R"({"vision_config":{},"vision_config":{}})", ErrorCode::CorruptData, "a name occurs twice"},
        {"{}", kOther, "vision_config or text_config is missing"},
        {"[]", kOther, "vision_config or text_config is missing"},
        {"null", kOther, "vision_config or text_config is missing"},
        {R"({"vision_config":[],"text_config":{},"projection_dim":1})", ErrorCode::CorruptData,
         "vision_config"},
    };
    for (const auto &c : cases) {
        const Result<ModelConfig> read = parseConfig(c.text);
        if (!CHECK(!read && read.error().code == c.code && contains(read.error().message, c.says)))
            std::printf("  case: %s\n  got: %s\n", c.text, read ? "a config" : read.error().message.c_str());
    }
}

void checkAccepted()
{
    checkViT(parseConfig(kViT));
    checkResNet(parseConfig(kResNet));
    // What configJson writes says the same.
    if (const Result<ModelConfig> read = parseConfig(kViT); CHECK(read))
        checkViT(parseConfig(clip::configJson(*read)));
    if (const Result<ModelConfig> read = parseConfig(kResNet); CHECK(read))
        checkResNet(parseConfig(clip::configJson(*read)));
    // The text may not be longer than there are positions for, also where nothing is said about it.
    const Result<ModelConfig> few =
        parseConfig(edited(kViT, R"("max_position_embeddings": 512)", R"("max_position_embeddings": 30)"));
    CHECK(few && few->contextLength == 30);
    // Left out, an activation is the model's own.
    CHECK(parseConfig(edited(kViT, R"("hidden_act": "quick_gelu",)", "")));
}

void checkFiles()
{
    std::string scratch = (fs::temp_directory_path() / "config_check.XXXXXX").string();
    if (!CHECK(::mkdtemp(scratch.data()) != nullptr))
        return;
    const fs::path folder = scratch;
    const struct {
        fs::path file;
        ErrorCode code;
    } cases[] = {
        {folder / "missing.json", ErrorCode::NotFound}, {folder, ErrorCode::Unsupported},
        {folder / "empty.json", ErrorCode::Truncated},  {folder / "bad.json", ErrorCode::CorruptData},
        {folder / "fifo", ErrorCode::Unsupported},
    };
    CHECK_EQ(::mkfifo((folder / "fifo").c_str(), 0600), 0);
    std::ofstream(folder / "empty.json") << "";
    std::ofstream(folder / "bad.json") << edited(kViT, R"("patch_size": 14)", R"("patch_size": 0)");
    std::ofstream(folder / "good.json") << kViT;
    checkViT(clip::readConfig(folder / "good.json"));
    for (const auto &c : cases) {
        const Result<ModelConfig> read = clip::readConfig(c.file);
        if (!CHECK(!read && read.error().code == c.code && contains(read.error().message, c.file.string())))
            std::printf("  case: %s\n  got: %s\n", c.file.c_str(),
                        read ? "a config" : read.error().message.c_str());
    }
    fs::remove_all(folder);

    const Result<ModelConfig> starter =
        clip::readConfig(YINGXUN_SOURCE_DIR "/resources/models/starter/config.json");
    CHECK(starter && starter->vision.isResNet() && starter->vision.resnetLayers.size() == 4);
}

} // namespace

int main()
{
    std::setvbuf(stdout, nullptr, _IOLBF, 0); // Nothing is lost when the alarm ends the program.
    ::alarm(60); // A reader that waits for the FIFO's writer would wait for ever.
    checkAccepted();
    for (const Refused &c : kRefusedViT)
        checkRefused(kViT, c);
    for (const Refused &c : kRefusedResNet)
        checkRefused(kResNet, c);
    checkNoConfig();
    checkFiles();
    return checkSummary();
}

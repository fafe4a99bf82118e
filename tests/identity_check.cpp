// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/identity.h"
#include "tests/support/check.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <unistd.h>

using namespace yingxun;
namespace fs = std::filesystem;

namespace {

constexpr const char *kStarter = YINGXUN_SOURCE_DIR "/resources/models/starter";
constexpr const char *kTiny = YINGXUN_SHARED_DIR "/golden/tiny/tiny_vit/hf";

std::string textOf(const fs::path &path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

using Identity = Result<std::string> (*)(const clip::ModelSource &, const std::stop_token &);

std::string identityAt(const fs::path &folder, Identity identity = clip::identityOf)
{
    const auto source = clip::openModel(folder);
    if (!CHECK(source.has_value()))
        return {};
    const auto found = identity(*source, {});
    return CHECK(found.has_value()) ? *found : std::string();
}

void write(const fs::path &file, const std::string &text)
{
    std::ofstream(file, std::ios::binary) << text;
}

/// A text with another part, which must be in it.
std::string edited(std::string text, const std::string &from, const std::string &to)
{
    const std::size_t at = text.find(from);
    return CHECK(at != std::string::npos) ? text.replace(at, from.size(), to) : text;
}

/// How a configuration is written, and what only training uses, leaves a library as it is.
void ignoresHowTheConfigIsWritten(const fs::path &folder)
{
    const fs::path file = folder / "config.json";
    const std::string config = textOf(file);
    const std::string before = identityAt(folder);
    CHECK_EQ(before, identityAt(kStarter));
    std::string dense;
    for (const char c : config) {
        if (c != ' ' && c != '\n')
            dense += c;
    }
    const std::string unknown = edited(config, "{", R"({"transformers_version": "4.25", "x": {"y": [1]},)");
    const std::string dropout =
        edited(config, R"("hidden_dropout_prob": 0)", R"("hidden_dropout_prob": 0.25)");
    const std::string defaults = edited(config, R"("type_vocab_size": 2,)", "");
    const std::string type = R"("model_type": "chinese_clip",)";
    const std::string order = edited(edited(config, type, ""), "{", "{ " + type);
    const std::string former = identityAt(folder, clip::formerIdentityOf);
    for (const std::string &same : {dense, unknown, dropout, defaults, order}) {
        CHECK(same != config);
        write(file, same);
        if (!CHECK_EQ(identityAt(folder), before))
            std::printf("  for %s\n", same.c_str());
        CHECK(identityAt(folder, clip::formerIdentityOf) != former);
    }
    write(file, config);
    CHECK_EQ(identityAt(folder), before);
}

/// Whatever gives other embeddings has a space of its own.
void tellsSpacesApart(const fs::path &folder)
{
    const auto source = clip::openModel(folder);
    const auto hash = source ? clip::weightsHash(*source) : Result<std::string>(source.propagate());
    if (!CHECK(source && hash))
        return;
    std::set<std::string> all{*clip::identityOf(*source), *clip::formerIdentityOf(*source),
                              clip::exactIdentity(*clip::identityOf(*source)),
                              *clip::identityOf(*source, *hash, clip::kPreprocessingVersion + 1),
                              *clip::identityOf(*source, "another")};
    CHECK_EQ(*clip::identityOf(*source, *hash), *clip::identityOf(*source));
    std::size_t expected = 5;
    const auto another = [&](auto change) {
        auto changed = clip::openModel(folder);
        change(changed->config);
        all.insert(*clip::identityOf(*changed));
        ++expected;
    };
    another([](clip::ModelConfig &config) { config.vision.imageSize = 320; });
    another([](clip::ModelConfig &config) { config.vision.resnetLayers[3] += 1; });
    another([](clip::ModelConfig &config) { config.text.heads *= 2; });
    another([](clip::ModelConfig &config) { config.text.layers -= 1; });
    another([](clip::ModelConfig &config) { config.dimension += 1; });
    another([](clip::ModelConfig &config) { config.contextLength -= 1; });
    std::ofstream(folder / "vocab.txt", std::ios::app) << "another\n";
    all.insert(identityAt(folder));
    CHECK_EQ(all.size(), expected + 1);
}

/// Those of files that never change. With another one, every library would be embedded anew: see
/// kPreprocessingVersion for when that is meant; the former one is what earlier versions stored.
void staysTheSame()
{
    CHECK_EQ(identityAt(kTiny), "053aaf5966121c8f1cbe22a42f0cbff4");
    CHECK_EQ(identityAt(kTiny, clip::formerIdentityOf), "53f02ae1f7e392f7f9725903d275e547");
    CHECK_EQ(clip::exactIdentity(identityAt(kTiny, clip::formerIdentityOf)),
             "481cdf45597a9bda52d49e5c28f56e02");
}

} // namespace

int main()
{
    const fs::path folder = fs::temp_directory_path() / ("identity_check-" + std::to_string(::getpid()));
    fs::create_directories(folder);
    for (const char *name : {"config.json", "vocab.txt", "model.safetensors"})
        fs::copy_file(fs::path(kStarter) / name, folder / name);
    ignoresHowTheConfigIsWritten(folder);
    tellsSpacesApart(folder);
    if (fs::exists(kTiny))
        staysTheSame();
    else
        withoutShared("identities of files that never change need golden");
    fs::remove_all(folder);
    return checkSummary();
}

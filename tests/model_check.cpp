// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/compact_copy.h"
#include "core/clip/identity.h"
#include "core/clip/model.h"
#include "core/clip/safetensors.h"
#include "tests/support/check.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <unistd.h>
#include <vector>

using namespace yingxun;
using clip::Model;
namespace fs = std::filesystem;

namespace {

struct Outcome {
    Embeddings images;
    Embeddings texts;
    std::string identity;
};

Outcome outcome(const fs::path &path, const clip::LoadOptions &options)
{
    const auto model = Model::load(path, options);
    if (!CHECK(model.has_value())) {
        std::printf("%s\n", model.error().message.c_str());
        return {};
    }
    const auto side = static_cast<std::size_t>(model->info().imageSize);
    std::vector<std::uint8_t> rgb(side * side * 3);
    for (std::size_t i = 0; i < rgb.size(); ++i)
        rgb[i] = static_cast<std::uint8_t>(i * 7 % 251);
    const std::vector<std::string> texts{"皮卡丘", "a dog"};
    auto images = model->encodeImages(rgb, 1);
    auto words = model->encodeTexts(texts);
    if (!CHECK(images && words))
        return {};
    return {*std::move(images), *std::move(words), model->info().identity};
}

bool same(const Outcome &a, const Outcome &b)
{
    return a.images.values == b.images.values && a.texts.values == b.texts.values && a.identity == b.identity;
}

/// The first use makes the copy, later ones read it; the results are the reference's, to the last bit the
/// same.
void copiesOnce(const fs::path &published, const fs::path &folder)
{
    const fs::path copies = folder / "copies";
    const Outcome reference = outcome(published, {.device = "cpu", .roundAsReference = true});
    const Outcome exact = outcome(published, {.device = "cpu"});
    CHECK(reference.images.values != exact.images.values); // It is an fp32 file.
    CHECK(reference.identity != exact.identity);           // Their embeddings are not to be mixed.
    CHECK(same(outcome(published, {.device = "cpu", .compactCopies = copies}), reference));
    std::vector<fs::path> made;
    for (const auto &entry : fs::directory_iterator(copies))
        made.push_back(entry.path());
    if (!CHECK_EQ(made.size(), 1U))
        return;
    CHECK(fs::file_size(made[0]) * 1.7 < static_cast<double>(fs::file_size(published / "model.safetensors")));
    CHECK(fs::status(copies).permissions() == fs::perms::owner_all); // They lie beside somebody's photos.
    CHECK(fs::status(made[0]).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
    const auto time = fs::last_write_time(made[0]);
    CHECK(same(outcome(published, {.device = "cpu", .compactCopies = copies}), reference));
    CHECK(fs::last_write_time(made[0]) == time);

    // That the copy is what is read: another number in it is another result. Then it is cut, and made anew.
    std::fstream file(made[0], std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(-2000, std::ios::end);
    file.write(std::string(1000, '\x11').data(), 1000);
    file.close();
    CHECK(!same(outcome(published, {.device = "cpu", .compactCopies = copies}), reference));
    fs::resize_file(made[0], 100'000);
    CHECK(same(outcome(published, {.device = "cpu", .compactCopies = copies}), reference));

    // Another file, another copy; that of a file that is gone goes, too.
    const fs::path moved = folder / "moved";
    fs::create_directories(moved);
    for (const char *name : {"config.json", "vocab.txt", "model.safetensors"})
        fs::copy_file(published / name, moved / name);
    CHECK(same(outcome(moved, {.device = "cpu", .compactCopies = copies}), reference));
    const auto count = [&copies] { return std::distance(fs::directory_iterator(copies), {}); };
    CHECK_EQ(count(), 2);
    fs::rename(moved / "model.safetensors", moved / "model.old");
    fs::copy_file(moved / "model.old", moved / "model.safetensors");
    fs::last_write_time(moved / "model.safetensors",
                        fs::file_time_type::clock::now() - std::chrono::hours(1));
    CHECK(same(outcome(moved, {.device = "cpu", .compactCopies = copies}), reference));
    CHECK_EQ(count(), 2);

    // Where no copy can be made, the model works without.
    std::ofstream(folder / "file") << "in the way";
    CHECK(same(outcome(published, {.device = "cpu", .compactCopies = folder / "file/copies"}), reference));
}

std::string textOf(const fs::path &path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// A copy vouches for the weights alone: the rest of the identity is that of what lies beside them now.
void identifiesWhatIsThereNow(const fs::path &published, const fs::path &folder)
{
    const fs::path place = folder / "identified";
    fs::create_directories(place);
    for (const char *name : {"config.json", "vocab.txt", "model.safetensors"})
        fs::copy_file(published / name, place / name);
    for (const char *name : {"config.json", "vocab.txt"})
        fs::permissions(place / name, fs::perms::owner_all);
    const clip::LoadOptions options{.device = "cpu", .compactCopies = folder / "copies of identified"};
    const std::string identity = outcome(place, options).identity;
    CHECK_EQ(identity, *clip::identityOf(*clip::openModel(place)));
    const fs::path copy = fs::directory_iterator(options.compactCopies)->path();

    // One of the time when a copy kept the identity of everything says nothing.
    std::string bytes = textOf(copy);
    const std::size_t at = bytes.find("yingxun_weights\":\"");
    if (CHECK(at != std::string::npos)) {
        bytes.replace(at, 51, "yingxun_identity\":\"" + std::string(31, '0'));
        std::ofstream(copy, std::ios::binary) << bytes;
        CHECK_EQ(outcome(place, options).identity, identity);
        CHECK(textOf(copy).find("yingxun_weights") != std::string::npos);
    }

    const std::string config = textOf(place / "config.json");
    std::ofstream(place / "config.json") << '\n' << config;
    CHECK_EQ(outcome(place, options).identity, identity);
    std::ofstream(place / "config.json") << config;
    std::string words = textOf(place / "vocab.txt");
    words.resize(words.find_last_not_of('\n') + 1);
    words.resize(words.find_last_of('\n') + 1);
    std::ofstream(place / "vocab.txt") << words;
    CHECK(outcome(place, options).identity != identity);
}

/// What earlier versions called the model, rounded or not, as long as its files are the same.
void knowsItsFormerIdentity(const fs::path &published, const fs::path &folder)
{
    const auto source = clip::openModel(published);
    const auto former = source ? clip::formerIdentityOf(*source) : Result<std::string>(source.propagate());
    const auto rounded = Model::load(published, {.device = "cpu", .roundAsReference = true});
    const auto exact = Model::load(published, {.device = "cpu"});
    if (!CHECK(former && rounded && exact))
        return;
    CHECK(rounded->formerIdentity() && *rounded->formerIdentity() == *former);
    CHECK(exact->formerIdentity() && *exact->formerIdentity() == clip::exactIdentity(*former));

    const fs::path place = folder / "former";
    fs::create_directories(place);
    for (const char *name : {"config.json", "vocab.txt", "model.safetensors"})
        fs::copy_file(published / name, place / name);
    const auto replaced = Model::load(place, {.device = "cpu"});
    CHECK(replaced && replaced->formerIdentity() && !replaced->formerIdentity()->empty());
    fs::remove(place / "model.safetensors");
    fs::copy_file(published / "pytorch_model.bin", place / "pytorch_model.bin");
    CHECK(replaced->formerIdentity() && replaced->formerIdentity()->empty());
    fs::remove_all(place);
    CHECK(!replaced->formerIdentity());
}

/// A published file of which one number has changed on its way is refused before a copy is made of it.
void refusesDamagedFile(const fs::path &tiny, const fs::path &vocabulary, const fs::path &folder)
{
    const fs::path place = folder / "damaged";
    fs::create_directories(place);
    fs::copy_file(tiny / "hf/config.json", place / "config.json");
    fs::copy_file(vocabulary, place / "vocab.txt");
    fs::copy_file(tiny / "tiny_vit_fp32.pt", place / "model.pt");
    fs::permissions(place / "model.pt", fs::perms::owner_all);
    const clip::LoadOptions options{.device = "cpu", .compactCopies = folder / "of damaged"};
    std::fstream file(place / "model.pt", std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(1'000'000); // Within the word embeddings.
    file.write("\x2A\x2A\x2A\x2A", 4);
    file.close();
    const auto model = Model::load(place, options);
    CHECK(!model && model.error().message.find("checksum") != std::string::npos);
    CHECK(!fs::exists(folder / "of damaged"));
    fs::remove(place / "model.pt");
    fs::copy_file(tiny / "tiny_vit_fp32.pt", place / "model.pt");
    CHECK(Model::load(place, options).has_value());
}

} // namespace

int main()
{
    const fs::path folder = fs::temp_directory_path() / ("model_check-" + std::to_string(::getpid()));
    fs::create_directories(folder);
    // What is compact already is not copied.
    outcome(YINGXUN_SOURCE_DIR "/resources/models/starter", {.compactCopies = folder / "none"});
    CHECK(!fs::exists(folder / "none"));
    const fs::path golden = YINGXUN_SHARED_DIR "/golden";
    const fs::path tiny = golden / "tiny/tiny_vit";
    if (fs::exists(tiny)) {
        copiesOnce(tiny / "hf", folder);
        identifiesWhatIsThereNow(tiny / "hf", folder);
        knowsItsFormerIdentity(tiny / "hf", folder);
        refusesDamagedFile(tiny, golden / "vocab.txt", folder);
    } else {
        withoutShared("copies of a published model need golden");
    }
    fs::remove_all(folder);
    return checkSummary();
}

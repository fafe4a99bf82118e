// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/tokenizer.h"
#include "support/check.h"

#include <fstream>
#include <sstream>

using namespace yingxun;
using clip::Tokenizer;

namespace {

using Ids = std::vector<std::int64_t>;

std::string bytesOf(const std::string &hex)
{
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
    return bytes;
}

constexpr const char *kVocabulary = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n"         // 0..3
                                    "红\n色\n的\n##车\ncar\n##s\n"         // 4..9
                                    ",\n!\ncafe\nσας\nｃ\nᄀ\n##ᅡ\n。\n"; // 10..17

void checkOwnVocabulary()
{
    const Result<Tokenizer> loaded = Tokenizer::fromVocabulary(kVocabulary);
    if (!CHECK(loaded))
        return;
    const Tokenizer &t = *loaded;
    CHECK_EQ(t.vocabularySize(), 18);
    CHECK_EQ(t.pieces("红色的"), (Ids{4, 5, 6}));
    CHECK_EQ(t.pieces("Cars,car!"), (Ids{8, 9, 10, 8, 11}));
    CHECK_EQ(t.pieces("carx 红"), (Ids{1, 4})); // One unknown part makes the word unknown.
    CHECK_EQ(t.pieces("Ｃ"), (Ids{14}));        // Full-width stays full-width, lower-cased.
    CHECK_EQ(t.pieces("CAF\u00C9 cafe\u0301"), (Ids{12, 12}));
    CHECK_EQ(t.pieces("가"), (Ids{15, 16})); // Hangul falls apart into its jamo.
    CHECK_EQ(t.pieces("ΣΑΣ"), (Ids{13}));    // A sigma that ends a word.
    CHECK_EQ(t.pieces("。"), (Ids{17}));
    CHECK_EQ(t.pieces("c\xFF\xE7\xBA"
                      "ar"),
             (Ids{8})); // Invalid UTF-8 is left out.
    CHECK_EQ(t.pieces("\u200B \u00A0\t"), Ids{});
    CHECK_EQ(t.pieces(std::string(101, 'c')), (Ids{1}));
    CHECK(t.knows("红犇") && t.knows("a car"));
    CHECK(!t.knows("犇") && !t.knows("carx") && !t.knows(" "));
    CHECK_EQ(t.encode("红色", 6), (Ids{2, 4, 5, 3, 0, 0}));
    CHECK_EQ(t.encode("红色的", 4), (Ids{2, 4, 5, 3}));
    CHECK_EQ(t.encode("红", 2), (Ids{2, 3}));
    CHECK_EQ(t.encode("").size(), 52U);
}

void checkBadVocabularies()
{
    for (const char *text : {"", "[PAD]\n", "[PAD]\n[UNK]\n[CLS]\n", "[PAD]\n[UNK]\n[SEP]\n",
                             "[PAD]\n[CLS]\n[SEP]\n", "[UNK]\n[PAD]\n[CLS]\n[SEP]\n"}) {
        const Result<Tokenizer> loaded = Tokenizer::fromVocabulary(text);
        CHECK(!loaded && loaded.error().code == ErrorCode::CorruptData);
    }
    const Result<Tokenizer> missing = Tokenizer::load("/nonexistent/vocab.txt");
    CHECK(!missing && missing.error().code == ErrorCode::NotFound);
}

/// Every id that the reference gives for 12 000 texts: see the first line of the file for its form.
void checkGoldens()
{
    const std::filesystem::path vocabulary = YINGXUN_SHARED_DIR "/golden/vocab.txt";
    if (!std::filesystem::exists(vocabulary)) {
        withoutShared("the reference's ids need golden/vocab.txt");
        return;
    }
    const Result<Tokenizer> tokenizer = Tokenizer::load(vocabulary);
    std::ifstream goldens(YINGXUN_TEST_DATA "/tokenizer_goldens.txt");
    if (!CHECK(tokenizer) || !CHECK(goldens))
        return;
    CHECK_EQ(tokenizer->vocabularySize(), 21128);
    int cases = 0;
    for (std::string line; std::getline(goldens, line);) {
        std::istringstream words(line);
        std::string kind, text;
        int length = 0;
        if (line.starts_with('#') || !(words >> kind) || (kind == "encode" && !(words >> length)) ||
            !(words >> text))
            continue;
        Ids expected;
        for (std::int64_t id = 0; words >> id;)
            expected.push_back(id);
        if (kind == "encode")
            expected.resize(static_cast<std::size_t>(length), 0);
        const std::string utf8 = text == "-" ? std::string() : bytesOf(text);
        const Ids ids = kind == "encode" ? tokenizer->encode(utf8, length) : tokenizer->pieces(utf8);
        if (kind != "clean" && !CHECK_EQ(ids, expected))
            std::printf("  %s\n", line.c_str());
        ++cases;
    }
    CHECK(cases > 12000);
}

} // namespace

int main()
{
    checkOwnVocabulary();
    checkBadVocabularies();
    checkGoldens();
    return checkSummary();
}

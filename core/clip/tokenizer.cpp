// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/tokenizer.h"

#include "core/base/mapped_file.h"
#include "core/base/utf8.h"
#include "core/clip/detail/unicode.h"
#include "core/clip/model.h"

#include <algorithm>
#include <utility>

namespace yingxun::clip {
namespace {

using detail::CharacterClass;

constexpr std::size_t kLongestWord = 200; // Characters; longer words are [UNK], as in the reference.

std::string utf8(std::u32string_view text)
{
    std::string out;
    for (const char32_t c : text)
        appendUtf8(out, c);
    return out;
}

/// Words of a cleaned text: dropped characters join their neighbours, ideographs stand alone.
std::vector<std::u32string> words(std::u32string_view text)
{
    std::vector<std::u32string> out;
    std::u32string word;
    const auto finish = [&] {
        if (!word.empty())
            out.push_back(std::exchange(word, {}));
    };
    for (const char32_t c : text) {
        switch (detail::characterClass(c)) {
        case CharacterClass::Drop:
            break;
        case CharacterClass::Space:
            finish();
            break;
        case CharacterClass::Cjk:
            finish();
            out.emplace_back(1, c);
            break;
        default:
            word += c;
        }
    }
    finish();
    return out;
}

/// The first and last blanks of a vocabulary line do not count, as in the reference.
std::string_view trimmed(std::string_view line)
{
    constexpr std::string_view kBlanks = " \t\r\v\f";
    const auto first = line.find_first_not_of(kBlanks);
    return first == std::string_view::npos ? std::string_view()
                                           : line.substr(first, line.find_last_not_of(kBlanks) - first + 1);
}

} // namespace

Result<Tokenizer> Tokenizer::load(const std::filesystem::path &vocabulary)
{
    auto file = MappedFile::open(vocabulary);
    if (!file)
        return file.propagate();
    auto tokenizer =
        fromVocabulary({reinterpret_cast<const char *>(file->bytes().data()), file->bytes().size()});
    if (!tokenizer)
        return fail(tokenizer.error().code, vocabulary.string() + ": " + tokenizer.error().message);
    return tokenizer;
}

Result<Tokenizer> Tokenizer::fromVocabulary(std::string_view text)
{
    Tokenizer tokenizer;
    std::int64_t id = 0;
    for (std::size_t at = 0; at < text.size(); ++id) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        tokenizer.m_ids[std::string(trimmed(text.substr(at, end - at)))] =
            id; // Of doubled lines the last counts.
        at = end + 1;
    }
    tokenizer.m_size = static_cast<int>(id);
    std::int64_t padding = -1;
    for (const auto &[name, target] : {std::pair<std::string_view, std::int64_t *>("[PAD]", &padding),
                                       {"[UNK]", &tokenizer.m_unknown},
                                       {"[CLS]", &tokenizer.m_first},
                                       {"[SEP]", &tokenizer.m_last}}) {
        const auto found = tokenizer.m_ids.find(name);
        if (found == tokenizer.m_ids.end())
            return fail(ErrorCode::CorruptData, "the vocabulary lacks " + std::string(name));
        *target = found->second;
    }
    if (padding != 0)
        return fail(ErrorCode::CorruptData, "the vocabulary must begin with [PAD]");
    return tokenizer;
}

std::vector<std::int64_t> Tokenizer::encode(std::string_view text, int contextLength) const
{
    std::vector<std::int64_t> ids = pieces(text);
    const auto room = static_cast<std::size_t>(std::max(contextLength, 2)) - 2;
    ids.resize(std::min(ids.size(), room));
    ids.insert(ids.begin(), m_first);
    ids.push_back(m_last);
    ids.resize(room + 2, 0);
    return ids;
}

std::vector<std::int64_t> Tokenizer::pieces(std::string_view text) const
{
    std::vector<std::int64_t> out;
    for (const std::u32string &word : words(detail::decoded(text))) {
        const std::u32string plain = detail::withoutAccents(detail::lowered(word));
        std::size_t first = 0;
        for (std::size_t i = 0; i <= plain.size(); ++i) {
            const bool end = i == plain.size();
            if (!end && detail::characterClass(plain[i]) != CharacterClass::Punctuation)
                continue;
            appendPieces(std::u32string_view(plain).substr(first, i - first), out);
            if (!end)
                appendPieces(std::u32string_view(plain).substr(i, 1), out);
            first = i + 1;
        }
    }
    return out;
}

bool Tokenizer::knows(std::string_view text) const
{
    const std::vector<std::int64_t> ids = pieces(text);
    return std::any_of(ids.begin(), ids.end(), [this](std::int64_t id) { return id != m_unknown; });
}

void Tokenizer::appendPieces(std::u32string_view token, std::vector<std::int64_t> &out) const
{
    if (token.empty())
        return;
    if (token.size() > kLongestWord) {
        out.push_back(m_unknown);
        return;
    }
    const std::size_t before = out.size();
    for (std::size_t first = 0; first < token.size();) {
        // The longest piece that matches: from the whole rest down to one character.
        std::size_t last = token.size();
        auto found = m_ids.end();
        for (; last > first; --last) {
            found = m_ids.find((first > 0 ? "##" : "") + utf8(token.substr(first, last - first)));
            if (found != m_ids.end())
                break;
        }
        if (last == first) {
            out.resize(before); // One part unknown makes the whole word unknown.
            out.push_back(m_unknown);
            return;
        }
        out.push_back(found->second);
        first = last;
    }
}

std::string cleanedText(std::string_view text)
{
    std::u32string lower = detail::lowered(detail::decoded(text));
    for (char32_t &c : lower) {
        if (c == U'\u201C' || c == U'\u201D')
            c = U'"';
    }
    return utf8(lower);
}

} // namespace yingxun::clip

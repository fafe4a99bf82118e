// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace yingxun::clip {

/// BERT WordPiece (arXiv 1810.04805) for lower-cased Chinese, identical to the reference in every id:
/// clean, put spaces around ideographs, lower-case, strip accents, split off punctuation, then the
/// longest matching pieces of each word.
/// Threads: constant after load().
class Tokenizer
{
public:
    /// A vocabulary has one piece a line (LF), the line number is the id. [PAD] must be 0; [UNK], [CLS] and
    /// [SEP] must be there. Errors: NotFound, Io, CorruptData (says which is missing).
    static Result<Tokenizer> load(const std::filesystem::path &vocabulary);
    static Result<Tokenizer> fromVocabulary(std::string_view text);

    /// [CLS], the first contextLength - 2 pieces, [SEP], zeros: contextLength (>= 2) ids.
    /// Invalid parts of the UTF-8 are left out.
    std::vector<std::int64_t> encode(std::string_view utf8, int contextLength = 52) const;

    /// All pieces of a text, without [CLS] and [SEP].
    std::vector<std::int64_t> pieces(std::string_view utf8) const;

    /// Whether the vocabulary has any piece of a text: one of [UNK] alone says nothing.
    bool knows(std::string_view utf8) const;

    int vocabularySize() const noexcept { return m_size; }

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept
        {
            return std::hash<std::string_view>{}(text);
        }
    };

    Tokenizer() = default;
    void appendPieces(std::u32string_view token, std::vector<std::int64_t> &out) const;

    std::unordered_map<std::string, std::int64_t, Hash, std::equal_to<>> m_ids;
    int m_size = 0;
    std::int64_t m_unknown = 0;
    std::int64_t m_first = 0; ///< [CLS]
    std::int64_t m_last = 0;  ///< [SEP]
};

} // namespace yingxun::clip

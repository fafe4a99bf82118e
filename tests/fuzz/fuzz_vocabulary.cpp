// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/tokenizer.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

/// The vocabulary up to the first zero byte, and a text after it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view all(reinterpret_cast<const char *>(data), size);
    const std::size_t end = all.find('\0');
    const std::string_view text = end == std::string_view::npos ? all : all.substr(end + 1);
    for (const std::string &vocabulary : {std::string(all.substr(0, end)),
                                          "[PAD]\n[UNK]\n[CLS]\n[SEP]\n" + std::string(all.substr(0, end))}) {
        const auto tokenizer = yingxun::clip::Tokenizer::fromVocabulary(vocabulary);
        if (!tokenizer)
            continue;
        const auto pieces = tokenizer->pieces(text);
        for (const int length : {2, 52}) {
            const auto ids = tokenizer->encode(text, length);
            if (ids.size() != static_cast<std::size_t>(length))
                std::abort();
            // The pieces as far as there is room, between [CLS] and [SEP], and zeros.
            const auto kept = static_cast<std::ptrdiff_t>(std::min(pieces.size(), ids.size() - 2));
            if (!std::equal(ids.begin() + 1, ids.begin() + 1 + kept, pieces.begin()) ||
                std::any_of(ids.begin() + kept + 2, ids.end(), [](std::int64_t id) { return id != 0; }))
                std::abort();
            for (const std::int64_t id : ids) {
                if (id < 0 || id >= tokenizer->vocabularySize())
                    std::abort();
            }
        }
    }
    return 0;
}

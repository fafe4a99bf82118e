// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/query_text.h"

#include "core/vectors/encoder.h"

#include <QByteArray>
#include <QtDebug>

#include <algorithm>
#include <iterator>
#include <mutex>
#include <opencc/opencc.h>
#include <string>

using namespace Qt::StringLiterals;

namespace yingxun::query {
namespace {

/// What only joins or colours emoji; it leaves no gap.
bool isEmojiModifier(char32_t c)
{
    return c == 0x200D || c == 0x20E3 || c == 0xFE0E || c == 0xFE0F || (c >= 0xE0020 && c <= 0xE007F) ||
           (c >= 0x1F3FB && c <= 0x1F3FF);
}

/// Unicode's blocks of pictographs. Qt 6.4 does not know the property Emoji; of the older blocks only what
/// is a symbol counts, of U+1F000 and up everything.
bool isEmoji(char32_t c)
{
    const bool pictographs = (c >= 0x2300 && c <= 0x23FF) || (c >= 0x2600 && c <= 0x27BF) ||
                             (c >= 0x2B00 && c <= 0x2BFF) || c == 0x3030 || c == 0x303D;
    return (c >= 0x1F000 && c <= 0x1FAFF) || (pictographs && QChar::category(c) == QChar::Symbol_Other);
}

bool isPunctuation(char32_t c)
{
    switch (QChar::category(c)) {
    case QChar::Punctuation_Connector:
    case QChar::Punctuation_Dash:
    case QChar::Punctuation_Open:
    case QChar::Punctuation_Close:
    case QChar::Punctuation_InitialQuote:
    case QChar::Punctuation_FinalQuote:
    case QChar::Punctuation_Other:
        return c != U'%' && c != U'‰'; // They belong to the number before them.
    default:
        return c == U'~' || c == U'<' || c == U'>' || c == U'|' || c == U'`' || c == U'^' || c == U'=';
    }
}

/// OpenCC, opened once; nothing where its data is missing.
class SimplifiedCharacters
{
public:
    SimplifiedCharacters() : m_converter(opencc_open(OPENCC_DEFAULT_CONFIG_TRAD_TO_SIMP))
    {
        // Its documented value for a failure is -1 as a pointer.
        if (m_converter == reinterpret_cast<opencc_t>(-1)) { // NOLINT(performance-no-int-to-ptr)
            m_converter = nullptr;
            qWarning("traditional characters are searched as they are: OpenCC says %s", opencc_error());
        }
    }
    ~SimplifiedCharacters()
    {
        if (m_converter)
            opencc_close(m_converter);
    }
    SimplifiedCharacters(const SimplifiedCharacters &) = delete;
    SimplifiedCharacters &operator=(const SimplifiedCharacters &) = delete;

    QString of(const QString &text)
    {
        if (!m_converter)
            return text;
        const QByteArray utf8 = text.toUtf8();
        const std::scoped_lock lock(m_mutex); // OpenCC promises nothing of threads.
        char *converted = opencc_convert_utf8(m_converter, utf8.constData(), std::size_t(utf8.size()));
        if (!converted)
            return text;
        QString simplified = QString::fromUtf8(converted);
        opencc_convert_utf8_free(converted);
        return simplified;
    }

private:
    opencc_t m_converter;
    std::mutex m_mutex;
};

QString simplifiedCharacters(const QString &text)
{
    static SimplifiedCharacters converter;
    return converter.of(text);
}

} // namespace

QString queryText(const QString &typed)
{
    std::u32string text;
    for (const char32_t c : typed.normalized(QString::NormalizationForm_KC).toUcs4()) {
        if (isEmojiModifier(c))
            continue;
        text += isEmoji(c) || QChar::isSpace(c) ? U' ' : c;
    }
    const auto isOuter = [](char32_t c) { return c == U' ' || isPunctuation(c); };
    const auto first = std::find_if_not(text.cbegin(), text.cend(), isOuter);
    const auto last = std::find_if_not(text.crbegin(), std::make_reverse_iterator(first), isOuter).base();
    if (std::none_of(first, last, [](char32_t c) { return QChar::isLetterOrNumber(c); }))
        return {};
    const QString inner = QString::fromStdU32String({first, last}).simplified();
    // Always, not only where the vocabulary lacks a character: that it lists 貓 does not say that a model
    // has learnt it. The starter model knows simplified characters only, the official models are trained on
    // texts that are nearly all simplified, and so both spellings find the same photos.
    return simplifiedCharacters(inner);
}

QueryProblem queryProblem(const vectors::Encoder &encoder, const QString &text)
{
    if (text.isEmpty())
        return QueryProblem::NoWords;
    QString words = text; // A comma between unknown words is known to any model.
    for (QChar &c : words)
        c = c.isPunct() || c.isSymbol() ? QChar(u' ') : c;
    return encoder.knows(words.toStdString()) ? QueryProblem::None : QueryProblem::UnknownWords;
}

} // namespace yingxun::query

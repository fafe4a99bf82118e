// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/path_text.h"

#include "core/base/utf8.h"

#include <QByteArray>
#include <QUrl>

namespace yingxun::services {
namespace {

constexpr char16_t kEscape = 0xDC00; ///< Plus the byte.

bool isEscape(QChar c)
{
    return c.unicode() >= kEscape + 0x80 && c.unicode() <= kEscape + 0xFF;
}

QByteArray arrayOf(std::string_view bytes)
{
    return QByteArray(bytes.data(), qsizetype(bytes.size()));
}

} // namespace

QString textOfPath(std::string_view bytes)
{
    QString text;
    text.reserve(qsizetype(bytes.size()));
    for (std::size_t at = 0; at < bytes.size();) {
        const Utf8Step step = utf8Step(bytes, at);
        if (step.valid) {
            text.append(QChar::fromUcs4(step.codePoint));
        } else {
            for (const char byte : bytes.substr(at, step.length))
                text.append(QChar(char16_t(kEscape + static_cast<unsigned char>(byte))));
        }
        at += step.length;
    }
    return text;
}

std::string pathOfText(QStringView text)
{
    std::string bytes;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text[i];
        if (c.isHighSurrogate() && i + 1 < text.size() && text[i + 1].isLowSurrogate())
            appendUtf8(bytes, QChar::surrogateToUcs4(c, text[++i]));
        else if (isEscape(c))
            bytes += static_cast<char>(c.unicode() - kEscape);
        else
            appendUtf8(bytes, c.isSurrogate() ? char32_t{0xFFFD} : char32_t{c.unicode()});
    }
    return bytes;
}

QUrl urlOfPath(std::string_view bytes)
{
    return QUrl::fromEncoded("file://" + arrayOf(bytes).toPercentEncoding("/"), QUrl::StrictMode);
}

std::string pathOfUrl(const QUrl &url)
{
    if (!url.isLocalFile())
        return {};
    return QByteArray::fromPercentEncoding(url.path(QUrl::FullyEncoded).toLatin1()).toStdString();
}

} // namespace yingxun::services

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/http_headers.h"

#include "core/models/names.h"

namespace yingxun::models {

bool isPassing(int status)
{
    return status >= FirstServerError || status == RequestTimeout || status == TooEarly ||
           status == TooManyRequests;
}

ContentRange contentRange(const QByteArray &header)
{
    constexpr QByteArrayView kUnit = "bytes ";
    ContentRange range;
    if (!header.startsWith(kUnit))
        return range;
    // "5-9/10", "5-9/*", "*/10"
    const QByteArray value = header.mid(kUnit.size()).trimmed();
    bool ok = false;
    if (const qint64 whole = value.mid(value.indexOf('/') + 1).toLongLong(&ok); ok)
        range.whole = whole;
    if (const qint64 first = value.left(value.indexOf('-')).toLongLong(&ok); ok)
        range.first = first;
    return range;
}

std::string strongEtag(const QByteArray &header)
{
    return header.startsWith('"') ? header.toStdString() : std::string();
}

LinkedFile linkedFile(const QByteArray &etag, const QByteArray &size)
{
    LinkedFile file;
    QByteArray hash = etag.toLower();
    if (hash.size() > 2 && hash.startsWith('"') && hash.endsWith('"'))
        hash = hash.sliced(1, hash.size() - 2);
    if (isSha256({hash.constData(), static_cast<std::size_t>(hash.size())}))
        file.sha256 = hash.toStdString();
    bool ok = false;
    if (const qint64 bytes = size.toLongLong(&ok); ok && bytes >= 0)
        file.bytes = bytes;
    return file;
}

} // namespace yingxun::models

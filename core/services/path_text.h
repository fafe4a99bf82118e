// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <string>
#include <string_view>

class QUrl;

/// Paths are bytes, and on old disks those are not always UTF-8. Wherever Qt wants a QString, these carry
/// every byte through: one that is no UTF-8 becomes a lone low surrogate, U+DC80 to U+DCFF, as in Python's
/// surrogateescape. Unlike QFile::decodeName(), which cannot be undone.
namespace yingxun::services {

/// For handing on, not for showing: ui::shownPath() does that.
QString textOfPath(std::string_view bytes);
/// The bytes that textOfPath() was given; of any other text its UTF-8.
std::string pathOfText(QStringView text);

/// A file: URL and back, byte for byte. Of a URL that is not local: empty.
QUrl urlOfPath(std::string_view bytes);
std::string pathOfUrl(const QUrl &url);

} // namespace yingxun::services

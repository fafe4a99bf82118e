// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/query/syntax.h"

#include <QStringView>

#include <optional>
#include <span>

/// The words of the query language that are not free text.
namespace yingxun::query {

/// Image is the key of a meaning, the others are of filters.
enum class Key { Label, Folder, Date, Camera, Lens, Rating, Format, Has, Size, Orientation, Type, Image };

/// One spelling of a key. The first of each key in each language is the one that is proposed.
struct KeyName {
    QStringView name; ///< Folded.
    Key key = Key::Label;
};
std::span<const KeyName> keyNames();

/// One spelling of a value that is chosen from a list.
struct ValueName {
    QStringView name; ///< Folded.
    Key key = Key::Label;
    Condition condition;
};
std::span<const ValueName> valueNames();

/// A full-width sign as its ASCII sign, so that positions stay; other characters as they are.
QChar narrow(QChar c);

/// How spellings are compared: narrow, lower case, and simplified characters where these words have others.
QString folded(QStringView text);

std::optional<Key> keyOf(QStringView name);
std::optional<Condition> valueOf(Key key, QStringView name);

/// What 横图, 竖图, 方图, 视频 and 有GPS mean as whole words. English words are always text.
std::optional<Condition> bareFilter(QStringView word);

} // namespace yingxun::query

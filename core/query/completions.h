// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/query/syntax.h"

#include <QStringList>

#include <vector>

namespace yingxun::query {

/// The names of this library that a value may be.
struct KnownNames {
    QStringList labels;
    QStringList folders;
    QStringList cameras;
    QStringList lenses;
};

/// What may be written at the cursor.
struct Completion {
    enum class Kind { Key, Value };

    Kind kind = Kind::Key;
    QString text;  ///< With the colon of a key, and the quotes of a value where it needs them.
    Span replaced; ///< What it takes the place of; empty at the cursor where nothing has been typed.
    bool operator==(const Completion &) const = default;
};

/// Keys and values that begin with what stands before the cursor in its word; for names that anything in them
/// does. In their own order; where no letter has been typed, each key once, in Chinese where it has a Chinese
/// name. Empty within free text that begins no key, and in quotes that are not a value's.
/// @param cursor  0..typed.size().
std::vector<Completion> completions(const QString &typed, qsizetype cursor, QDate today,
                                    const KnownNames &names);

} // namespace yingxun::query

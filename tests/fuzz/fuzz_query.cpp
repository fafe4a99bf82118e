// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/completions.h"
#include "core/query/parser.h"
#include "core/query/printer.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace query = yingxun::query;

/// A query line in UTF-8. What it means can be printed and read again; an error and a completion lie within
/// it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QString typed = QString::fromUtf8(reinterpret_cast<const char *>(data), qsizetype(size));
    const QDate today(2026, 11, 27);
    const auto isWithin = [&typed](query::Span span) {
        return span.offset >= 0 && span.length >= 0 && span.end() <= typed.size();
    };
    const auto result = query::parse(typed, today);
    if (const auto *error = std::get_if<query::SyntaxError>(&result)) {
        if (!isWithin(error->span))
            std::abort();
    } else {
        const auto &meant = std::get<query::Query>(result);
        const auto again = query::parse(query::print(meant), today.addDays(5000));
        if (!std::holds_alternative<query::Query>(again) || !(std::get<query::Query>(again) == meant))
            std::abort();
    }
    const query::KnownNames names{{QStringLiteral("New York")}, {}, {}, {}};
    for (const qsizetype cursor : {qsizetype(0), typed.size() / 2, typed.size()}) {
        for (const query::Completion &completion : query::completions(typed, cursor, today, names)) {
            if (!isWithin(completion.replaced))
                std::abort();
        }
    }
    return 0;
}

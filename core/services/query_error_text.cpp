// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/query_error_text.h"

#include <QCoreApplication>

#include <algorithm>

namespace yingxun::services {
namespace {

using Kind = query::SyntaxErrorKind;

class Text
{
    Q_DECLARE_TR_FUNCTIONS(yingxun::services::QueryErrorText)
};

int columnsOf(QChar c)
{
    if (c.isLowSurrogate() || c.category() == QChar::Mark_NonSpacing)
        return 0;
    const char16_t code = c.unicode();
    const bool isWide = c.isHighSurrogate() || (code >= 0x1100 && code <= 0x115f) ||
                        (code >= 0x2e80 && code <= 0xa4cf) || (code >= 0xac00 && code <= 0xd7a3) ||
                        (code >= 0xf900 && code <= 0xfaff) || (code >= 0xfe30 && code <= 0xfe6f) ||
                        (code >= 0xff00 && code <= 0xff60) || (code >= 0xffe0 && code <= 0xffe6);
    return isWide ? 2 : 1;
}

qsizetype columnsOf(QStringView text)
{
    qsizetype columns = 0;
    for (const QChar c : text)
        columns += columnsOf(c);
    return columns;
}

} // namespace

QString queryErrorText(const query::SyntaxError &error)
{
    const QString &found = error.found;
    switch (error.kind) {
    case Kind::MissingValue:
        return Text::tr("Something is missing here: what is to be looked for.");
    case Kind::BadValue:
        return Text::tr("“%1” is not a value that this can have.").arg(found);
    case Kind::BadWeight:
        return Text::tr("“%1” is not a weight. Weights go from %2 to %3.")
            .arg(found)
            .arg(query::kLeastWeight)
            .arg(query::kGreatestWeight);
    case Kind::UnclosedQuote:
        return Text::tr("This quote does not end.");
    case Kind::UnclosedBracket:
        return Text::tr("This bracket is not closed.");
    case Kind::UnexpectedBracket:
        return Text::tr("This bracket closes nothing.");
    case Kind::MissingOperand:
        return Text::tr("A filter is missing beside this word.");
    case Kind::TextInOr:
        return Text::tr("“%1” is a description. Only filters can be alternatives, as in label:a | label:b. "
                        "Say it of descriptions in words, as in 猫或狗, or look for one after the other.")
            .arg(found);
    case Kind::TextInNot:
        return Text::tr("“%1” is a description. Write - before it to leave its meaning out.").arg(found);
    case Kind::TextInBrackets:
        return Text::tr("“%1” is a description. Write it outside of the brackets of filters.").arg(found);
    case Kind::TooDeep:
        return Text::tr("There are too many brackets within each other.");
    case Kind::TooManyTerms:
        return Text::tr("There are more than %1 meanings.").arg(query::kMostTerms);
    case Kind::UnknownLabel:
        return Text::tr("There is no label “%1”.").arg(found);
    case Kind::UnknownFolder:
        return Text::tr("There is no folder “%1” in the library.").arg(found);
    case Kind::MissingPicture:
        return Text::tr("There is no file “%1”, or it may not be read.").arg(found);
    case Kind::NotAPicture:
        return Text::tr("“%1” is not a picture that can be read.").arg(found);
    }
    return {};
}

QString queryErrorText(query::QueryProblem problem, const QString &text)
{
    switch (problem) {
    case query::QueryProblem::None:
        break;
    case query::QueryProblem::NoWords:
        return Text::tr("“%1” has no words to search for. Say what is to be seen.").arg(text);
    case query::QueryProblem::UnknownWords:
        return Text::tr("The model knows nothing of “%1”. Try other words, in Chinese.").arg(text);
    case query::QueryProblem::CancelsOut:
        return Text::tr("What is looked for is left out again.");
    }
    return {};
}

QString underline(const QString &typed, query::Span span)
{
    const QStringView line(typed);
    return QString(columnsOf(line.left(span.offset)), u' ') +
           QString(std::max(qsizetype(1), columnsOf(line.mid(span.offset, span.length))), u'^');
}

} // namespace yingxun::services

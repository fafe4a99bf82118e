// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/query/query_text.h"
#include "core/query/syntax.h"

#include <QString>

/// What is wrong with a query, for people, in their language: for the window and the command line.
namespace yingxun::services {

QString queryErrorText(const query::SyntaxError &error);
/// @param text  The description or word that has no answer.
QString queryErrorText(query::QueryProblem problem, const QString &text);

/// The part of a typed line underlined, for a line below it in a font of one width, in which Chinese
/// characters are two columns wide. At least one ^.
QString underline(const QString &typed, query::Span span);

} // namespace yingxun::services

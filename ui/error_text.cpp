// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/error_text.h"

#include <QCoreApplication>

namespace yingxun::ui {
namespace {

struct ErrorText {
    Q_DECLARE_TR_FUNCTIONS(ErrorText)
};

} // namespace

QString errorText(ErrorCode code)
{
    switch (code) {
    case ErrorCode::InvalidArgument:
        return ErrorText::tr("This is not possible.");
    case ErrorCode::NotFound:
        return ErrorText::tr("It is no longer there.");
    case ErrorCode::Io:
        return ErrorText::tr("Reading or writing failed. Please check the disk and its permissions.");
    case ErrorCode::CorruptData:
        return ErrorText::tr("The file is damaged.");
    case ErrorCode::Truncated:
        return ErrorText::tr("The file is incomplete.");
    case ErrorCode::Unsupported:
        return ErrorText::tr("This kind of file is not supported.");
    case ErrorCode::TooLarge:
        return ErrorText::tr("The picture is too large.");
    case ErrorCode::OutOfMemory:
        return ErrorText::tr("There is not enough memory.");
    case ErrorCode::Cancelled:
        return ErrorText::tr("It was cancelled.");
    case ErrorCode::Internal:
        break;
    }
    return ErrorText::tr("Something unexpected went wrong.");
}

} // namespace yingxun::ui

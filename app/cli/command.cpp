// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"

#include "core/base/utf8.h"

#include <QFile>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <stop_token>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace yingxun::app::cli {
namespace {

/// The first of the arguments that looks like an option and cannot be one: none has a Chinese name, a
/// colon or a blank, nor one dash and more than a letter.
QString dashedText(const QStringList &arguments)
{
    for (const QString &argument : arguments) {
        const auto name = std::find_if(argument.cbegin(), argument.cend(), [](QChar c) { return c != u'-'; });
        if (name != argument.cbegin() && name != argument.cend() &&
            (name->unicode() > 0x7F || argument.contains(u':') || argument.contains(u' ') ||
             (name - argument.cbegin() == 1 && argument.size() > 2)))
            return argument;
    }
    return {};
}

/// In quotes where a shell would read it as something else.
QString shellWord(QString word)
{
    const bool isPlain = std::all_of(word.cbegin(), word.cend(), [](QChar c) {
        return c.isLetterOrNumber() || c.isSurrogate() || u"-:._/"_s.contains(c);
    });
    return isPlain ? word : u'\'' + word.replace(u"'"_s, u"'\\''"_s) + u'\'';
}

} // namespace

std::optional<int> parse(QCommandLineParser &parser, const QStringList &arguments)
{
    const QCommandLineOption help({u"h"_s, u"help"_s}, Text::tr("Show this help."));
    parser.addOption(help);
    if (!parser.parse(arguments)) {
        std::fprintf(stderr, "%s\n", qUtf8Printable(parser.errorText()));
        const QString text = parser.unknownOptionNames().isEmpty() ? QString() : dashedText(arguments);
        if (!text.isEmpty()) {
            const QString hint = Text::tr("What begins with a dash and is no option goes after --, so: %1");
            const QString example = u"yingxun-cli %1 -- %2"_s.arg(arguments.first(), shellWord(text));
            std::fprintf(stderr, "%s\n", qUtf8Printable(hint.arg(example)));
        }
        return Usage;
    }
    if (parser.isSet(help)) {
        printLine(parser.helpText().trimmed().toStdString());
        return Success;
    }
    return std::nullopt;
}

int cannotLoad(const Error &error)
{
    printError(error);
    return error.code == ErrorCode::InvalidArgument ? Usage
           : error.code == ErrorCode::Cancelled     ? Interrupted
                                                    : Failure;
}

void addLibraryOptions(QCommandLineParser &parser)
{
    parser.addOption({u"data"_s, Text::tr("Keep the catalogue in <directory>."), Text::tr("directory")});
    addModelOptions(parser);
    parser.addOption(
        {u"json"_s,
         Text::tr(
             "Print JSON, one object a line. A path that is not UTF-8 has its exact bytes in path_base64.")});
}

Result<LibrarySession> openLibrary(const QCommandLineParser &parser)
{
    auto session = LibrarySession::open(parser.value(u"data"_s), modelWish(parser), interruption());
    if (session) {
        if (auto kept = backUp(*session); !kept) // The command itself may still do its work.
            printError(kept.error());
    }
    return session;
}

void endWhenInterrupted()
{
    static const std::stop_callback kEnd(interruption(), [] { std::_Exit(Interrupted); });
}

void printLine(const std::string &utf8)
{
    std::printf("%s\n", utf8.c_str());
}

void printProgress(const std::string &utf8)
{
    static const bool kTerminal = ::isatty(STDERR_FILENO) == 1;
    std::fprintf(stderr, kTerminal ? "\r\033[K%s" : "%s\n", utf8.c_str());
    std::fflush(stderr);
}

void endProgress()
{
    if (::isatty(STDERR_FILENO) == 1)
        std::fputc('\n', stderr);
}

int printError(const Error &error)
{
    std::fprintf(stderr, "yingxun-cli: %s\n", error.message.c_str());
    return Failure;
}

std::optional<int> unlessConfirmed(const QString &question)
{
    if (::isatty(STDIN_FILENO) != 1) {
        printError({ErrorCode::InvalidArgument,
                    Text::tr("Say --yes to remove a model without being asked.").toStdString()});
        return Usage;
    }
    std::fprintf(stderr, "%s ", qUtf8Printable(question));
    QFile input;
    static_cast<void>(input.open(stdin, QIODevice::ReadOnly));
    const QString answer = QString::fromUtf8(input.readLine()).trimmed().toLower();
    if (answer == u"y"_s || answer == u"yes"_s || answer == u"是"_s)
        return std::nullopt;
    return Failure;
}

std::optional<double> numberOption(const QCommandLineParser &parser, const QString &name, double low,
                                   double high)
{
    bool ok = false;
    const double value = parser.value(name).toDouble(&ok);
    if (ok && value >= low && value <= high)
        return value;
    std::fprintf(
        stderr, "%s\n",
        qUtf8Printable(Text::tr("--%1 must be a number from %2 to %3.").arg(name).arg(low).arg(high)));
    return std::nullopt;
}

JsonWriter &putPath(JsonWriter &json, const std::string &key, const std::string &path)
{
    json.member(key, path);
    if (!isUtf8(path))
        json.member(key + "_base64", QByteArray::fromStdString(path).toBase64().toStdString());
    return json;
}

const char *kindName(const Photo &photo)
{
    return photo.kind == MediaKind::Video ? "video" : "photo";
}

std::string number(double value, int decimals)
{
    return QString::number(value, 'f', decimals).toStdString();
}

JsonNumber jsonNumber(double value, int decimals)
{
    return {number(value, decimals)};
}

} // namespace yingxun::app::cli

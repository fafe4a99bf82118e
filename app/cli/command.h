// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/library_session.h"
#include "app/model_options.h"
#include "core/base/json_writer.h"
#include "core/base/result.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QString>
#include <QStringList>

#include <optional>
#include <string>

/// What the commands of yingxun-cli share: options, output, exit codes.
namespace yingxun::app::cli {

enum ExitCode { Success = 0, Failure = 1, Usage = 2, Interrupted = 130 };

/// Text for people, in their language.
class Text
{
    Q_DECLARE_TR_FUNCTIONS(yingxun::app::cli::Text)
};

/// Each command takes its own arguments (its name first) and gives back an ExitCode.
int indexCommand(const QStringList &arguments);
int searchCommand(const QStringList &arguments);
int labelCommand(const QStringList &arguments);
int excludeCommand(const QStringList &arguments);
int trainCommand(const QStringList &arguments);
int evalCommand(const QStringList &arguments);
int embedCommand(const QStringList &arguments);
int classifyCommand(const QStringList &arguments);
int modelsCommand(const QStringList &arguments);
int infoCommand(const QStringList &arguments);
int restoreCommand(const QStringList &arguments);
int gcCommand(const QStringList &arguments);
int benchCommand(const QStringList &arguments);
int exportCommand(const QStringList &arguments);
int importCommand(const QStringList &arguments);

/// Parses; prints help or the mistake. @return the exit code when the command is to end here.
std::optional<int> parse(QCommandLineParser &parser, const QStringList &arguments);

/// Prints why a model or its library cannot be opened. @return Usage for a wrong option, Interrupted, else
/// Failure
int cannotLoad(const Error &error);
/// --data, --json, and those of a model.
void addLibraryOptions(QCommandLineParser &parser);
/// Errors: those of LibrarySession::open(); Cancelled by interruption().
Result<LibrarySession> openLibrary(const QCommandLineParser &parser);
/// From now on an interruption ends the program at once: for what leaves nothing half done.
void endWhenInterrupted();

void printLine(const std::string &utf8);     ///< To standard output.
void printProgress(const std::string &utf8); ///< To standard error, over the line before on a terminal.
void endProgress();
int printError(const Error &error); ///< @return Failure

/// Asks the person at the terminal. @return the exit code when the answer is no, or nobody is there to
/// answer.
std::optional<int> unlessConfirmed(const QString &question);

/// Member `key` with what is no UTF-8 as U+FFFD; of such a path also `key`_base64 with its exact bytes.
JsonWriter &putPath(JsonWriter &json, const std::string &key, const std::string &path);

/// A number option within bounds; prints the mistake and gives nothing otherwise.
std::optional<double> numberOption(const QCommandLineParser &parser, const QString &name, double low,
                                   double high);

/// "photo" or "video".
const char *kindName(const Photo &photo);

/// 12.3 as JSON and people write it, whatever the locale.
std::string number(double value, int decimals);
JsonNumber jsonNumber(double value, int decimals);

} // namespace yingxun::app::cli

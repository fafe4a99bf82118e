// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/startup.h"
#include "core/db/backup.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace yingxun::app::cli {
namespace {

int listCopies(const std::vector<db::BackupCopy> &copies, bool json)
{
    for (const db::BackupCopy &copy : copies) {
        const bool good = db::checkCopy(copy.file).has_value();
        if (json) {
            printLine(JsonWriter()
                          .beginObject()
                          .member("date", copy.date)
                          .member("good", good)
                          .member("file", copy.file.string())
                          .endObject()
                          .text());
        } else {
            const QString state = good ? Text::tr("good") : Text::tr("damaged");
            printLine(copy.date + "\t" + state.toStdString() + "\t" + copy.file.string());
        }
    }
    if (copies.empty() && !json)
        printLine(Text::tr("There is no copy yet; one is made each day on which labels or stars changed.")
                      .toStdString());
    return Success;
}

} // namespace

int restoreCommand(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        Text::tr("Lists the daily copies of your labels, stars and folders, or puts one of them back."));
    parser.addOption({u"data"_s, Text::tr("Keep the catalogue in <directory>."), Text::tr("directory")});
    parser.addOption({u"json"_s, Text::tr("Print JSON, one object a line.")});
    parser.addOption({u"from"_s,
                      Text::tr("Put back the copy of <date> (as listed), or the “latest” that is not damaged."
                               " What was there before is kept beside it."),
                      Text::tr("date")});
    if (const auto end = parse(parser, arguments))
        return *end;
    const std::filesystem::path data = dataDirectory(parser.value(u"data"_s));
    const auto copies = db::backupCopies(data);
    if (!copies)
        return printError(copies.error());
    if (!parser.isSet(u"from"_s))
        return listCopies(*copies, parser.isSet(u"json"_s));
    const std::string wanted = parser.value(u"from"_s).toStdString();
    const auto copy = std::find_if(copies->begin(), copies->end(), [&wanted](const db::BackupCopy &one) {
        return wanted == "latest" ? db::checkCopy(one.file).has_value() : one.date == wanted;
    });
    if (copy == copies->end()) {
        return printError(
            {ErrorCode::NotFound,
             Text::tr("There is no such copy. “yingxun-cli restore” lists those there are.").toStdString()});
    }
    const auto aside = db::restoreCopy(data, copy->file);
    if (!aside)
        return printError(aside.error());
    if (parser.isSet(u"json"_s)) {
        printLine(JsonWriter()
                      .beginObject()
                      .member("restored", copy->date)
                      .member("set_aside", aside->string())
                      .endObject()
                      .text());
        return Success;
    }
    printLine(
        Text::tr("The copy of %1 is in use again.").arg(QString::fromStdString(copy->date)).toStdString());
    if (!aside->empty())
        printLine(Text::tr("What it replaced is kept in %1")
                      .arg(QString::fromStdString(aside->string()))
                      .toStdString());
    return Success;
}

} // namespace yingxun::app::cli

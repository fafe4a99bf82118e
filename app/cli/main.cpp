// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/startup.h"
#include "app/translations.h"

#include <QCoreApplication>

#include <cstdio>
#include <map>

using namespace yingxun::app;
using namespace Qt::StringLiterals;

int main(int argc, char **argv)
{
    makeOpenMpPatient(argv);
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(u"yingxun"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(YINGXUN_VERSION));
    installTranslations(application);

    static const std::map<QString, int (*)(const QStringList &)> kCommands{
        {u"index"_s, cli::indexCommand},       {u"search"_s, cli::searchCommand},
        {u"label"_s, cli::labelCommand},       {u"exclude"_s, cli::excludeCommand},
        {u"train"_s, cli::trainCommand},       {u"eval"_s, cli::evalCommand},
        {u"info"_s, cli::infoCommand},         {u"restore"_s, cli::restoreCommand},
        {u"embed"_s, cli::embedCommand},       {u"models"_s, cli::modelsCommand},
        {u"classify"_s, cli::classifyCommand}, {u"gc"_s, cli::gcCommand},
        {u"export"_s, cli::exportCommand},     {u"import"_s, cli::importCommand},
        {u"bench"_s, cli::benchCommand}};
    const QStringList arguments = argumentsOf(argc, argv).mid(1);
    const QString usage =
        cli::Text::tr("Usage: yingxun-cli <command> [options]\n\n"
                      "  index   index folders: find, decode and embed their photos\n"
                      "  search  find photos by a description or by a similar photo\n"
                      "  label   find photos that match label words, and assign labels\n"
                      "  exclude show and edit which files and folders are not indexed\n"
                      "  classify tell which of some labels fits each photo\n"
                      "  embed   write the embeddings of photos and texts\n"
                      "  train   train or fine-tune a model\n"
                      "  eval    score a model on a data set\n"
                      "  bench   measure how long a search takes\n"
                      "  models  list, get and check models\n"
                      "  info    show the library, the model and this machine\n"
                      "  restore put back a daily copy of your labels and stars\n"
                      "  export  write your labels, stars, folders and exclusions to a file\n"
                      "  import  put them back from such a file\n"
                      "  gc      remove what was computed of photos that are gone\n\n"
                      "yingxun-cli <command> --help explains each.");
    if (arguments.isEmpty() || arguments.first() == u"--help"_s || arguments.first() == u"-h"_s) {
        cli::printLine(usage.toStdString());
        return arguments.isEmpty() ? cli::Usage : cli::Success;
    }
    if (arguments.first() == u"--version"_s) {
        cli::printLine("yingxun " YINGXUN_VERSION);
        return cli::Success;
    }
    const auto command = kCommands.find(arguments.first());
    if (command == kCommands.end()) {
        std::fprintf(stderr, "%s\n\n%s\n",
                     qUtf8Printable(cli::Text::tr("There is no command “%1”.").arg(arguments.first())),
                     qUtf8Printable(usage));
        return cli::Usage;
    }
    return command->second(arguments);
}

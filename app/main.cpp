// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/composition.h"
#include "app/headless.h"
#include "app/model_options.h"
#include "app/recovery.h"
#include "app/startup.h"
#include "app/translations.h"
#include "core/clip/blas_speed.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QFileInfo>
#include <QMessageBox>
#include <QStandardPaths>

#include <cstdio>
#include <cstdlib>

using namespace yingxun::app;
using namespace Qt::StringLiterals;

namespace {

class Text
{
    Q_DECLARE_TR_FUNCTIONS(yingxun::app::Main)
};

bool hasDisplay()
{
    return !qEnvironmentVariableIsEmpty("DISPLAY") || !qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY");
}

void addOptions(QCommandLineParser &parser)
{
    parser.setApplicationDescription(Text::tr("Finds your own photos by a description in Chinese."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addOption({u"query"_s, Text::tr("Search for <description> (needed only without a window)."),
                      Text::tr("description")});
    parser.addOption({u"no-window"_s,
                      Text::tr("Index and search in the terminal, as happens where there is no display.")});
    parser.addOption({u"sheet"_s, Text::tr("Write the contact sheet to <file>."), Text::tr("file"),
                      u"yingxun-contact-sheet.png"_s});
    parser.addOption({u"limit"_s, Text::tr("Print at most <number> photos."), Text::tr("number"), u"20"_s});
    parser.addOption({u"data"_s, Text::tr("Keep the catalogue in <directory>."), Text::tr("directory")});
    addModelOptions(parser);
    parser.addPositionalArgument(
        u"folder"_s, Text::tr("Folders to add to the library; the first time without: the Pictures folder."),
        u"[folder…]"_s);
}

/// What makes the model slow here, with the remedy; empty: nothing.
QString slowness(const LibrarySession &session)
{
    if (session.encoder->device() != "cpu" ||
        yingxun::clip::blasGigaflops() >= yingxun::clip::kSlowBlasGigaflops)
        return {};
    return Text::tr("The system's matrix library is the slow reference BLAS. Indexing gets some 50 times "
                    "faster with: sudo apt install libopenblas0-openmp");
}

/// The folders named; on the first start, when none is known either, the user's pictures.
QStringList foldersToAdd(const LibrarySession &session, QStringList named)
{
    auto catalogue = yingxun::db::Catalogue::open(session.data);
    if (!named.isEmpty() || !catalogue)
        return named;
    const auto known = catalogue->folders();
    const QString pictures = QStandardPaths::writableLocation(QStandardPaths::PicturesLocation);
    if (known && known->empty() && QFileInfo(pictures).isDir())
        named.append(pictures);
    return named;
}

} // namespace

int main(int argc, char **argv)
{
    makeOpenMpPatient(argv);
    bool window = hasDisplay() || qEnvironmentVariableIsSet("QT_QPA_PLATFORM");
    for (int i = 1; i < argc; ++i)
        window = window && qstrcmp(argv[i], "--no-window") != 0;
    if (!window)
        ::setenv("QT_QPA_PLATFORM", "offscreen", 1); // The contact sheet needs fonts, not a screen.
    QApplication application(argc, argv);
    QApplication::setApplicationName(u"yingxun"_s);
    QApplication::setApplicationDisplayName(u"影寻 Yingxun"_s);
    QApplication::setApplicationVersion(QStringLiteral(YINGXUN_VERSION));
    installTranslations(application);

    QCommandLineParser parser;
    addOptions(parser);
    parser.process(argumentsOf(argc, argv));
    const ModelWish wish = modelWish(parser);
    const auto computing = window ? rememberedComputing(wish, *openSettings()) : yingxun::jobs::Computing{};
    auto session = LibrarySession::open(parser.value(u"data"_s), withComputing(wish, computing));
    if (!session) {
        std::fprintf(stderr, "yingxun: %s\n", session.error().message.c_str());
        if (window)
            QMessageBox::critical(
                nullptr, {},
                Text::tr("Yingxun cannot start: %1").arg(QString::fromStdString(session.error().message)));
        return session.error().code == yingxun::ErrorCode::InvalidArgument ? 2 : 1;
    }
    const QString warning = slowness(*session);
    if (!warning.isEmpty())
        std::fprintf(stderr, "%s\n", qUtf8Printable(warning));

    if (window && !mendLibrary(session->data))
        return 1;
    const QStringList folders = foldersToAdd(*session, parser.positionalArguments());
    if (!window)
        return runHeadless(*session, {folders, parser.value(u"query"_s), parser.value(u"sheet"_s),
                                      std::max(1, parser.value(u"limit"_s).toInt())});
    Composition composition(*session, wish, computing, warning);
    *session = {}; // The composition has the model now, and lets it go when another one is used.
    composition.start(folders);
    return QApplication::exec();
}

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/composition.h"
#include "app/headless.h"
#include "app/model_options.h"
#include "app/recovery.h"
#include "app/startup.h"
#include "app/translations.h"
#include "core/clip/blas_speed.h"
#include "core/services/path_text.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QFileInfo>
#include <QMessageBox>
#include <QSettings>
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

/// What makes a model slow here, with the remedy, said on stderr as well; empty: nothing.
QString slowness(const yingxun::vectors::Encoder &encoder)
{
    // Measured at the first model, before anything computes beside it.
    static const bool kSlow = yingxun::clip::blasGigaflops() < yingxun::clip::kSlowBlasGigaflops;
    if (encoder.device() != "cpu" || !kSlow)
        return {};
    const QString text =
        Text::tr("The system's matrix library is the slow reference BLAS. Indexing gets some 50 times "
                 "faster with: sudo apt install libopenblas0-openmp");
    std::fprintf(stderr, "%s\n", qUtf8Printable(text));
    return text;
}

/// The folders named; on the first start, when none is known either, the user's pictures.
QStringList foldersToAdd(const std::filesystem::path &data, QStringList named)
{
    auto catalogue = yingxun::db::Catalogue::open(data);
    if (!named.isEmpty() || !catalogue)
        return named;
    const auto known = catalogue->folders();
    const QString pictures = QStandardPaths::writableLocation(QStandardPaths::PicturesLocation);
    if (known && known->empty() && QFileInfo(pictures).isDir())
        named.append(pictures);
    return named;
}

/// @return the exit status.
int refused(const yingxun::Error &error)
{
    std::fprintf(stderr, "yingxun: %s\n", error.message.c_str());
    if (error.code == yingxun::ErrorCode::Cancelled)
        return 130;
    return error.code == yingxun::ErrorCode::InvalidArgument ? 2 : 1;
}

int runInTerminal(const QCommandLineParser &parser, const ModelWish &wish)
{
    const auto session = LibrarySession::open(parser.value(u"data"_s), wish, interruption());
    if (!session)
        return refused(session.error());
    slowness(*session->encoder);
    return runHeadless(*session,
                       {foldersToAdd(session->data, parser.positionalArguments()), parser.value(u"query"_s),
                        parser.value(u"sheet"_s), std::max(1, parser.value(u"limit"_s).toInt())});
}

int runInWindow(const QCommandLineParser &parser, const ModelWish &wish)
{
    const auto settings = openSettings();
    const auto computing = rememberedComputing(wish, *settings);
    if (const auto options = loadOptions(withComputing(wish, computing)); !options) {
        const int status = refused(options.error());
        QMessageBox::critical(
            nullptr, {},
            Text::tr("Yingxun cannot start: %1").arg(QString::fromStdString(options.error().message)));
        return status;
    }
    const std::filesystem::path data = dataDirectory(parser.value(u"data"_s));
    if (!mendLibrary(data))
        return 1;
    const auto load = [wish, data](const QString &choice, const yingxun::services::Computing &chosen,
                                   const std::stop_token &stop) {
        ModelWish other = wish;
        other.model = choice;
        return loadEncoder(withComputing(other, chosen), stop, data);
    };
    Composition composition({.data = data,
                             .models = modelsFolder(data),
                             .settings = settings.get(),
                             .load = load,
                             .choice = yingxun::services::textOfPath(modelFolder(wish.model, data).string()),
                             .computing = computing,
                             .isNamed = !namedModel(wish.model).isEmpty(),
                             .choices = computingChoices(wish),
                             .remark = slowness,
                             .reader = decoderPool});
    composition.start(foldersToAdd(data, parser.positionalArguments()));
    return QApplication::exec();
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
    return window ? runInWindow(parser, wish) : runInTerminal(parser, wish);
}

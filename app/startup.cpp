// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/startup.h"

#include "core/jobs/path_text.h"
#include "core/models/model_store.h"

#include <QCoreApplication>
#include <QFile>
#include <QStandardPaths>

#include <cstdlib>
#include <system_error>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace yingxun::app {

void makeOpenMpPatient(char **argv)
{
    // GNU OpenMP's own variable; whoever set it or the standard's OMP_WAIT_POLICY knows better.
    if (std::getenv("GOMP_SPINCOUNT") != nullptr || std::getenv("OMP_WAIT_POLICY") != nullptr)
        return;
    ::setenv("GOMP_SPINCOUNT", "3000", 0);
    ::execv("/proc/self/exe", argv); // Returns only if that fails: then it is slower, nothing else.
}

QStringList argumentsOf(int argc, char **argv)
{
    QStringList arguments;
    for (int i = 0; i < argc; ++i)
        arguments.append(jobs::textOfPath(argv[i]));
    return arguments;
}

std::filesystem::path dataDirectory(const QString &chosen)
{
    QString path = chosen;
    if (path.isEmpty())
        path = jobs::textOfPath(qgetenv("YINGXUN_DATA").toStdString());
    if (path.isEmpty())
        path = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + u"/yingxun"_s;
    return jobs::pathOfText(path);
}

std::filesystem::path modelsFolder(const std::filesystem::path &data)
{
    return data / "models";
}

std::filesystem::path modelFolder(const QString &chosen, const std::filesystem::path &data)
{
    QString path = chosen;
    if (path.isEmpty())
        path = jobs::textOfPath(qgetenv("YINGXUN_MODEL").toStdString());
    if (path.isEmpty()) {
        path = QCoreApplication::applicationDirPath() + u"/../share/yingxun/models/starter"_s;
        if (!QFile::exists(path))
            path = QStringLiteral(YINGXUN_SOURCE_MODELS "/starter");
    }
    const std::filesystem::path folder = jobs::pathOfText(path);
    if (std::error_code error; std::filesystem::exists(folder, error))
        return folder;
    const auto installed =
        models::ModelStore(modelsFolder(data), models::Manifest::builtIn()).find(folder.string());
    return installed ? installed->folder : folder;
}

Result<clip::Model> loadModel(const QString &chosen, const std::filesystem::path &data)
{
    const std::filesystem::path folder = modelFolder(chosen, data);
    if (std::error_code error; !std::filesystem::exists(folder, error))
        return fail(ErrorCode::NotFound, folder.string() +
                                             " is neither a model's folder nor the id of an "
                                             "installed model: “yingxun-cli models” lists them");
    return clip::Model::load(folder);
}

} // namespace yingxun::app

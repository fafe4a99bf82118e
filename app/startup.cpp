// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/startup.h"

#include <QCoreApplication>
#include <QFile>
#include <QStandardPaths>

#include <cstdlib>
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

std::filesystem::path dataDirectory(const QString &chosen)
{
    QString path = chosen;
    if (path.isEmpty())
        path = qEnvironmentVariable("YINGXUN_DATA");
    if (path.isEmpty())
        path = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + u"/yingxun"_s;
    return QFile::encodeName(path).toStdString();
}

std::filesystem::path modelFolder(const QString &chosen)
{
    QString path = chosen;
    if (path.isEmpty())
        path = qEnvironmentVariable("YINGXUN_MODEL");
    if (path.isEmpty()) {
        path = QCoreApplication::applicationDirPath() + u"/../share/yingxun/models/starter"_s;
        if (!QFile::exists(path))
            path = QStringLiteral(YINGXUN_SOURCE_MODELS "/starter");
    }
    return QFile::encodeName(path).toStdString();
}

} // namespace yingxun::app

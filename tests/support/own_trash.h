// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDir>
#include <QTemporaryDir>

namespace yingxun::test {

/// While it lives, the system's trash is one of its own, on the file system of temporary files: nobody else's
/// is touched.
class OwnTrash
{
public:
    OwnTrash() : m_home(qgetenv("HOME")), m_data(qgetenv("XDG_DATA_HOME"))
    {
        qputenv("HOME", m_directory.path().toUtf8());
        qputenv("XDG_DATA_HOME", m_directory.path().toUtf8());
    }
    OwnTrash(const OwnTrash &) = delete;
    OwnTrash &operator=(const OwnTrash &) = delete;
    ~OwnTrash()
    {
        qputenv("HOME", m_home);
        if (m_data.isNull())
            qunsetenv("XDG_DATA_HOME");
        else
            qputenv("XDG_DATA_HOME", m_data);
    }

    QString path() const { return m_directory.filePath(QStringLiteral("Trash")); }
    QStringList files() const { return names(QStringLiteral("files")); }
    QStringList notes() const { return names(QStringLiteral("info")); }

private:
    QStringList names(const QString &below) const
    {
        return QDir(path() + QLatin1Char('/') + below)
            .entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
    }

    QTemporaryDir m_directory;
    QByteArray m_home;
    QByteArray m_data;
};

} // namespace yingxun::test

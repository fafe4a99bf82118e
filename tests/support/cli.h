// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QList>
#include <QProcess>
#include <QProcessEnvironment>
#include <QStringList>

#include <cstdlib>
#include <optional>

namespace yingxun::test {

/// What a program said and how it ended.
struct Answer {
    int code = -1; ///< -1: it did not end by itself, or crashed.
    QByteArray out;
    QByteArray err;

    QList<QJsonObject> lines() const
    {
        QList<QJsonObject> all;
        for (const QByteArray &line : out.split('\n')) {
            if (!line.isEmpty())
                all.append(QJsonDocument::fromJson(line).object());
        }
        return all;
    }
    int number(const QString &key) const { return lines().value(0)[key].toInt(-1); }
};

/// Runs a program on the library in `data`, in English, with the model that comes with it and settings of
/// its own. After `killAfterMs` it is killed, and -1 is its code.
inline Answer runOn(const QString &data, const QString &program, const QStringList &arguments,
                    std::optional<int> killAfterMs = {})
{
    constexpr int kPatienceMs = 120'000; // Whoever takes longer hangs.
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("YINGXUN_LANGUAGE"), QStringLiteral("en"));
    environment.insert(QStringLiteral("YINGXUN_DATA"), data); // Never the library of whoever runs the tests.
    environment.insert(QStringLiteral("XDG_CONFIG_HOME"), data + QStringLiteral("/../config"));
    for (const char *variable : {"YINGXUN_MODEL", "YINGXUN_MEMORY", "DISPLAY", "WAYLAND_DISPLAY"})
        environment.remove(QLatin1String(variable));
    process.setProcessEnvironment(environment);
    process.start(program, arguments);
    const bool ended = process.waitForFinished(killAfterMs.value_or(kPatienceMs));
    if (!ended) {
        process.kill();
        process.waitForFinished();
    }
    const bool crashed = process.exitStatus() == QProcess::CrashExit;
    return {ended && !crashed ? process.exitCode() : -1, process.readAllStandardOutput(),
            process.readAllStandardError()};
}

/// A number that a campaign sets, see tests/campaign.
inline int campaignNumber(const char *variable, int otherwise)
{
    const char *text = std::getenv(variable);
    return text != nullptr ? std::atoi(text) : otherwise;
}

} // namespace yingxun::test

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/health_light.h"

#include <QSignalSpy>
#include <QTest>

using namespace yingxun;
using namespace Qt::StringLiterals;
using services::LibraryHealth;
using services::PollingReason;
using State = LibraryHealth::State;

class tst_HealthLight : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void saysNothingWithoutFolders();
    void saysWhyAndWhatHelps_data();
    void saysWhyAndWhatHelps();
    void leadsToWhereMoreIsSaid();
    void differsInMoreThanColour();
};

namespace {

LibraryHealth healthWith(State state)
{
    LibraryHealth health;
    health.state = state;
    health.pollInterval = std::chrono::seconds(60);
    health.folders = {{{{1}, "/photos/a"}, State::Live},
                      {{{2}, "/photos/<b>b", {"uuid:1", "STICK", "/"}}, state, PollingReason::WatchLimit}};
    if (state == State::Unreadable) {
        health.unseen.append(Problem());
        health.unseen.first().path = "/photos/<b>b/locked";
    }
    return health;
}

/// Where something is drawn at all, without its colour.
QImage shapeOf(const ui::HealthLight &light)
{
    return light.icon().pixmap(16, 16).toImage().convertToFormat(QImage::Format_Alpha8);
}

} // namespace

void tst_HealthLight::saysNothingWithoutFolders()
{
    ui::HealthLight light;
    light.setHealth({});
    QVERIFY(light.isHidden());
    light.setHealth(healthWith(State::Live));
    QVERIFY(!light.isHidden());
}

void tst_HealthLight::saysWhyAndWhatHelps_data()
{
    QTest::addColumn<State>("state");
    QTest::addColumn<QString>("summary");
    QTest::addColumn<QString>("details");
    QTest::newRow("live") << State::Live << u"Current, watched live"_s << u"seen at once"_s;
    QTest::newRow("polled") << State::Polled << u"Looked at every 60 s: too many directories to watch"_s
                            << u"sysctl fs.inotify.max_user_watches="_s;
    QTest::newRow("away") << State::Away << u"Waiting for a disk that is away"_s << u"STICK"_s;
    QTest::newRow("not yet") << State::NotLookedThrough << u"Not yet looked through"_s
                             << u"Look for changes now"_s;
    QTest::newRow("unreadable") << State::Unreadable << u"“locked” cannot be read"_s
                                << u"/photos/<b>b/locked"_s;
}

void tst_HealthLight::saysWhyAndWhatHelps()
{
    QFETCH(const State, state);
    QFETCH(const QString, summary);
    QFETCH(const QString, details);
    ui::HealthLight light;
    light.setHealth(healthWith(state));
    QCOMPARE(light.text(), summary);
    QVERIFY2(light.accessibleName().contains(summary), qPrintable(light.accessibleName()));
    QVERIFY2(light.accessibleDescription().contains(details), qPrintable(light.accessibleDescription()));
    QVERIFY2(light.toolTip().contains(details.toHtmlEscaped()), qPrintable(light.toolTip()));
    if (state != State::Live)
        QVERIFY(!light.accessibleDescription().contains(u"/photos/a"_s)); // All is well there.
}

void tst_HealthLight::leadsToWhereMoreIsSaid()
{
    ui::HealthLight light;
    QSignalSpy problems(&light, &ui::HealthLight::problemsWanted);
    QSignalSpy folders(&light, &ui::HealthLight::folderWanted);
    light.setHealth(healthWith(State::Unreadable));
    light.click();
    QCOMPARE(problems.size(), 1);
    light.setHealth(healthWith(State::Away));
    light.click();
    QCOMPARE(folders.size(), 1);
    QCOMPARE(folders.first().first().value<FolderId>(), FolderId{2});
    QCOMPARE(problems.size(), 1);
}

void tst_HealthLight::differsInMoreThanColour()
{
    ui::HealthLight light;
    light.setHealth(healthWith(State::Live));
    const QImage green = shapeOf(light);
    light.setHealth(healthWith(State::Polled));
    const QImage yellow = shapeOf(light);
    light.setHealth(healthWith(State::Unreadable));
    const QImage red = shapeOf(light);
    QVERIFY(green != yellow && yellow != red && red != green);
}

QTEST_MAIN(tst_HealthLight)
#include "tst_health_light.moc"

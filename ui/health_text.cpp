// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/health_text.h"

#include "ui/error_text.h"
#include "ui/photo_paths.h"

#include <QCoreApplication>
#include <QDir>
#include <QStringList>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace yingxun::ui {
namespace {

using services::LibraryHealth;
using services::PollingReason;
using State = LibraryHealth::State;

constexpr qsizetype kLongestName = 24; // Characters.
constexpr qsizetype kMostPaths = 5;

class Text
{
    Q_DECLARE_TR_FUNCTIONS(yingxun::ui::HealthText)
};

QString shortReason(PollingReason reason)
{
    switch (reason) {
    case PollingReason::NetworkShare:
        return Text::tr("a network share");
    case PollingReason::WatchLimit:
        return Text::tr("too many directories to watch");
    case PollingReason::InstanceLimit:
        return Text::tr("no watchers left");
    }
    return {};
}

QString nameOf(const std::string &path)
{
    const QString name = QDir(shownPath(path)).dirName();
    return name.size() <= kLongestName ? name : name.left(kLongestName - 1) + u'…';
}

QString unseenDetails(const QList<Problem> &unseen)
{
    QStringList lines{Text::tr("Cannot be looked into, so changes there are not seen; the photos known from "
                               "there are kept. Check the permissions and the disk:")};
    for (const Problem &problem : unseen.first(std::min(unseen.size(), kMostPaths)))
        lines.append(shownPath(problem.path));
    if (unseen.size() > kMostPaths)
        lines.append(Text::tr("and %n more", nullptr, int(unseen.size() - kMostPaths)));
    return lines.join(u'\n');
}

/// Of a folder; empty where there is nothing to say, or the whole says it.
QString folderDetails(const LibraryHealth::FolderHealth &one)
{
    switch (one.state) {
    case State::Polled:
        return pollingText(one.reason);
    case State::Away:
        return awayText(one.folder.place);
    case State::NotLookedThrough:
        return Text::tr("Not yet looked through: what has changed here may be missing until indexing is "
                        "done. If it was cancelled, choose Library → Look for changes now.");
    default:
        return {};
    }
}

QString wholeDetails(State state)
{
    switch (state) {
    case State::Live:
        return Text::tr("All folders have been looked through, and changes are seen at once.");
    case State::Paused:
        return Text::tr("Indexing is paused: new and changed photos wait until you resume it.");
    case State::OtherWrites:
        return Text::tr("Another Yingxun indexes this library; what it finds is shown here as well.");
    case State::WriteProtected:
        return Text::tr("The library cannot be written, so nothing new is taken in. Check the permissions of "
                        "the data directory.");
    default:
        return {};
    }
}

} // namespace

QString healthSummary(const LibraryHealth &health)
{
    const auto *worst = health.worst();
    switch (health.state) {
    case State::Live:
        return Text::tr("Current, watched live");
    case State::Polled:
        return Text::tr("Looked at every %1 s: %2")
            .arg(std::max<qint64>(health.pollInterval.count() / 1000, 1))
            .arg(worst != nullptr ? shortReason(worst->reason) : QString());
    case State::Away:
        return Text::tr("Waiting for a disk that is away");
    case State::NotLookedThrough:
        return Text::tr("Not yet looked through");
    case State::Paused:
        return Text::tr("Not current: paused");
    case State::OtherWrites:
        return Text::tr("Kept current elsewhere");
    case State::WriteProtected:
        return Text::tr("Not kept current");
    case State::Unreadable:
        break;
    }
    return health.unseen.size() == 1
               ? Text::tr("“%1” cannot be read").arg(nameOf(health.unseen.first().path))
               : Text::tr("%n place(s) cannot be read", nullptr, int(health.unseen.size()));
}

QString healthDetails(const LibraryHealth &health)
{
    QStringList parts;
    if (!health.unseen.isEmpty())
        parts.append(unseenDetails(health.unseen));
    if (const QString whole = wholeDetails(health.state); !whole.isEmpty())
        parts.append(whole);
    for (const LibraryHealth::FolderHealth &one : health.folders) {
        if (const QString text = folderDetails(one); !text.isEmpty())
            parts.append(shownPath(one.folder.path) + u'\n' + text);
    }
    return parts.join(u"\n\n"_s);
}

} // namespace yingxun::ui

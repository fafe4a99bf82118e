// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/services/trash_files.h"

#include <QList>
#include <QMetaType>
#include <QObject>
#include <QStringList>

#include <filesystem>
#include <memory>
#include <string>

namespace yingxun::services {

/// A photo that is to go, with those that go along, see core/base/companions.h.
struct TrashItem {
    PhotoId photo;
    QList<PhotoId> companions;
};

/// A file that was to be moved and was not.
struct StayedFile {
    std::string path; ///< Where it is, or belongs.
    TrashTrouble trouble = TrashTrouble::Gone;
};

/// Moves photos that a person wants to be rid of into the system's trash, and back: the only part of the
/// program that changes anything where photos lie. Sidecars go with their photo; of what belongs together
/// all goes or nothing. Only the very file that the library knows is moved. Labels and stars stay with the
/// contents.
///
/// Threads: lives on one; every call returns at once and is carried out in order on a thread of its own,
/// also when the program is closed meanwhile.
class Trash : public QObject
{
    Q_OBJECT
public:
    explicit Trash(std::filesystem::path dataDirectory, QObject *parent = nullptr);
    ~Trash() override;

    /// @return a name for the change, for the next three.
    ChangeId moveAway(const QList<TrashItem> &items);
    void putBack(ChangeId change);   ///< All of it that is in the trash.
    void moveAgain(ChangeId change); ///< What was put back; never a file that was edited since then.
    void forget(ChangeId change);    ///< Nobody will ask for it any more.

Q_SIGNALS:
    /// These photos have gone from the library, or are in it again; see textOfPath().
    void changed(const QStringList &paths);
    void stayed(const QList<yingxun::services::StayedFile> &files); ///< At the end of a call, if any.
    void finished();                          ///< A call has been carried out, after all that it tells.
    void failed(const yingxun::Error &error); ///< The library cannot be used; nothing more was moved.

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace yingxun::services

Q_DECLARE_METATYPE(yingxun::services::StayedFile)

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/db/records.h"
#include "core/library/place.h"

#include <QHash>
#include <QImage>
#include <QList>
#include <QObject>
#include <QString>
#include <QStringList>

#include <filesystem>
#include <memory>
#include <optional>

namespace yingxun::services {

/// Stars, 1 to 5, of the contents that have some.
using Ratings = QHash<ContentHash, int>;

/// The catalogue as the user interface uses it: every call returns at once, is carried out in order on
/// the librarian's own thread with its own connection, and answers by a signal on the caller's thread.
class Librarian : public QObject
{
    Q_OBJECT
public:
    explicit Librarian(std::filesystem::path dataDirectory, QObject *parent = nullptr);
    ~Librarian() override;

    /// What the grid shows, as it is now. After the first time only what has changed is read.
    void loadPlace(const library::Scope &scope); ///< -> placeLoaded
    void loadFolders();                          ///< -> foldersLoaded, foldersAway
    void loadLabels();                           ///< -> labelsLoaded
    void loadProblems();                         ///< -> problemsLoaded
    void loadEquipment();                        ///< -> equipmentLoaded
    void loadMetadata(const Photo &photo);       ///< -> metadataLoaded

    void addFolder(const QString &path); ///< See textOfPath(). -> foldersLoaded, folderAdded
    void removeFolder(FolderId folder);  ///< -> foldersLoaded
    void loadExclusions();               ///< -> exclusionsLoaded
    /// Globs of names that are not indexed, see Exclusions. -> exclusionsLoaded, exclusionsChanged
    void setExclusions(const QStringList &patterns);
    void addLabel(const QString &name); ///< -> labelsLoaded
    void renameLabel(LabelId label, const QString &name);
    void removeLabel(LabelId label);
    void loadRatings();                                       ///< -> ratingsLoaded
    void loadSearches();                                      ///< -> searchesLoaded; the next too.
    void addSearch(const QString &name, const QString &line); ///< A line that is kept, under a free name.
    void renameSearch(SavedSearchId search, const QString &name);
    void removeSearch(SavedSearchId search);
    void loadHistory();                   ///< -> historyLoaded; the next too.
    void noteSearch(const QString &line); ///< It was asked. Not kept where nothing can be written.
    /// And the pasted pictures that neither a saved search names nor the line that stands there.
    void clearHistory(const QString &standing = {});

    /// Copies what people made, once a day when it has changed; see core/db/backup.h.
    void backUp();

    // What a person changes, so that it can be taken back: @return a name for the change.
    ChangeId assignLabel(LabelId label, const QList<PhotoId> &photos);   ///< -> labelsLoaded, labelAssigned
    ChangeId unassignLabel(LabelId label, const QList<PhotoId> &photos); ///< -> labelsLoaded
    ChangeId setRating(const QList<PhotoId> &photos, int stars);         ///< 0: none. -> ratingsLoaded
    /// Takes back exactly what a change changed: a photo that had the label before keeps it, and each gets
    /// the stars that it had. Nothing when it is taken back already. -> labelsLoaded or ratingsLoaded
    void revert(ChangeId change);
    void repeat(ChangeId change); ///< Does it again where it was taken back. -> as revert()
    void forget(ChangeId change); ///< Nobody will ask for it any more.

    /// Keeps a picture that was pasted, in pasted/ of the data directory, under the name of its content: the
    /// same one once. -> pastedKept
    void keepPasted(const QImage &picture);

Q_SIGNALS:
    void placeLoaded(const yingxun::library::SharedPlace &place); ///< Answer to the latest loadPlace only.
    void foldersLoaded(const QList<yingxun::Folder> &folders);
    /// Of those loaded just before, all that are not there now: unplugged, unmounted, gone.
    void foldersAway(const QList<yingxun::FolderId> &folders);
    void folderAdded(yingxun::FolderId folder);
    void exclusionsLoaded(const QStringList &patterns);
    void exclusionsChanged(); ///< The next run takes other files.
    void labelsLoaded(const QList<yingxun::Label> &labels);
    void ratingsLoaded(const yingxun::services::Ratings &ratings);
    void searchesLoaded(const QList<yingxun::SavedSearch> &searches); ///< Those saved.
    void historyLoaded(const QStringList &lines);                     ///< Those asked last, newest first.
    void labelAssigned(yingxun::LabelId label, int contents);         ///< How many did not carry it before.
    void problemsLoaded(const QList<yingxun::Problem> &problems);
    void equipmentLoaded(const QStringList &cameras, const QStringList &lenses); ///< Names, for people.
    void pastedKept(const QString &path);                                        ///< See textOfPath().
    void metadataLoaded(yingxun::PhotoId photo, const yingxun::Metadata &metadata);
    void failed(const yingxun::Error &error);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace yingxun::services

Q_DECLARE_METATYPE(yingxun::library::SharedPlace)

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/download_desk.h"

#include <QHash>
#include <QList>
#include <QObject>
#include <QSet>
#include <QString>
#include <QThread>
#include <QThreadPool>

#include <filesystem>
#include <stop_token>

namespace yingxun::models {

/// The starter model's id; an installed model that is named so stands in its place.
inline constexpr const char *kStarterId = "starter";

/// A model that there is, here or elsewhere.
struct ModelEntry {
    QString id;
    QString title;                           ///< Empty: the starter model.
    const ReleasedModel *released = nullptr; ///< Null: none that is known. The manifest's.
    bool starter = false;                    ///< Part of the program, not of the store.
    bool installed = false;
    bool whole = true;  ///< False: damaged, as far as is known.
    qint64 bytes = 0;   ///< Of all files.
    qint64 arrived = 0; ///< What a download that was broken off has left.
};

enum class ModelWork { Download, Add, Verify, Remove };

/// How far something is that is being done with a model.
struct ModelProgress {
    ModelWork work = ModelWork::Download;
    qint64 done = 0;           ///< Bytes.
    qint64 total = -1;         ///< -1: not known.
    double bytesPerSecond = 0; ///< 0: not known.
    double secondsLeft = -1;   ///< -1: not known.
};

/// The models of one store for a window: what there is, and what is being done with them. Nothing here waits
/// for a disk or a server: downloads have a thread of their own, and so has the work that hashes gigabytes.
/// What goes on when it is destroyed is broken off; a download goes on from there another day.
class ModelKeeper : public QObject
{
    Q_OBJECT
public:
    /// @param folder  as ModelStore takes it. @param manifest  outlives it.
    explicit ModelKeeper(const std::filesystem::path &folder, const Manifest &manifest = Manifest::builtIn(),
                         Patience patience = {});
    ~ModelKeeper() override;

    /// What is being done now, by id; that of a model being added is empty.
    const QHash<QString, ModelProgress> &works() const { return m_works; }

    /// modelsLoaded() follows; of its own accord too, after each thing that was done.
    void load();
    /// These four: finished() or failed() follows. Nothing happens while something else is being done with
    /// that model. @param from  as Manifest::address() takes it.
    void download(const QString &id, const QString &from);
    void add(const std::filesystem::path &from); ///< One at a time.
    void verify(const QString &id);
    void remove(const QString &id);
    /// failed() follows, with Cancelled. What has arrived of a download stays. Removing goes on.
    void cancel(const QString &id);

Q_SIGNALS:
    /// The starter model, what is installed, and what has been released besides.
    void modelsLoaded(const QList<yingxun::models::ModelEntry> &models);
    void progressed(const QString &id, const yingxun::models::ModelProgress &progress);
    /// @param id  of what was added, too.
    void finished(const QString &id, yingxun::models::ModelWork work);
    /// Errors: as of ModelFetcher and ModelStore.
    void failed(const QString &id, yingxun::models::ModelWork work, const yingxun::Error &error);

private:
    bool begin(const QString &id, ModelWork work);
    void report(const QString &id, const ModelProgress &progress);
    void end(const QString &id, const QString &finishedId, const Result<void> &result);
    /// For the worker: tells of the work's progress and of being cancelled.
    Progress progressFor(const QString &id, ModelWork work);
    /// From the worker, to the thread that this lives in.
    void endLater(const QString &id, const QString &finishedId, const Result<void> &result);

    const Manifest &m_manifest;
    ModelStore m_store;
    QHash<QString, ModelProgress> m_works;
    QHash<QString, std::stop_source> m_stops; ///< Of the work that the pool does.
    QSet<QString> m_damaged;                  ///< Found by verify(): list() looks at sizes only.
    QThread m_thread;                         ///< Of the desk.
    DownloadDesk *m_desk;                     ///< Goes with the thread.
    QThreadPool m_worker;                     ///< Adds, verifies and removes, one after the other.
    QThreadPool m_lister;                     ///< Does not wait for that.
};

} // namespace yingxun::models

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/ingest/library_access.h"

#include <QObject>
#include <QStringList>

#include <filesystem>
#include <memory>

namespace yingxun::media {
class Reader;
}

namespace yingxun::vectors {
class EmbeddingStore;
class Encoder;
} // namespace yingxun::vectors

namespace yingxun::services {

struct IndexProgress {
    enum class State { Idle, Running, Paused };
    State state = State::Idle;
    qint64 found = 0;           ///< Picture files seen by the walk so far.
    qint64 done = 0;            ///< Of these: finished, whatever the outcome.
    qint64 unchanged = 0;       ///< Known already, not opened.
    qint64 embedded = 0;        ///< Newly embedded in this run.
    qint64 failed = 0;          ///< Listed as problems in this run.
    qint64 missing = 0;         ///< Gone from the disk, too many at once to go unasked.
    double photosPerSecond = 0; ///< Of opened photos, over the last seconds.
    qint64 secondsLeft = -1;    ///< -1: not known yet.
};

/// Keeps catalogue and embeddings in step with the disk: find files -> decode on several threads ->
/// embed in batches -> store, over bounded queues, off the caller's thread. Unchanged photos (path,
/// size, mtime) are not opened; known contents are never embedded again; a moved file keeps its id.
/// Restart picks up where it stopped. A file that is still being written is looked at again until it is
/// whole. While another Yingxun indexes the library, a run only takes in what
/// that one has stored, and the indexer takes its place within seconds of its end.
///
/// Threads: lives on one thread (the GUI's); every call returns at once, signals arrive there.
class Indexer : public QObject
{
    Q_OBJECT
public:
    /// `store` must fit `encoder`; both outlive nobody: they are shared. Nulls: without a model, and what is
    /// asked for waits until setModel().
    Indexer(std::filesystem::path dataDirectory, std::shared_ptr<vectors::Encoder> encoder,
            std::shared_ptr<vectors::EmbeddingStore> store, QObject *parent = nullptr);
    ~Indexer() override; ///< Cancels and waits for the batch in flight.

    /// Goes on with another model; a run that is under way begins anew with it.
    void setModel(std::shared_ptr<vectors::Encoder> encoder, std::shared_ptr<vectors::EmbeddingStore> store);

    /// What reads files, from the next run on; until told, the indexer's own threads do.
    void setReader(std::shared_ptr<media::Reader> reader);
    std::shared_ptr<media::Reader> reader() const;

    void start(); ///< Walks all folders of the catalogue. While running: walk again afterwards.
    /// Files or directories that changed on disk, see FolderWatcher::changed(). Files that are not `open` are
    /// taken to be whole.
    void update(const QStringList &paths, const QStringList &open = {});
    void retryProblems(); ///< Opens all files listed as problems again, whatever their kind.
    /// Looks whether a folder has come back under another path, because its disk was mounted there, and goes
    /// on with it. So does every run. -> foldersMoved
    void followVolumes();
    /// Walks all folders, and takes out as many photos as were said to be missing. -> missingChanged
    void removeMissing();
    void pause();
    void resume();
    void cancel();
    IndexProgress progress() const;
    ingest::LibraryAccess access() const; ///< As the last run found it; until the first one: Writer.

Q_SIGNALS:
    void accessChanged(yingxun::ingest::LibraryAccess access);
    /// At most 10 times a second, and at each state change.
    void progressed(const yingxun::services::IndexProgress &progress);
    void photosChanged(); ///< Rows were added, moved or removed; at most every 500 ms, and at the end.
    void foldersMoved();  ///< The library's folders have other paths now.
    /// So many photos have gone from the disk at once that they were kept; see ingest::RemovalBrake. 0: no
    /// longer.
    void missingChanged(qint64 photos);
    /// A run has walked these folders whole; `all`: they are all that are there. Before finished().
    void lookedThrough(const QStringList &folders, bool all);
    void brokeOff(); ///< A run was cancelled, or failed, before it had looked at all that it was to look at.
    void finished(const yingxun::services::IndexProgress &progress); ///< A run ended (also when cancelled).
    void failed(const yingxun::Error &error); ///< The run cannot go on (disk full, catalogue gone).

private:
    struct Impl;

    void setPaused(bool paused);

    std::unique_ptr<Impl> m_impl;
};

} // namespace yingxun::services

Q_DECLARE_METATYPE(yingxun::services::IndexProgress)

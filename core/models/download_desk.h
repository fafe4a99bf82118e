// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/model_fetcher.h"

#include <QHash>
#include <QObject>
#include <QString>

class QNetworkAccessManager;

namespace yingxun::models {

/// Gets several models at a time, each by its ModelFetcher. It may be moved to a thread with an event loop,
/// for writing and hashing block; from then on start() and cancel() are called there.
class DownloadDesk : public QObject
{
    Q_OBJECT
public:
    /// The manifest outlives it.
    DownloadDesk(ModelStore store, const Manifest &manifest, Patience patience);

    /// finished() or failed() follows, once. @param id  of a released model that is not being got.
    void start(const QString &id, const QString &from);
    void cancel(const QString &id);

Q_SIGNALS:
    void progressed(const QString &id, qint64 received, qint64 total, double bytesPerSecond,
                    double secondsLeft);
    void finished(const QString &id);
    /// Errors: as of ModelFetcher.
    void failed(const QString &id, const yingxun::Error &error);

private:
    void end(const QString &id, const Result<StoredModel> &result);

    ModelStore m_store;
    const Manifest &m_manifest;
    Patience m_patience;
    QNetworkAccessManager *m_network = nullptr; ///< Made in the thread that uses it.
    QHash<QString, ModelFetcher *> m_fetchers;
};

} // namespace yingxun::models

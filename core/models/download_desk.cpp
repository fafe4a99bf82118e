// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/download_desk.h"

#include <QNetworkAccessManager>

#include <utility>

namespace yingxun::models {

DownloadDesk::DownloadDesk(ModelStore store, const Manifest &manifest, Patience patience)
    : m_store(std::move(store)), m_manifest(manifest), m_patience(patience)
{
}

void DownloadDesk::start(const QString &id, const QString &from)
{
    const ReleasedModel *model = m_manifest.find(id.toStdString());
    if (model == nullptr) {
        Q_EMIT failed(id,
                      Error{ErrorCode::NotFound, "there is no released model “" + id.toStdString() + "”"});
        return;
    }
    if (m_network == nullptr)
        m_network = new QNetworkAccessManager(this);
    auto *fetcher = new ModelFetcher(*m_network, m_store, m_manifest, m_patience, this);
    m_fetchers.insert(id, fetcher);
    connect(fetcher, &ModelFetcher::progress, this,
            [this, id](qint64 received, qint64 total, double rate, double left) {
                Q_EMIT progressed(id, received, total, rate, left);
            });
    connect(fetcher, &ModelFetcher::finished, this,
            [this, id](const Result<StoredModel> &result) { end(id, result); });
    fetcher->start(*model, from.toStdString());
}

void DownloadDesk::cancel(const QString &id)
{
    if (ModelFetcher *fetcher = m_fetchers.value(id))
        fetcher->cancel();
}

void DownloadDesk::end(const QString &id, const Result<StoredModel> &result)
{
    if (ModelFetcher *fetcher = m_fetchers.take(id))
        fetcher->deleteLater();
    if (result)
        Q_EMIT finished(id);
    else
        Q_EMIT failed(id, result.error());
}

} // namespace yingxun::models

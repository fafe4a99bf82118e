// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/model_fetcher.h"

#include <QTimer>

#include <algorithm>
#include <system_error>
#include <utility>

namespace yingxun::models {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSliceBytes = 1 << 20; ///< Hashed in one go, between which events are served.

/// 0 for a file that is not there.
std::int64_t sizeOf(const fs::path &path)
{
    std::error_code error;
    const auto size = fs::file_size(path, error);
    return error ? 0 : static_cast<std::int64_t>(size);
}

} // namespace

ModelFetcher::ModelFetcher(QNetworkAccessManager &network, const ModelStore &store, const Manifest &manifest,
                           Patience patience, QObject *parent)
    : QObject(parent), m_network(network), m_store(store), m_manifest(manifest), m_patience(patience)
{
}

void ModelFetcher::start(ReleasedModel model, std::string from)
{
    m_model = std::move(model);
    m_from = std::move(from);
    QTimer::singleShot(0, this, &ModelFetcher::open);
}

void ModelFetcher::cancel()
{
    if (m_download != nullptr)
        m_download->cancel(); // It tells.
    end(fail(ErrorCode::Cancelled, "cancelled"));
}

void ModelFetcher::open()
{
    if (m_ended)
        return;
    for (const ReleasedFile &file : m_model.files) { // First of all: nothing is got of what cannot be whole.
        auto address = m_manifest.address(file, m_from);
        if (!address)
            return end(address.propagate());
        m_addresses.push_back(std::move(*address));
    }
    const bool known = std::all_of(m_model.files.begin(), m_model.files.end(),
                                   [](const ReleasedFile &file) { return file.bytes >= 0; });
    m_total = known ? m_model.bytes() : -1;
    auto folder = m_store.downloadFolder(m_model.id);
    if (!folder)
        return end(folder.propagate());
    m_folder = std::move(*folder);
    if (auto space = checkSpace(); !space)
        return end(space.propagate());
    m_hashRate.start();
    next();
}

Result<void> ModelFetcher::checkSpace() const
{
    std::int64_t needed = 0;
    for (const ReleasedFile &file : m_model.files) {
        const fs::path path = m_folder / file.name;
        needed +=
            std::max<std::int64_t>(file.bytes - std::max(sizeOf(path), sizeOf(PartFile::pathOf(path))), 0);
    }
    std::error_code error;
    const auto space = fs::space(m_folder, error);
    if (!error && space.available < static_cast<std::uintmax_t>(needed))
        return fail(ErrorCode::Io, m_model.title + " needs " + std::to_string(needed) +
                                       " more bytes, and the disk of " + m_folder.parent_path().string() +
                                       " has " + std::to_string(space.available) +
                                       ": free some space, then try again");
    return {};
}

void ModelFetcher::next()
{
    if (m_done.size() == m_model.files.size())
        return publish();
    std::error_code error;
    if (!fs::exists(path(), error))
        return download();
    m_existing = std::ifstream(path(), std::ios::binary);
    m_existingBytes = 0;
    m_hash.reset();
    hashMore();
}

void ModelFetcher::hashMore()
{
    if (m_ended)
        return;
    QByteArray slice(static_cast<qsizetype>(kSliceBytes), Qt::Uninitialized);
    m_existing.read(slice.data(), slice.size());
    const auto got = static_cast<qsizetype>(m_existing.gcount());
    m_hash.addData(QByteArrayView(slice.constData(), got));
    m_existingBytes += got;
    if (m_existing) {
        if (m_hashRate.add(got))
            report(m_existingBytes, 0);
        QTimer::singleShot(0, this, &ModelFetcher::hashMore);
        return;
    }
    m_existing.close();
    const ReleasedFile &wanted = current();
    const std::string hash = m_hash.result().toHex().toStdString();
    const bool right = (wanted.bytes < 0 || wanted.bytes == m_existingBytes) &&
                       (wanted.sha256.empty() || wanted.sha256 == hash);
    if (right)
        return take({wanted.name, m_existingBytes, hash,
                     nameOf(wanted.sha256.empty() ? CheckedAgainst::None : CheckedAgainst::Manifest)});
    std::error_code error;
    fs::remove(path(), error);
    if (error)
        return end(fail(ErrorCode::Io, path().string() + " cannot be replaced: " + error.message()));
    download();
}

void ModelFetcher::download()
{
    m_download = new Downloader(m_network, m_patience, this);
    connect(m_download, &Downloader::progress, this,
            [this](qint64 received, qint64, double rate, double) { report(received, rate); });
    connect(m_download, &Downloader::finished, this, [this](const Result<DownloadedFile> &file) {
        m_download->deleteLater();
        m_download.clear();
        if (!file)
            return end(file.propagate());
        take({current().name, file->bytes, file->sha256, nameOf(file->checked)});
    });
    m_download->start({m_addresses[m_done.size()], path(), current().bytes, current().sha256});
}

void ModelFetcher::take(StoredFile file)
{
    report(file.bytes, 0);
    m_doneBytes += file.bytes;
    m_done.push_back(std::move(file));
    QTimer::singleShot(0, this, [this] {
        if (!m_ended)
            next();
    });
}

void ModelFetcher::publish()
{
    // A mirror's address may hold a password.
    const QString source = m_addresses.front().toString(QUrl::RemoveUserInfo | QUrl::FullyEncoded);
    end(m_store.publish(m_folder, {m_model.id, m_model.title, source.toStdString(), m_done, {}}));
}

void ModelFetcher::report(std::int64_t ofThisFile, double bytesPerSecond)
{
    const std::int64_t received = m_doneBytes + ofThisFile;
    const bool known = m_total >= 0 && bytesPerSecond > 0;
    const double left = m_total == received ? 0
                        : known             ? static_cast<double>(m_total - received) / bytesPerSecond
                                            : -1;
    Q_EMIT progress(received, m_total, bytesPerSecond, left, QString::fromStdString(current().name));
}

void ModelFetcher::end(Result<StoredModel> result)
{
    if (!std::exchange(m_ended, true))
        Q_EMIT finished(result);
}

} // namespace yingxun::models

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/downloader.h"
#include "core/models/model_store.h"

#include <QCryptographicHash>
#include <QObject>
#include <QPointer>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace yingxun::models {

/// Gets the files of one released model, one after the other, and makes a model of the store of them. What
/// has arrived outlives a cancel, an error and the program; the next ModelFetcher goes on from there.
class ModelFetcher : public QObject
{
    Q_OBJECT
public:
    /// All three outlive it.
    ModelFetcher(QNetworkAccessManager &network, const ModelStore &store, const Manifest &manifest,
                 Patience patience = {}, QObject *parent = nullptr);

    /// Once; finished() always follows. @param from  as Manifest::address() takes it.
    void start(ReleasedModel model, std::string from);
    /// finished() comes at once, with Cancelled; what has arrived stays.
    void cancel();

Q_SIGNALS:
    /// Over all files. @param file  the one that is being got, or looked at again.
    /// @param total, secondsLeft  -1: not known.
    void progress(qint64 received, qint64 total, double bytesPerSecond, double secondsLeft,
                  const QString &file);
    /// Errors: as of Manifest::address(), Downloader and ModelStore::publish(); Io (the disk is too small).
    void finished(const yingxun::Result<yingxun::models::StoredModel> &result);

private:
    void open();
    Result<void> checkSpace() const;
    void next();
    void hashMore();
    void download();
    void take(StoredFile file);
    void publish();
    void report(std::int64_t ofThisFile, double bytesPerSecond);
    void end(Result<StoredModel> result);
    const ReleasedFile &current() const { return m_model.files[m_done.size()]; }
    std::filesystem::path path() const { return m_folder / current().name; }

    QNetworkAccessManager &m_network;
    const ModelStore &m_store;
    const Manifest &m_manifest;
    Patience m_patience;
    ReleasedModel m_model;
    std::string m_from;
    std::filesystem::path m_folder;
    std::vector<QUrl> m_addresses;  ///< Of each file.
    std::vector<StoredFile> m_done; ///< Those that are there, in the order of the model's.
    std::int64_t m_doneBytes = 0;
    std::int64_t m_total = 0;
    QPointer<Downloader> m_download;
    std::ifstream m_existing; ///< A file of an earlier run that is looked at again.
    std::int64_t m_existingBytes = 0;
    QCryptographicHash m_hash{QCryptographicHash::Sha256};
    RateMeter m_hashRate;
    bool m_ended = false;
};

} // namespace yingxun::models

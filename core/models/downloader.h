// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/models/part_file.h"
#include "core/models/part_note.h"
#include "core/models/rate_meter.h"

#include <QCryptographicHash>
#include <QNetworkReply>
#include <QObject>
#include <QPointer>
#include <QTimer>
#include <QUrl>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

class QNetworkAccessManager;

namespace yingxun::models {

/// A file to get.
struct DownloadRequest {
    QUrl address;
    std::filesystem::path target; ///< Its directory exists.
    std::int64_t bytes = -1;      ///< What it must have; -1: what the server says.
    std::string sha256;           ///< What it must be; empty: what the server says, if it does.
};

/// What a file's content was held against.
enum class CheckedAgainst {
    None,     ///< Its size only.
    Server,   ///< A hash that the server published beside it.
    Manifest, ///< A hash that was known before.
};
constexpr const char *nameOf(CheckedAgainst checked)
{
    return checked == CheckedAgainst::Manifest ? "manifest"
           : checked == CheckedAgainst::Server ? "server"
                                               : "none";
}

/// A file that has arrived whole.
struct DownloadedFile {
    std::int64_t bytes = 0;
    std::string sha256;
    CheckedAgainst checked = CheckedAgainst::None;
};

/// How long a Downloader bears with a server.
struct Patience {
    std::chrono::milliseconds stall{30'000};     ///< Without a byte; then it asks anew.
    std::chrono::milliseconds firstPause{1'000}; ///< Before it asks anew; doubles each time.
    int attempts = 5;                            ///< In a row that bring nothing new.
};

/// Gets one file over HTTP(S), through broken connections, stalls, and servers that ignore Range. It is
/// written as NAME.part and has its name only when size and hash fit; what has arrived outlives a cancel, an
/// error and the program, and the next Downloader goes on from there.
class Downloader : public QObject
{
    Q_OBJECT
public:
    explicit Downloader(QNetworkAccessManager &network, Patience patience = {}, QObject *parent = nullptr);
    ~Downloader() override;

    /// Once; finished() always follows.
    void start(DownloadRequest request);
    /// finished() comes at once, with Cancelled; the part stays.
    void cancel();

Q_SIGNALS:
    /// @param total        -1: not known yet.
    /// @param secondsLeft  -1: not known yet.
    void progress(qint64 received, qint64 total, double bytesPerSecond, double secondsLeft);
    /// Errors: Io (the disk, the network), NotFound (the server does not have it), CorruptData (wrong size or
    /// content: what arrived is thrown away), Cancelled.
    void finished(const yingxun::Result<yingxun::models::DownloadedFile> &result);

private:
    void open();
    void hashMore(std::int64_t at);
    void ask(const QUrl &address);
    void readHeaders();
    void redirect(const QUrl &location);
    void readLinkedFile();
    bool acceptWhole();
    bool acceptRest();
    bool acceptSize(std::int64_t whole);
    void readBytes();
    void onReplyFinished();
    void onRefused(int status);
    void complete();
    void retry(const QString &why);
    void startAnew();
    void drop();
    void report(std::int64_t more, bool last = false);
    void end(Result<DownloadedFile> result);
    void fail(ErrorCode code, const QString &message);
    QString name() const;
    QByteArray header(const char *key) const { return m_reply->rawHeader(key).trimmed(); }

    QNetworkAccessManager &m_network;
    Patience m_patience;
    DownloadRequest m_request;
    std::optional<PartFile> m_part;
    PartNote m_note;
    QCryptographicHash m_hash{QCryptographicHash::Sha256};
    QPointer<QNetworkReply> m_reply;
    QTimer m_stall;
    QTimer m_pause;
    std::string m_serverHash;        ///< As the present attempt was told.
    std::int64_t m_serverBytes = -1; ///< The same.
    std::int64_t m_total = -1;
    std::int64_t m_furthest = 0; ///< What the part had at most: less is no progress.
    int m_redirects = 0;
    int m_vainAttempts = 0;
    bool m_headersRead = false;
    bool m_taking = false; ///< The body is the file.
    bool m_ended = false;
    RateMeter m_rate;
};

} // namespace yingxun::models

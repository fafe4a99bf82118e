// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/downloader.h"

#include "core/models/http_headers.h"

#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>

#include <algorithm>
#include <system_error>
#include <utility>

using namespace Qt::StringLiterals;

namespace yingxun::models {
namespace {

constexpr qint64 kBufferBytes = 4 << 20;
constexpr std::size_t kSliceBytes = 1
                                    << 20; ///< Hashed or written in one go, between which events are served.
constexpr int kMostRedirects = 8;
constexpr int kMostPauseDoublings = 5;

} // namespace

Downloader::Downloader(QNetworkAccessManager &network, Patience patience, QObject *parent)
    : QObject(parent), m_network(network), m_patience(patience)
{
    m_stall.setSingleShot(true);
    m_stall.setInterval(m_patience.stall);
    m_pause.setSingleShot(true);
    connect(&m_stall, &QTimer::timeout, this, [this] { retry(u"nothing arrived for a while"_s); });
    connect(&m_pause, &QTimer::timeout, this, [this] { ask(m_request.address); });
}

Downloader::~Downloader()
{
    drop();
}

void Downloader::start(DownloadRequest request)
{
    m_request = std::move(request);
    QTimer::singleShot(0, this, &Downloader::open);
}

void Downloader::cancel()
{
    fail(ErrorCode::Cancelled, u"cancelled"_s);
}

void Downloader::open()
{
    if (m_ended)
        return;
    auto part = PartFile::open(m_request.target);
    if (!part)
        return end(part.propagate());
    m_part.emplace(std::move(*part));
    m_note = PartNote::load(m_request.target);
    // Without the promise of a validator or a hash, what comes next may belong to another file. From another
    // address the same file may come: its hash is the promise, a validator of the first would be none.
    const std::string address = m_request.address.toString(QUrl::FullyEncoded).toStdString();
    const bool samePlace = m_note.address == address;
    const bool sameContent = !m_note.sha256.empty() && m_note.sha256 == m_request.sha256;
    const bool contradicted = !m_request.sha256.empty() && !m_note.sha256.empty() && !sameContent;
    const bool promised =
        sameContent ||
        (samePlace && !(m_note.etag.empty() && m_note.lastModified.empty() && m_note.sha256.empty()));
    const bool tooLong = m_request.bytes >= 0 && m_part->size() > m_request.bytes;
    if (contradicted || !promised || tooLong) {
        if (auto cut = m_part->cut(0); !cut)
            return end(cut.propagate());
    }
    if (!samePlace || m_part->size() == 0)
        m_note = {address, {}, {}, m_request.bytes, m_request.sha256};
    m_total = m_request.bytes >= 0 ? m_request.bytes : m_note.bytes;
    hashMore(0);
}

void Downloader::hashMore(std::int64_t at)
{
    if (m_ended)
        return;
    QByteArray slice(static_cast<qsizetype>(kSliceBytes), Qt::Uninitialized);
    const auto got = m_part->read(at, {slice.data(), kSliceBytes});
    if (!got)
        return end(got.propagate());
    m_hash.addData(QByteArrayView(slice.constData(), static_cast<qsizetype>(*got)));
    at += static_cast<std::int64_t>(*got);
    if (at < m_part->size() && *got > 0) {
        QTimer::singleShot(0, this, [this, at] { hashMore(at); });
        return;
    }
    m_furthest = m_part->size();
    m_rate.start();
    if (m_total > 0 && m_part->size() == m_total && !(m_request.sha256.empty() && m_note.sha256.empty()))
        return complete(); // All was there but the name.
    ask(m_request.address);
}

void Downloader::ask(const QUrl &address)
{
    if (address == m_request.address) {
        m_redirects = 0;
        m_serverHash.clear();
        m_serverBytes = -1;
    }
    QNetworkRequest request(address);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    request.setAttribute(QNetworkRequest::Http2AllowedAttribute,
                         false); // No gain for one file; simpler to break.
    request.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    request.setAttribute(QNetworkRequest::CacheSaveControlAttribute, false);
    request.setRawHeader("Accept-Encoding", "identity"); // Sizes and ranges are those of the file.
    request.setHeader(QNetworkRequest::UserAgentHeader, u"Yingxun"_s);
    if (m_part->size() > 0) {
        request.setRawHeader("Range", "bytes=" + QByteArray::number(qint64{m_part->size()}) + "-");
        const std::string &validator = m_note.etag.empty() ? m_note.lastModified : m_note.etag;
        if (!validator.empty())
            request.setRawHeader("If-Range", QByteArray::fromStdString(validator));
    }
    m_headersRead = false;
    m_taking = false;
    m_reply = m_network.get(request);
    m_reply->setReadBufferSize(kBufferBytes);
    connect(m_reply, &QNetworkReply::metaDataChanged, this, &Downloader::readHeaders);
    connect(m_reply, &QNetworkReply::readyRead, this, &Downloader::readBytes);
    connect(m_reply, &QNetworkReply::finished, this, &Downloader::onReplyFinished);
    m_stall.start();
}

void Downloader::readHeaders()
{
    const int status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (m_headersRead || status == 0)
        return;
    m_headersRead = true;
    m_stall.start();
    if (status >= FirstRedirect && status < FirstError && status != NotModified) {
        readLinkedFile();
        redirect(QUrl::fromEncoded(header("Location"), QUrl::StrictMode));
    } else if (status == Ok || status == PartialContent) {
        readLinkedFile();
        m_taking = status == Ok ? acceptWhole() : acceptRest();
    } // All others end with the reply.
}

void Downloader::readLinkedFile()
{
    const LinkedFile linked = linkedFile(header("X-Linked-Etag"), header("X-Linked-Size"));
    if (!linked.sha256.empty())
        m_serverHash = linked.sha256;
    if (linked.bytes >= 0)
        m_serverBytes = linked.bytes;
}

void Downloader::redirect(const QUrl &location)
{
    const QUrl from = m_reply->url();
    const QUrl to = from.resolved(location);
    drop();
    const bool http = to.scheme() == u"http"_s || to.scheme() == u"https"_s;
    if (location.isEmpty() || !to.isValid() || !http || to.host().isEmpty())
        return fail(ErrorCode::Io, from.host() + u" sends "_s + name() + u" to no usable address"_s);
    if (from.scheme() == u"https"_s && to.scheme() == u"http"_s)
        return fail(ErrorCode::Io, from.host() + u" sends "_s + name() +
                                       u" from https to an address without encryption: try another source"_s);
    if (++m_redirects > kMostRedirects)
        return fail(ErrorCode::Io,
                    from.host() + u" sends "_s + name() + u" round in circles: try another source"_s);
    const int redirects = m_redirects;
    const std::string hash = m_serverHash;
    const std::int64_t bytes = m_serverBytes;
    ask(to);
    m_redirects = redirects; // Also when the circle leads through the first address.
    m_serverHash = hash;
    m_serverBytes = bytes;
}

bool Downloader::acceptSize(std::int64_t whole)
{
    const std::int64_t wanted = m_request.bytes >= 0 ? m_request.bytes : m_serverBytes;
    if (wanted >= 0 && whole >= 0 && whole != wanted) {
        // Perhaps a page that asks to log in: no reason to throw away what there is.
        fail(ErrorCode::CorruptData, m_reply->url().host() + u" has %1 bytes as "_s.arg(whole) + name() +
                                         u", and it should be %1: try another source"_s.arg(wanted));
        return false;
    }
    if (!m_request.sha256.empty() && !m_serverHash.empty() && m_serverHash != m_request.sha256) {
        fail(ErrorCode::CorruptData, m_reply->url().host() + u" has another file as "_s + name() +
                                         u": its SHA-256 is not the one it should be; try another source"_s);
        return false;
    }
    m_total = wanted >= 0 ? wanted : whole;
    if (m_total < 0 && m_request.sha256.empty() && m_serverHash.empty()) {
        fail(ErrorCode::CorruptData, m_reply->url().host() + u" does not say how large "_s + name() +
                                         u" is, so nobody could tell when it is whole: try another source"_s);
        return false;
    }
    std::error_code error;
    const auto space = std::filesystem::space(m_request.target.parent_path(), error);
    const std::int64_t needed = m_total - m_part->size();
    if (!error && needed > 0 && space.available < static_cast<std::uintmax_t>(needed)) {
        fail(ErrorCode::Io,
             name() +
                 u" needs %1 more bytes, and the disk has %2: free some space, then go on"_s.arg(needed).arg(
                     space.available));
        return false;
    }
    return true;
}

bool Downloader::acceptWhole()
{
    bool ok = false;
    const qint64 length = header("Content-Length").toLongLong(&ok);
    if (!acceptSize(ok ? length : -1))
        return false;
    if (m_part->size() > 0) { // It ignores Range, or has another file now.
        if (auto cut = m_part->cut(0); !cut)
            return end(cut.propagate()), false;
        m_hash.reset();
    }
    m_note.etag = strongEtag(header("ETag"));
    m_note.lastModified = header("Last-Modified").toStdString();
    m_note.bytes = m_total;
    m_note.sha256 = m_request.sha256.empty() ? m_serverHash : m_request.sha256;
    if (auto saved = m_note.save(m_request.target); !saved)
        return end(saved.propagate()), false;
    return true;
}

bool Downloader::acceptRest()
{
    const ContentRange range = contentRange(header("Content-Range"));
    if (!acceptSize(range.whole))
        return false;
    const std::string etag = strongEtag(header("ETag"));
    const bool otherFile = (!m_note.etag.empty() && !etag.empty() && etag != m_note.etag) ||
                           (!m_serverHash.empty() && !m_note.sha256.empty() && m_serverHash != m_note.sha256);
    if (range.first != m_part->size() || (otherFile && m_request.sha256.empty())) {
        startAnew();
        return false;
    }
    return true;
}

void Downloader::readBytes()
{
    readHeaders();
    m_stall.start();
    while (m_reply != nullptr && m_reply->bytesAvailable() > 0) {
        const QByteArray bytes = m_reply->read(static_cast<qint64>(kSliceBytes));
        if (bytes.isEmpty())
            return;
        if (!m_taking)
            continue;
        if (auto written = m_part->append(bytes); !written)
            return end(written.propagate());
        m_hash.addData(bytes);
        if (m_part->size() > m_furthest) {
            m_furthest = m_part->size();
            m_vainAttempts = 0;
        }
        if (m_total >= 0 && m_part->size() > m_total)
            return complete(); // Which will say that it is too long.
        report(bytes.size());
    }
}

void Downloader::onReplyFinished()
{
    readBytes();
    if (m_reply == nullptr || m_ended)
        return;
    const int status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (status >= FirstError || (m_headersRead && !m_taking))
        return onRefused(status);
    const QString why = m_reply->errorString();
    if (m_reply->error() != QNetworkReply::NoError || !m_taking)
        return retry(why);
    if (m_total >= 0 && m_part->size() < m_total)
        return retry(u"the connection ended early"_s);
    complete();
}

void Downloader::onRefused(int status)
{
    const QString host = m_reply->url().host();
    const ContentRange range = contentRange(header("Content-Range"));
    if (status == RangeNotSatisfiable && m_part->size() > 0) {
        if (range.whole == m_part->size() && m_total == range.whole)
            return complete();
        return startAnew();
    }
    if (status >= FirstServerError || status == RequestTimeout || status == TooEarly ||
        status == TooManyRequests)
        return retry(u"%1 answers %2"_s.arg(host).arg(status));
    const QString what = status == Unauthorized || status == Forbidden
                             ? u"%1 does not give %2 to everybody (%3): try another source"_s
                             : u"%1 does not have %2 (%3): try another source"_s;
    fail(ErrorCode::NotFound, what.arg(host, name()).arg(status));
}

void Downloader::complete()
{
    drop();
    const std::string hash = m_hash.result().toHex().toStdString();
    DownloadedFile file{m_part->size(), hash, CheckedAgainst::None};
    std::string wanted = m_request.sha256;
    if (!wanted.empty()) {
        file.checked = CheckedAgainst::Manifest;
    } else if (!m_serverHash.empty() || !m_note.sha256.empty()) {
        wanted = m_serverHash.empty() ? m_note.sha256 : m_serverHash;
        file.checked = CheckedAgainst::Server;
    }
    const bool rightSize = m_total < 0 || file.bytes == m_total;
    if (!rightSize || (!wanted.empty() && wanted != hash)) {
        std::error_code ignored;
        std::filesystem::remove(PartFile::pathOf(m_request.target), ignored);
        PartNote::remove(m_request.target);
        const QString what =
            rightSize ? u"its SHA-256 is %1, and should be %2"_s.arg(QString::fromStdString(hash),
                                                                     QString::fromStdString(wanted))
                      : u"it has %1 bytes or more, and should have %2"_s.arg(file.bytes).arg(m_total);
        return fail(ErrorCode::CorruptData, name() + u" arrived wrong and was thrown away ("_s + what +
                                                u"): try again, or another source"_s);
    }
    if (auto done = m_part->commit(); !done)
        return end(done.propagate());
    PartNote::remove(m_request.target);
    m_total = file.bytes;
    report(0, true);
    end(file);
}

void Downloader::retry(const QString &why)
{
    drop();
    if (++m_vainAttempts >= m_patience.attempts)
        return fail(ErrorCode::Io, name() + u" cannot be got from "_s + m_request.address.host() + u" ("_s +
                                       why + u"). What has arrived is kept: try again later"_s);
    const int doublings = std::min(m_vainAttempts - 1, kMostPauseDoublings);
    m_pause.start(m_patience.firstPause * (1 << std::max(doublings, 0)));
}

void Downloader::startAnew()
{
    if (auto cut = m_part->cut(0); !cut)
        return end(cut.propagate());
    m_hash.reset();
    retry(u"the server has another file now"_s);
}

void Downloader::drop()
{
    m_stall.stop();
    m_taking = false;
    if (m_reply == nullptr)
        return;
    QNetworkReply *reply = std::exchange(m_reply, nullptr);
    disconnect(reply, nullptr, this, nullptr);
    reply->abort();
    reply->deleteLater();
}

void Downloader::report(std::int64_t more, bool last)
{
    if (!m_rate.add(more) && !last)
        return;
    Q_EMIT progress(m_part->size(), m_total, m_rate.perSecond(),
                    m_total < 0 ? -1 : m_rate.secondsFor(m_total - m_part->size()));
}

void Downloader::end(Result<DownloadedFile> result)
{
    if (m_ended)
        return;
    m_ended = true;
    m_pause.stop();
    drop();
    m_part.reset(); // Its lock is free again when finished() tells.
    Q_EMIT finished(result);
}

void Downloader::fail(ErrorCode code, const QString &message)
{
    end(yingxun::fail(code, message.toStdString()));
}

QString Downloader::name() const
{
    return QString::fromStdString(m_request.target.filename().string());
}

} // namespace yingxun::models

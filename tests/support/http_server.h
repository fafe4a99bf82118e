// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QHash>
#include <QHostAddress>
#include <QList>
#include <QPair>
#include <QPointer>
#include <QTcpServer>
#include <QTcpSocket>
#include <QUrl>

#include <functional>
#include <utility>

/// An HTTP server on this machine that can be as bad as servers are.
class HttpServer : public QTcpServer
{
public:
    struct Request {
        QByteArray path;
        QHash<QByteArray, QByteArray> headers; ///< Names in lower case.
    };
    struct Answer {
        int status = 200;
        QByteArray body;
        QList<QPair<QByteArray, QByteArray>> headers;
        qsizetype sent = -1; ///< Of the body, before it stops; -1: all.
        bool stalls = false; ///< It stops by keeping silent instead of closing the connection.
        bool length = true;  ///< With Content-Length.
    };

    HttpServer()
    {
        listen(QHostAddress::LocalHost);
        connect(this, &QTcpServer::newConnection, this, [this] {
            while (QTcpSocket *socket = nextPendingConnection()) {
                connect(socket, &QTcpSocket::readyRead, this, [this, socket] { read(socket); });
                connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
            }
        });
    }

    /// Called for each request; all are kept in `requests`.
    std::function<Answer(const Request &)> answer;
    QList<Request> requests;

    QUrl url(const QByteArray &path) const
    {
        return QUrl(QStringLiteral("http://127.0.0.1:%1").arg(serverPort()) + QString::fromLatin1(path));
    }

    /// As a good server answers: with the rest that Range asks for, unless If-Range names another ETag.
    static Answer file(const Request &request, const QByteArray &body, const QByteArray &etag = "\"one\"")
    {
        Answer answer{200, body, {{"ETag", etag}, {"Accept-Ranges", "bytes"}}, -1, false, true};
        const QByteArray range = request.headers.value("range");
        const QByteArray condition = request.headers.value("if-range", etag);
        if (!range.startsWith("bytes=") || condition != etag)
            return answer;
        const qsizetype first = range.mid(6, range.size() - 7).toLongLong();
        const QByteArray whole = QByteArray::number(body.size());
        if (first >= body.size())
            return {416, {}, {{"Content-Range", "bytes */" + whole}}, -1, false, true};
        answer.status = 206;
        answer.body = body.mid(first);
        answer.headers.append({"Content-Range", "bytes " + QByteArray::number(first) + "-" +
                                                    QByteArray::number(body.size() - 1) + "/" + whole});
        return answer;
    }

private:
    void read(QTcpSocket *socket)
    {
        QByteArray &text = m_texts[socket];
        text += socket->readAll();
        if (!text.contains("\r\n\r\n"))
            return;
        Request request;
        const QList<QByteArray> lines = std::exchange(text, {}).split('\n');
        request.path = lines.first().split(' ').value(1);
        for (const QByteArray &line : lines.mid(1)) {
            if (const qsizetype colon = line.indexOf(':'); colon > 0)
                request.headers[line.left(colon).toLower()] = line.mid(colon + 1).trimmed();
        }
        m_texts.remove(socket);
        requests.append(request);
        const Answer given = answer(request);
        QByteArray head =
            "HTTP/1.1 " + QByteArray::number(given.status) + " As asked\r\nConnection: close\r\n";
        if (given.length)
            head += "Content-Length: " + QByteArray::number(given.body.size()) + "\r\n";
        for (const auto &[name, value] : given.headers)
            head += name + ": " + value + "\r\n";
        socket->write(head + "\r\n" + (given.sent < 0 ? given.body : given.body.left(given.sent)));
        if (!given.stalls)
            socket->disconnectFromHost();
    }

    QHash<QTcpSocket *, QByteArray> m_texts;
};

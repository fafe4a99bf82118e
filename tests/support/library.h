// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/services/indexer.h"
#include "core/vectors/embedding_store.h"
#include "fake_encoder.h"

#include <QColor>
#include <QDateTime>
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QImage>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

namespace yingxun::test {

/// A data directory and a folder of painted photos, both gone at the end.
class Library
{
public:
    Library() : encoder(std::make_shared<FakeEncoder>())
    {
        QDir(m_directory.path()).mkpath(QStringLiteral("photos"));
        openStore();
    }

    void openStore()
    {
        store.reset(); // Before it is opened again: one writer at a time.
        auto opened =
            vectors::EmbeddingStore::open(data() / "embeddings", encoder->identity(), encoder->dimension());
        if (opened)
            store = std::make_shared<vectors::EmbeddingStore>(*std::move(opened));
    }

    std::filesystem::path data() const { return m_directory.filePath(QStringLiteral("data")).toStdString(); }
    QString folder() const { return QDir(m_directory.filePath(QStringLiteral("photos"))).canonicalPath(); }
    QString path(const QString &name) const { return folder() + QLatin1Char('/') + name; }

    /// Paints a photo; `noise` makes contents of one colour differ.
    bool paint(const QString &name, const QColor &colour, int noise = 0) const
    {
        QImage image(64, 48, QImage::Format_RGB32);
        image.fill(colour);
        image.setPixelColor(noise % 64, noise / 64 % 48, colour.darker(150));
        QDir().mkpath(QFileInfo(path(name)).absolutePath());
        return image.save(path(name), "PNG") && age(path(name));
    }

    /// Gives a file a time an hour ago, each one a later one: it is not waited for, as it might still grow.
    static bool age(const QString &file)
    {
        static QDateTime time = QDateTime::currentDateTime().addSecs(-3600);
        time = time.addMSecs(10);
        QFile opened(file);
        return opened.open(QIODevice::ReadWrite) &&
               opened.setFileTime(time, QFileDevice::FileModificationTime);
    }

    /// The same to all in the folder that are new.
    void age() const
    {
        const QDateTime soon = QDateTime::currentDateTime().addSecs(-10);
        for (QDirIterator at(folder(), QDir::Files, QDirIterator::Subdirectories); at.hasNext();) {
            if (at.next(); at.fileInfo().lastModified() > soon)
                age(at.filePath());
        }
    }

    /// Runs the indexer to its end. @return what it reports, nothing on a time-out.
    static std::optional<services::IndexProgress> finish(services::Indexer &indexer,
                                                         const std::function<void()> &begin)
    {
        QSignalSpy finished(&indexer, &services::Indexer::finished);
        begin();
        if (finished.isEmpty() && !finished.wait(30'000))
            return std::nullopt;
        return finished.last().first().value<services::IndexProgress>();
    }

    std::shared_ptr<FakeEncoder> encoder;
    std::shared_ptr<vectors::EmbeddingStore> store;

private:
    QTemporaryDir m_directory;
};

} // namespace yingxun::test

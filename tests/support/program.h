// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jobs/folder_watcher.h"
#include "core/jobs/librarian.h"
#include "core/jobs/path_text.h"
#include "core/jobs/searcher.h"
#include "core/jobs/thumbnail_loader.h"
#include "library.h"
#include "ui/main_window.h"
#include "ui/photo_grid.h"

#include <QLineEdit>

namespace yingxun::test {

/// The program as app/ puts it together, over the fake encoder.
struct Program {
    explicit Program(const Library &library)
        : librarian(library.data()), indexer(library.data(), library.encoder, library.store),
          searcher(library.encoder, library.store), thumbnails(library.data()),
          window({.librarian = &librarian,
                  .indexer = &indexer,
                  .searcher = &searcher,
                  .thumbnails = &thumbnails,
                  .modelName = QString::fromStdString(library.encoder->name()),
                  .device = QStringLiteral("cpu"),
                  .watcher = &watcher})
    {
        QObject::connect(&librarian, &jobs::Librarian::foldersLoaded, &watcher,
                         [this](const QList<Folder> &folders) {
                             QStringList paths;
                             for (const Folder &folder : folders)
                                 paths.append(jobs::textOfPath(folder.path));
                             watcher.setFolders(paths);
                         });
        QObject::connect(&watcher, &jobs::FolderWatcher::changed, &indexer, &jobs::Indexer::update);
        QObject::connect(&librarian, &jobs::Librarian::folderAdded, &indexer, &jobs::Indexer::start);
        QObject::connect(&librarian, &jobs::Librarian::exclusionsChanged, &indexer, &jobs::Indexer::start);
        window.show();
    }

    ui::PhotoGrid *grid() const { return window.findChild<ui::PhotoGrid *>(QStringLiteral("photoGrid")); }
    int rows() const { return grid()->model()->rowCount(); }
    QString name(int row) const { return grid()->model()->index(row, 0).data().toString(); }
    QLineEdit *search() const { return window.findChild<QLineEdit *>(QStringLiteral("searchField")); }

    jobs::Librarian librarian;
    jobs::Indexer indexer;
    jobs::Searcher searcher;
    jobs::ThumbnailLoader thumbnails;
    jobs::FolderWatcher watcher;
    ui::MainWindow window;
};

} // namespace yingxun::test

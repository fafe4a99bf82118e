// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/composition.h"
#include "library.h"
#include "ui/photo_grid.h"

#include <QLineEdit>
#include <QSettings>

namespace yingxun::test {

/// The program as app/ puts it together, over the fake encoder.
struct Program {
    explicit Program(const Library &library,
                     std::chrono::milliseconds reconcileAfter = services::Reconciler::kInterval)
        : Program(
              library, {library.encoder, library.store},
              [encoder =
                   library.encoder](const QString &, const services::Computing &,
                                    const std::stop_token &) -> Result<std::shared_ptr<vectors::Encoder>> {
                  return std::shared_ptr<vectors::Encoder>(encoder);
              },
              reconcileAfter)
    {
    }
    /// It starts without a model. The library's store must be closed: one writer at a time.
    Program(const Library &library, services::ModelSwitch::Load load) : Program(library, {}, std::move(load))
    {
    }

    ui::PhotoGrid *grid() const { return window.findChild<ui::PhotoGrid *>(QStringLiteral("photoGrid")); }
    int rows() const { return grid()->model()->rowCount(); }
    QString name(int row) const { return grid()->model()->index(row, 0).data().toString(); }
    QLineEdit *search() const { return window.findChild<QLineEdit *>(QStringLiteral("searchField")); }

    QSettings settings;
    app::Composition composition;
    services::Librarian &librarian = composition.librarian();
    services::Indexer &indexer = composition.indexer();
    services::ModelSwitch &models = composition.models();
    services::FolderWatcher &watcher = composition.watcher();
    ui::MainWindow &window = composition.window();

private:
    Program(const Library &library, const vectors::ModelWithEmbeddings &model,
            services::ModelSwitch::Load load,
            std::chrono::milliseconds reconcileAfter = services::Reconciler::kInterval)
        : settings(library.path(QStringLiteral("../settings.ini")), QSettings::IniFormat),
          composition({.data = library.data(),
                       .models = library.data() / "models",
                       .settings = &settings,
                       .load = std::move(load),
                       .choice = QStringLiteral("colours"),
                       .choices = {{{QStringLiteral("cpu"), {QStringLiteral("float32")}}}, {}},
                       .reconcileAfter = reconcileAfter,
                       .model = model})
    {
        composition.start({});
    }
};

} // namespace yingxun::test

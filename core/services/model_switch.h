// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/services/computing.h"
#include "core/vectors/model_with_embeddings.h"

#include <QObject>
#include <QString>

#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>

class QSettings;

namespace yingxun::services {

class Indexer;
class Searcher;

/// Holds the model in use, and changes it while the program runs: the other model is loaded and embeds the
/// library in the background, while the old one goes on answering; then indexer and searcher go over to it
/// in one step. The embeddings of both stay. A change that was interrupted goes on at the next start.
/// Likewise the same model goes over to another device or precision, which its embeddings do not depend on.
/// Without a model at first, indexer and searcher get the one that is loaded first, and begin with it at
/// once.
///
/// Threads: lives on one thread (the GUI's); every call returns at once, signals arrive there.
class ModelSwitch : public QObject
{
    Q_OBJECT
public:
    /// Loads a model by its id or path; called on a thread of its own. `stop` is set when nobody waits for it
    /// any more: it then returns Cancelled at once, and the encoder that it has returned may do so, too.
    /// Never set once the model is in use.
    using Load = std::function<Result<std::shared_ptr<vectors::Encoder>>(
        const QString &idOrPath, const Computing &computing, const std::stop_token &stop)>;

    /// In the settings: the model to start with, the one that a change is on the way to, and how they run.
    static constexpr const char *kModelKey = "model/id";
    static constexpr const char *kNextKey = "model/next";
    static constexpr const char *kDeviceKey = "model/device";
    static constexpr const char *kPrecisionKey = "model/precision";

    /// Indexer, searcher and settings are borrowed; `current` is what the first two were made with, and
    /// `choice` with `computing` what it was loaded by. Nulls in `current`: what start() loads it by.
    ModelSwitch(std::filesystem::path dataDirectory, vectors::ModelWithEmbeddings current, Indexer *indexer,
                Searcher *searcher, QSettings *settings, Load load, QString choice = {},
                Computing computing = {});
    ~ModelSwitch() override; ///< Stops what is being loaded; waits until that has ended.

    const std::shared_ptr<vectors::Encoder> &encoder() const; ///< The one in use; null: none is loaded yet.
    const Computing &computing() const; ///< What it is chosen to run with, also while that is being loaded.
    void start();  ///< Loads the first model, where there is none -> changing, changed or noModel.
    void resume(); ///< Goes on with a change that was interrupted, after start().

public Q_SLOTS:
    void use(const QString &idOrPath); ///< -> changing…, changed or failed. A change under way is dropped.
    /// Loads the model in use anew, tries it and goes over to it -> changing, changed or reloadFailed. What
    /// differs from computing() is kept for the next start once it runs. A change to another model that is
    /// under way goes on afterwards.
    void reload(const Computing &computing);
    void cancel(); ///< -> cancelled, when a change is under way.

Q_SIGNALS:
    void changing(const QString &title, qint64 done, qint64 total); ///< total 0: it is being loaded.
    void changed(const QString &title);
    void cancelled();
    void failed(const yingxun::Error &error);       ///< Everything is as it was before use().
    void reloadFailed(const yingxun::Error &error); ///< Everything is as it was before reload().
    void noModel(const yingxun::Error &error);      ///< There is still none: use() and reload() may be tried.

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace yingxun::services

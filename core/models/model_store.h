// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/models/manifest.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace yingxun::models {

/// A file of an installed model, as it was when it came.
struct StoredFile {
    std::string name;
    std::int64_t bytes = 0;
    std::string sha256;
    std::string
        checkedAgainst; ///< "manifest", "server", "pack" (the model.json that came with it) or "none".
};

/// An installed model: a folder with model.json.
struct StoredModel {
    std::string id; ///< The folder's name.
    std::string title;
    std::string source; ///< Where it came from, for people.
    std::vector<StoredFile> files;
    std::filesystem::path folder;
    bool whole = true; ///< Every file is there with its size; verify() looks at the contents too.

    std::int64_t bytes() const;
};

/// Called with the bytes done and the bytes in all; gives back whether to go on.
using Progress = std::function<bool(std::int64_t done, std::int64_t total)>;

/// The models in `<data directory>/models`. A folder becomes a model by one rename, with its model.json in
/// it: nothing half-added is ever listed. Names that begin with a dot are work in progress. add() and
/// remove() refuse with Io while another program is at one of them.
class ModelStore
{
public:
    ModelStore(std::filesystem::path folder, const Manifest &manifest);

    /// In the order of their ids.
    std::vector<StoredModel> list() const;
    /// Errors: NotFound.
    Result<StoredModel> find(const std::string &id) const;

    /// Copies a model from a folder, a weights file (the vocabulary may lie beside it), or a .tar or .zip
    /// archive of a folder. @param id  empty: that of the released model that it is, else the name of `from`.
    /// Errors: NotFound, InvalidArgument (the id; it is there already), CorruptData (incomplete, damaged, or
    /// an archive with links or paths out of itself), TooLarge, Io, Cancelled.
    Result<StoredModel> add(const std::filesystem::path &from, const std::string &id,
                            const Progress &progress = {});

    /// Hashes every file again. Errors: NotFound, CorruptData (names the files), Io, Cancelled.
    Result<void> verify(const std::string &id, const Progress &progress = {}) const;

    /// For whoever is about to use what lies at `path`: where it is an installed model, or one of its files,
    /// those that changed in size or time since they were last found good, or never were, are hashed first.
    /// Does nothing elsewhere. Errors: CorruptData (names the files, and says what to do), Io, Cancelled.
    Result<void> verifyChanged(const std::filesystem::path &path, const std::stop_token &stop = {}) const;

    /// Errors: NotFound, Io.
    Result<void> remove(const std::string &id);

    /// Where the files of a model that is being downloaded are put; made when it is not there.
    /// Errors: InvalidArgument, Io.
    Result<std::filesystem::path> downloadFolder(const std::string &id) const;
    /// The bytes of a model that lie there already.
    std::int64_t arrived(const ReleasedModel &model) const;
    /// Makes a model of a folder within this one that has all files of `model`. Errors: as of add().
    Result<StoredModel> publish(const std::filesystem::path &folder, StoredModel model) const;

private:
    Result<StoredModel> install(const std::filesystem::path &stage, const std::filesystem::path &from,
                                std::string id, const Progress &progress) const;

    std::filesystem::path m_folder;
    const Manifest &m_manifest;
};

} // namespace yingxun::models

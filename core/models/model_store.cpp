// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/model_store.h"

#include "core/base/atomic_file.h"
#include "core/base/json.h"
#include "core/base/json_writer.h"
#include "core/base/private_files.h"
#include "core/models/model_copy.h"
#include "core/models/names.h"
#include "core/models/part_file.h"
#include "core/models/seen_files.h"
#include "core/models/store_lock.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <numeric>
#include <span>
#include <stdlib.h>
#include <system_error>

namespace yingxun::models {
namespace {

namespace fs = std::filesystem;

constexpr const char *kDescription = "model.json";
constexpr const char *kAdding = ".adding-";
constexpr const char *kDownloading = ".download-";
constexpr const char *kRemoving = ".removing-";
constexpr std::uintmax_t kLargestDescription = 1 << 20;

std::string textOf(const Json &object, const char *key)
{
    const Json *value = object.find(key);
    const auto text = value != nullptr ? value->asString() : std::nullopt;
    return text ? std::string(*text) : std::string();
}

Result<StoredModel> readDescription(const fs::path &folder)
{
    std::error_code error;
    const fs::path path = folder / kDescription;
    if (fs::file_size(path, error) > kLargestDescription || error)
        return fail(ErrorCode::NotFound, folder.string() + " is no installed model");
    std::ifstream stream(path, std::ios::binary);
    const auto json = parseJson(std::string{std::istreambuf_iterator<char>(stream), {}});
    if (!json)
        return fail(ErrorCode::CorruptData, path.string() + ": " + json.error().message);
    StoredModel model{
        folder.filename().string(), textOf(*json, "title"), textOf(*json, "source"), {}, folder};
    const Json *files = json->find("files");
    if (files != nullptr && files->asArray() != nullptr) {
        for (const Json &one : *files->asArray()) {
            StoredFile file{textOf(one, "name"), -1, textOf(one, "sha256"), textOf(one, "checked_against")};
            if (const Json *bytes = one.find("bytes"); bytes != nullptr)
                file.bytes = bytes->asInt().value_or(-1);
            if (!isModelFile(file.name) || !isSha256(file.sha256))
                return fail(ErrorCode::CorruptData, path.string() + " names a file that no model has");
            model.files.push_back(std::move(file));
        }
    }
    if (model.files.empty())
        return fail(ErrorCode::CorruptData, path.string() + " names no files");
    model.whole = std::all_of(model.files.begin(), model.files.end(), [&](const StoredFile &file) {
        std::error_code missing;
        return static_cast<std::int64_t>(fs::file_size(folder / file.name, missing)) == file.bytes &&
               !missing;
    });
    return model;
}

Result<void> writeDescription(const fs::path &folder, const StoredModel &model)
{
    JsonWriter json;
    json.beginObject().member("id", model.id).member("title", model.title).member("source", model.source);
    json.key("files").beginArray();
    for (const StoredFile &file : model.files)
        json.newLine()
            .beginObject()
            .member("name", file.name)
            .member("bytes", file.bytes)
            .member("sha256", file.sha256)
            .member("checked_against", file.checkedAgainst)
            .endObject();
    const std::string text = json.endArray().endObject().text() + '\n';
    auto file = AtomicFile::create(folder / kDescription, Readers::Owner);
    if (!file)
        return file.propagate();
    file->write(std::as_bytes(std::span(text)));
    return file->commit();
}

/// What programs that were killed have left; only they, for whoever calls has the lock.
void removeLeftovers(const fs::path &folder)
{
    std::error_code error;
    std::vector<fs::path> leftovers;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        const std::string name = entry->path().filename().string();
        if (name.starts_with(kAdding) || name.starts_with(kRemoving))
            leftovers.push_back(entry->path());
    }
    for (const fs::path &leftover : leftovers)
        fs::remove_all(leftover, error); // What cannot be removed is tried again by the next.
}

std::string idFrom(const fs::path &path)
{
    std::string id = (path.has_filename() ? path : path.parent_path()).filename().string();
    for (const char *ending : {".gz", ".tar", ".zip", ".pt", ".bin", ".safetensors"}) {
        if (id.ends_with(ending))
            id.resize(id.size() - std::string_view(ending).size());
    }
    for (char &c : id) {
        if (!isModelId(std::string("x") + c))
            c = '-';
    }
    return id;
}

} // namespace

std::int64_t StoredModel::bytes() const
{
    return std::accumulate(files.begin(), files.end(), std::int64_t{0},
                           [](std::int64_t sum, const StoredFile &file) { return sum + file.bytes; });
}

ModelStore::ModelStore(fs::path folder, const Manifest &manifest)
    : m_folder(std::move(folder)), m_manifest(manifest)
{
}

std::vector<StoredModel> ModelStore::list() const
{
    std::vector<StoredModel> models;
    std::error_code error;
    for (fs::directory_iterator entry(m_folder, error), end; !error && entry != end; entry.increment(error)) {
        if (!isModelId(entry->path().filename().string()))
            continue;
        if (auto model = readDescription(entry->path()))
            models.push_back(std::move(*model));
    }
    std::sort(models.begin(), models.end(),
              [](const StoredModel &a, const StoredModel &b) { return a.id < b.id; });
    return models;
}

Result<StoredModel> ModelStore::find(const std::string &id) const
{
    if (!isModelId(id))
        return fail(ErrorCode::NotFound,
                    "“" + id + "” is no installed model: “yingxun-cli models” lists them");
    auto model = readDescription(m_folder / id);
    if (!model && model.error().code == ErrorCode::NotFound)
        return fail(ErrorCode::NotFound,
                    "“" + id + "” is no installed model: “yingxun-cli models” lists them");
    return model;
}

Result<StoredModel> ModelStore::add(const fs::path &from, const std::string &id, const Progress &progress)
{
    if (!id.empty() && !isModelId(id))
        return fail(ErrorCode::InvalidArgument,
                    "“" + id + "” cannot name a model: use letters, digits, '.', '_' and '-'");
    std::error_code error = makePrivateDirectory(m_folder);
    const auto lock = StoreLock::take(m_folder);
    if (!lock)
        return lock.propagate();
    removeLeftovers(m_folder);
    std::string stage = (m_folder / (std::string(kAdding) + "XXXXXX")).string();
    if (::mkdtemp(stage.data()) == nullptr)
        return fail(ErrorCode::Io, m_folder.string() + " cannot be written");
    auto model = install(stage, from, id, progress);
    if (!model)
        fs::remove_all(stage, error);
    return model;
}

Result<StoredModel> ModelStore::install(const fs::path &stage, const fs::path &from, std::string id,
                                        const Progress &progress) const
{
    auto files = copyModel(from, stage, progress);
    if (!files)
        return files.propagate();
    std::vector<StoredFile> packed;
    if (std::erase_if(*files, [](const StoredFile &file) { return file.name == kDescription; }) > 0) {
        if (auto description = readDescription(stage))
            packed = description->files;
    }
    // Weights are there by now, and a configuration is not needed: the tensors tell the architecture.
    if (std::none_of(files->begin(), files->end(),
                     [](const StoredFile &file) { return file.name == "vocab.txt"; }))
        return fail(ErrorCode::CorruptData,
                    from.string() + " lacks vocab.txt: a model cannot be used without it");
    StoredModel model{{}, {}, from.string(), std::move(*files), {}};
    const ReleasedModel *released = nullptr;
    for (StoredFile &file : model.files) {
        const auto noted = std::find_if(packed.begin(), packed.end(),
                                        [&file](const StoredFile &one) { return one.name == file.name; });
        if (noted != packed.end() && noted->sha256 != file.sha256)
            return fail(ErrorCode::CorruptData, file.name + " in " + from.string() +
                                                    " is not what its model.json says: copy it again");
        if (noted != packed.end())
            file.checkedAgainst = "pack";
        for (const ReleasedModel &one : m_manifest.models()) {
            for (const ReleasedFile &known : one.files) {
                if (known.sha256 == file.sha256) {
                    file.checkedAgainst = "manifest";
                    released = isWeights(file.name) ? &one : released;
                } else if (id.empty() && isWeights(known.name) && known.name == file.name &&
                           known.bytes == file.bytes && !known.sha256.empty()) {
                    return fail(
                        ErrorCode::CorruptData,
                        file.name + " has the size of " + one.title +
                            " and other content: it is damaged, copy it again (or, if it is a model of "
                            "your own, give it a name)");
                }
            }
        }
    }
    model.id = !id.empty() ? std::move(id) : released != nullptr ? released->id : idFrom(from);
    model.title = released != nullptr ? released->title : model.id;
    return publish(stage, std::move(model));
}

Result<StoredModel> ModelStore::publish(const fs::path &folder, StoredModel model) const
{
    if (!isModelId(model.id))
        return fail(ErrorCode::InvalidArgument,
                    "“" + model.id + "” cannot name a model: give it another name");
    const fs::path target = m_folder / model.id;
    if (fs::exists(target / kDescription))
        return fail(ErrorCode::InvalidArgument,
                    "the model “" + model.id + "” is there already: remove it first, or give another name");
    if (auto written = writeDescription(folder, model); !written)
        return written.propagate();
    std::error_code error;
    fs::rename(folder, target, error);
    if (error)
        return fail(ErrorCode::Io, target.string() + " cannot be made: " + error.message());
    syncDirectory(m_folder);
    model.folder = target;
    return model;
}

Result<void> ModelStore::verify(const std::string &id, const Progress &progress) const
{
    const auto model = find(id);
    if (!model)
        return model.propagate();
    std::int64_t done = 0;
    std::string wrong;
    for (const StoredFile &file : model->files) {
        const auto now = hashFile(model->folder / file.name, [&](std::int64_t more) {
            done += more;
            return !progress || progress(done, model->bytes());
        });
        if (!now && now.error().code == ErrorCode::Cancelled)
            return now.propagate();
        if (!now || now->sha256 != file.sha256)
            wrong += (wrong.empty() ? "" : ", ") + file.name;
    }
    if (!wrong.empty())
        return fail(ErrorCode::CorruptData,
                    "the model “" + id + "” is damaged (" + wrong + "): remove it, and get it again");
    return {};
}

Result<void> ModelStore::verifyChanged(const fs::path &path, const std::stop_token &stop) const
{
    std::error_code error;
    const fs::path whole = fs::canonical(path, error);
    if (error)
        return {}; // Whoever opens it says what is wrong.
    const fs::path folder = fs::is_directory(whole, error) ? whole : whole.parent_path();
    if (!fs::equivalent(folder.parent_path(), m_folder, error) || error)
        return {};
    const auto model = find(folder.filename().string());
    if (!model && model.error().code == ErrorCode::NotFound)
        return {};
    if (!model)
        return model.propagate();
    SeenFiles seen = SeenFiles::of(folder);
    std::string wrong;
    bool isNews = false;
    for (const StoredFile &file : model->files) {
        const std::string state = SeenFiles::stateOf(folder / file.name); // Before it is read.
        if (seen.contains(file.name, state))
            continue;
        const auto now =
            hashFile(folder / file.name, [&stop](std::int64_t) { return !stop.stop_requested(); });
        if (!now && now.error().code != ErrorCode::NotFound)
            return now.propagate();
        if (now && now->sha256 == file.sha256) {
            seen.insert(file.name, state);
            isNews = true;
        } else {
            wrong += (wrong.empty() ? "" : ", ") + file.name;
        }
    }
    if (isNews)
        seen.save();
    if (!wrong.empty())
        return fail(ErrorCode::CorruptData,
                    "the model “" + model->id + "” is not what was installed (" + wrong +
                        " changed), and is not used: remove it with “yingxun-cli models remove " + model->id +
                        "”, and get it again with “yingxun-cli models download” or “models add”");
    return {};
}

Result<void> ModelStore::remove(const std::string &id)
{
    const auto model = find(id);
    if (!model && model.error().code != ErrorCode::CorruptData)
        return model.propagate();
    const auto lock = StoreLock::take(m_folder);
    if (!lock)
        return lock.propagate();
    std::error_code error;
    const fs::path doomed = m_folder / (kRemoving + id);
    fs::remove_all(doomed, error);            // Of a removal that was cut short.
    fs::rename(m_folder / id, doomed, error); // At once no model; then the work.
    if (!error)
        fs::remove_all(doomed, error);
    if (error)
        return fail(ErrorCode::Io, (m_folder / id).string() + " cannot be removed: " + error.message());
    return {};
}

Result<fs::path> ModelStore::downloadFolder(const std::string &id) const
{
    if (!isModelId(id))
        return fail(ErrorCode::InvalidArgument, "“" + id + "” cannot name a model");
    if (fs::exists(m_folder / id / kDescription))
        return fail(ErrorCode::InvalidArgument, "the model “" + id + "” is there already");
    const fs::path folder = m_folder / (kDownloading + id);
    if (const auto error = makePrivateDirectory(folder))
        return fail(ErrorCode::Io, folder.string() + " cannot be made: " + error.message());
    return folder;
}

std::int64_t ModelStore::arrived(const ReleasedModel &model) const
{
    std::int64_t bytes = 0;
    for (const ReleasedFile &file : model.files) {
        const fs::path whole = m_folder / (kDownloading + model.id) / file.name;
        for (const fs::path &path : {whole, PartFile::pathOf(whole)}) {
            std::error_code missing;
            const auto size = fs::file_size(path, missing);
            bytes += missing ? 0 : static_cast<std::int64_t>(size);
        }
    }
    return bytes;
}

} // namespace yingxun::models

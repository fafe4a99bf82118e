// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/manifest.h"

#include "core/base/json.h"
#include "core/models/names.h"

#include <QFile>
#include <QString>

#include <algorithm>
#include <numeric>

using namespace Qt::StringLiterals;

namespace yingxun::models {
namespace {

constexpr const char *kHuggingFace = "huggingface";

/// Reads members and remembers the first that is missing or of another kind.
class Reader
{
public:
    explicit Reader(const Json &object) : m_object(object) {}

    std::string text(const char *key)
    {
        const Json *value = m_object.find(key);
        const auto found = value != nullptr ? value->asString() : std::nullopt;
        return found ? std::string(*found) : (miss(key), std::string());
    }
    std::int64_t number(const char *key)
    {
        const Json *value = m_object.find(key);
        const auto found = value != nullptr ? value->asInt() : std::nullopt;
        return found && *found >= 0 ? *found : (miss(key), 0);
    }
    const Json::Array &array(const char *key)
    {
        static const Json::Array kNone;
        const Json *value = m_object.find(key);
        const Json::Array *found = value != nullptr ? value->asArray() : nullptr;
        return found != nullptr ? *found : (miss(key), kNone);
    }
    Recall recall(const char *set)
    {
        Recall recall{};
        const Json *scores = m_object.find("scores");
        const Json *value = scores != nullptr ? scores->find(set) : nullptr;
        const Json::Array *found = value != nullptr ? value->asArray() : nullptr;
        if (found == nullptr || found->size() != recall.size())
            return miss(set), recall;
        std::transform(found->begin(), found->end(), recall.begin(),
                       [](const Json &one) { return one.asDouble().value_or(0); });
        return recall;
    }
    void miss(const char *key)
    {
        if (m_missing.empty())
            m_missing = key;
    }
    const std::string &missing() const { return m_missing; }

private:
    const Json &m_object;
    std::string m_missing;
};

std::vector<std::pair<std::string, std::string>> textMembers(const Json *object)
{
    std::vector<std::pair<std::string, std::string>> members;
    if (object == nullptr || object->asObject() == nullptr)
        return members;
    for (const auto &[key, value] : *object->asObject()) {
        if (const auto text = value.asString())
            members.emplace_back(key, *text);
    }
    return members;
}

Result<ReleasedFile> readFile(const Json &json, const Json *modelRepository)
{
    Reader reader(json);
    ReleasedFile file;
    file.name = reader.text("name");
    if (json.find("bytes") != nullptr)
        file.bytes = reader.number("bytes");
    if (json.find("sha256") != nullptr)
        file.sha256 = reader.text("sha256");
    const Json *own = json.find("repository");
    file.repositories = textMembers(own != nullptr ? own : modelRepository);
    if (!isModelFile(file.name))
        reader.miss("name");
    if (!file.sha256.empty() && !isSha256(file.sha256))
        reader.miss("sha256");
    if (!reader.missing().empty())
        return fail(ErrorCode::CorruptData,
                    "manifest: file " + file.name + " has no good " + reader.missing());
    return file;
}

Result<ReleasedModel> readModel(const Json &json)
{
    Reader reader(json);
    ReleasedModel model;
    model.id = reader.text("id");
    model.title = reader.text("title");
    model.licence = reader.text("licence");
    model.parameters = reader.number("parameters");
    model.imageSize = static_cast<int>(reader.number("image_size"));
    model.dimension = static_cast<int>(reader.number("dimension"));
    model.memoryBytes = reader.number("memory");
    model.muge = reader.recall("muge");
    model.flickr30kCn = reader.recall("flickr30k_cn");
    model.cocoCn = reader.recall("coco_cn");
    for (const Json &one : reader.array("files")) {
        auto file = readFile(one, json.find("repository"));
        if (!file)
            return file.propagate();
        model.files.push_back(std::move(*file));
    }
    if (!isModelId(model.id))
        reader.miss("id");
    if (!reader.missing().empty())
        return fail(ErrorCode::CorruptData,
                    "manifest: model " + model.id + " has no good " + reader.missing());
    return model;
}

} // namespace

std::int64_t ReleasedModel::bytes() const
{
    return std::accumulate(files.begin(), files.end(), std::int64_t{0},
                           [](std::int64_t sum, const ReleasedFile &file) {
                               return sum + std::max<std::int64_t>(file.bytes, 0);
                           });
}

const Manifest &Manifest::builtIn()
{
    static const Manifest kManifest = [] {
        QFile file(u":/models/manifest.json"_s);
        const QByteArray json = file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
        auto manifest = parse({json.constData(), static_cast<std::size_t>(json.size())});
        return manifest ? std::move(*manifest) : Manifest(); // A test reads it: this cannot happen to users.
    }();
    return kManifest;
}

Result<Manifest> Manifest::parse(std::string_view json)
{
    const auto root = parseJson(json);
    if (!root)
        return root.propagate();
    Manifest manifest;
    manifest.m_sources = textMembers(root->find("sources"));
    Reader reader(*root);
    for (const Json &one : reader.array("models")) {
        auto model = readModel(one);
        if (!model)
            return model.propagate();
        manifest.m_models.push_back(std::move(*model));
    }
    if (!reader.missing().empty())
        return fail(ErrorCode::CorruptData, "manifest: no models");
    return manifest;
}

const ReleasedModel *Manifest::find(std::string_view id) const
{
    const auto found = std::find_if(m_models.begin(), m_models.end(),
                                    [id](const ReleasedModel &model) { return model.id == id; });
    return found == m_models.end() ? nullptr : &*found;
}

Result<QUrl> Manifest::address(const ReleasedFile &file, const std::string &from) const
{
    const auto valueOf = [](const auto &pairs, const std::string &key) {
        const auto found =
            std::find_if(pairs.begin(), pairs.end(), [&key](const auto &pair) { return pair.first == key; });
        return found == pairs.end() ? std::string() : found->second;
    };
    std::string layout = valueOf(m_sources, from);
    const bool mirror = layout.empty();
    if (mirror) {
        QString base = QString::fromStdString(from);
        while (base.endsWith(u'/'))
            base.chop(1);
        const QUrl url(base, QUrl::StrictMode);
        const bool http = url.scheme() == u"http"_s || url.scheme() == u"https"_s;
        if (!http || url.host().isEmpty() || url.hasQuery() || url.hasFragment())
            return fail(ErrorCode::InvalidArgument,
                        "“" + from +
                            "” is no source: name huggingface, modelscope, or the address of a mirror "
                            "that begins with https://");
        layout = base.toStdString() + "/{repository}/resolve/main/{file}";
    }
    const std::string repository = valueOf(file.repositories, mirror ? kHuggingFace : from);
    if (repository.empty())
        return fail(ErrorCode::NotFound, from + " does not have " + file.name);
    QString address = QString::fromStdString(layout);
    address.replace(u"{repository}"_s, QString::fromStdString(repository));
    address.replace(u"{file}"_s, QString::fromStdString(file.name));
    return QUrl(address, QUrl::StrictMode);
}

} // namespace yingxun::models

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QUrl>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace yingxun::models {

/// One file of a released model, and where each source keeps it.
struct ReleasedFile {
    std::string name;
    std::int64_t bytes = -1; ///< -1: not known.
    std::string sha256;      ///< 64 lower-case hex digits; empty: not known.
    std::vector<std::pair<std::string, std::string>> repositories; ///< Source ("huggingface") to repository.
};

/// Recall in percent within the first 1, 5 and 10 results, from a text to images, without fine-tuning.
using Recall = std::array<double, 3>;

/// A model that its makers have published.
struct ReleasedModel {
    std::string id;    ///< Its name for commands and folders: "vit-b-16".
    std::string title; ///< For people.
    std::string licence;
    std::int64_t parameters = 0;
    int imageSize = 0;            ///< Pixels of a side.
    int dimension = 0;            ///< Length of an embedding.
    std::int64_t memoryBytes = 0; ///< Estimated, while it is in use.
    Recall muge{}, flickr30kCn{}, cocoCn{};
    std::vector<ReleasedFile> files;

    std::int64_t bytes() const; ///< Of all files.
};

/// What Yingxun knows about the released models: resources/models/manifest.json.
class Manifest
{
public:
    /// The one that is built in.
    static const Manifest &builtIn();
    /// Errors: CorruptData.
    static Result<Manifest> parse(std::string_view json);

    const std::vector<ReleasedModel> &models() const { return m_models; }
    /// nullptr: there is no such model.
    const ReleasedModel *find(std::string_view id) const;

    /// Where to get a file of a model. @param from  the name of a source ("huggingface", "modelscope"), or
    /// the http(s) base address of a mirror that is laid out as Hugging Face is. Errors: InvalidArgument
    /// (neither), NotFound (that source does not have it).
    Result<QUrl> address(const ReleasedFile &file, const std::string &from) const;

private:
    std::vector<std::pair<std::string, std::string>> m_sources; ///< Name to address with placeholders.
    std::vector<ReleasedModel> m_models;
};

} // namespace yingxun::models

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/identity.h"

#include "core/base/mapped_file.h"
#include "core/clip/detail/stopping.h"
#include "core/clip/fingerprint.h"

#include <span>
#include <string_view>
#include <system_error>

namespace yingxun::clip {
namespace {

void addText(Fingerprint &fingerprint, std::string_view text)
{
    fingerprint.add(std::as_bytes(std::span(text)));
}

Result<void> addFile(Fingerprint &fingerprint, const std::filesystem::path &path,
                     const std::stop_token &stop = {})
{
    auto file = MappedFile::open(path);
    if (!file)
        return file.propagate();
    return fingerprint.add(file->bytes(), stop) ? Result<void>() : detail::stopped();
}

/// The same text for all configurations that give the same embeddings.
std::string canonicalConfig(ModelConfig config)
{
    config.text.hiddenDropout = TextConfig().hiddenDropout;
    config.text.attentionDropout = TextConfig().attentionDropout;
    return configJson(config);
}

} // namespace

Result<std::string> weightsHash(const ModelSource &source, const std::stop_token &stop)
{
    Fingerprint fingerprint;
    if (auto added = addFile(fingerprint, source.weights.path(), stop); !added)
        return added.propagate();
    return fingerprint.hex();
}

Result<std::string> identityOf(const ModelSource &source, const std::string &weightsHash, int preprocessing)
{
    Fingerprint fingerprint;
    addText(fingerprint, "preprocessing " + std::to_string(preprocessing));
    addText(fingerprint, canonicalConfig(source.config));
    addText(fingerprint, weightsHash);
    if (auto added = addFile(fingerprint, source.vocabulary); !added)
        return added.propagate();
    return fingerprint.hex();
}

Result<std::string> identityOf(const ModelSource &source, const std::stop_token &stop)
{
    const auto hash = weightsHash(source, stop);
    return hash ? identityOf(source, *hash) : hash;
}

Result<std::string> formerIdentityOf(const ModelSource &source, const std::stop_token &stop)
{
    Fingerprint fingerprint;
    const std::filesystem::path config = source.weights.path().parent_path() / "config.json";
    std::error_code ignored;
    if (std::filesystem::exists(config, ignored) && !std::filesystem::is_directory(config, ignored)) {
        if (auto added = addFile(fingerprint, config); !added)
            return added.propagate();
    } else {
        addText(fingerprint, configJson(source.config));
    }
    for (const std::filesystem::path &path : {source.weights.path(), source.vocabulary}) {
        if (auto added = addFile(fingerprint, path, stop); !added)
            return added.propagate();
    }
    return fingerprint.hex();
}

std::string exactIdentity(const std::string &rounded)
{
    Fingerprint fingerprint;
    addText(fingerprint, rounded);
    addText(fingerprint, "exact");
    return fingerprint.hex();
}

} // namespace yingxun::clip

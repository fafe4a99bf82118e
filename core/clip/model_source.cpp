// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/model_source.h"

#include "core/clip/architecture.h"

#include <algorithm>
#include <vector>

namespace yingxun::clip {
namespace {

namespace fs = std::filesystem;

bool isFile(const fs::path &path)
{
    std::error_code ignored;
    return fs::exists(path, ignored) && !fs::is_directory(path, ignored);
}

/// The one file of weights in a folder; safetensors are preferred to the same weights as a pickle.
Result<fs::path> weightsIn(const fs::path &folder)
{
    for (const char *name : {"model.safetensors", "pytorch_model.bin"}) {
        if (isFile(folder / name))
            return folder / name;
    }
    std::vector<fs::path> found;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        if (entry->path().extension() == ".pt" && isFile(entry->path()))
            found.push_back(entry->path());
    }
    if (found.size() > 1) {
        std::sort(found.begin(), found.end());
        return fail(ErrorCode::InvalidArgument, folder.string() + " holds several models, among them " +
                                                    found[0].filename().string() + " and " +
                                                    found[1].filename().string() + "; name one of the files");
    }
    if (found.empty())
        return fail(ErrorCode::NotFound, folder.string() + " holds no model: model.safetensors, "
                                                           "pytorch_model.bin or a .pt file is needed");
    return found.front();
}

Result<fs::path> vocabularyBeside(const fs::path &weights)
{
    const fs::path file = weights.parent_path() / "vocab.txt";
    if (!isFile(file))
        return fail(ErrorCode::NotFound, file.string() + " is missing; all Chinese-CLIP models share one, it "
                                                         "is in every model's folder on Hugging Face");
    return file;
}

Result<ModelConfig> configBeside(const fs::path &folder, const Checkpoint &weights)
{
    if (isFile(folder / "config.json"))
        return readConfig(folder / "config.json");
    const fs::path vision = folder / "vision_model_config.json";
    const fs::path text = folder / "text_model_config.json";
    if (isFile(vision) && isFile(text))
        return readReferenceConfig(vision, text);
    return recognisedArchitecture(weights);
}

std::string displayName(const fs::path &path)
{
    const fs::path named = path.filename().empty() ? path.parent_path() : path;
    std::error_code ignored;
    return (fs::is_directory(named, ignored) ? named.filename() : named.stem()).string();
}

} // namespace

Result<ModelSource> openModel(const fs::path &path)
{
    std::error_code error;
    if (!fs::exists(path, error))
        return fail(ErrorCode::NotFound, path.string() + " does not exist");
    const bool isFolder = fs::is_directory(path, error);
    auto file = isFolder ? weightsIn(path) : Result<fs::path>(path);
    if (!file)
        return file.propagate();
    auto vocabulary = vocabularyBeside(*file);
    if (!vocabulary)
        return vocabulary.propagate();
    auto weights = Checkpoint::open(*file);
    if (!weights)
        return weights.propagate();
    auto config = configBeside(file->parent_path(), *weights);
    if (!config)
        return config.propagate();
    // Before memory for a model is asked for that the file does not hold.
    std::int64_t numbers = 0;
    for (const TensorView &view : weights->tensors())
        numbers += static_cast<std::int64_t>(view.bytes / sizeOf(view.dtype));
    if (numbers < weightCount(*config))
        return fail(ErrorCode::CorruptData, file->string() + " holds fewer weights than its configuration "
                                                             "asks for; they do not belong together, or the "
                                                             "file is incomplete");
    return ModelSource{displayName(path), *std::move(config), *std::move(weights), *std::move(vocabulary)};
}

} // namespace yingxun::clip

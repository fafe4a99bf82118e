// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/detail/save_model.h"

#include "core/base/atomic_file.h"

#include <span>

namespace yingxun::clip::detail {
namespace {

DType storedType(torch::ScalarType type)
{
    switch (type) {
    case torch::kHalf:
        return DType::F16;
    case torch::kBFloat16:
        return DType::BF16;
    case torch::kDouble:
        return DType::F64;
    case torch::kLong:
        return DType::I64;
    default:
        return DType::F32;
    }
}

Result<void> writeText(const std::filesystem::path &file, const std::string &text)
{
    auto out = AtomicFile::create(file);
    if (!out)
        return out.propagate();
    out->write(std::as_bytes(std::span(text)));
    return out->commit();
}

} // namespace

StoredTensor storedTensor(const std::string &name, const torch::Tensor &tensor, bool half)
{
    StoredTensor stored;
    stored.contiguous = tensor.detach().to(torch::kCPU);
    if (half && stored.contiguous.is_floating_point())
        stored.contiguous = stored.contiguous.to(torch::kHalf);
    else if (stored.contiguous.is_floating_point() && stored.contiguous.scalar_type() != torch::kDouble)
        stored.contiguous = stored.contiguous.to(torch::kFloat);
    stored.contiguous = stored.contiguous.contiguous();
    stored.view.name = name;
    stored.view.dtype = storedType(stored.contiguous.scalar_type());
    stored.view.shape = stored.contiguous.sizes().vec();
    stored.view.data = static_cast<const std::byte *>(stored.contiguous.data_ptr());
    stored.view.bytes = stored.contiguous.nbytes();
    return stored;
}

Result<void> saveWeights(const std::filesystem::path &file, ClipModule &module, StoredAs storedAs,
                         std::map<std::string, std::string> metadata)
{
    std::vector<StoredTensor> stored;
    std::vector<TensorView> views;
    for (const NamedTensor &item : foreignTensors(module)) {
        const bool half =
            storedAs == StoredAs::Float16 || (storedAs == StoredAs::Reference && item.halfInReference);
        stored.push_back(storedTensor(item.name, item.tensor, half));
        views.push_back(stored.back().view);
    }
    metadata.emplace("format", "pt"); // As transformers expects it.
    return writeSafetensors(file, views, metadata);
}

Result<void> saveModel(const std::filesystem::path &folder, ClipModule &module, bool half)
{
    auto written =
        saveWeights(folder / "model.safetensors", module, half ? StoredAs::Float16 : StoredAs::Float32);
    return written ? writeText(folder / "config.json", configJson(module.config())) : written;
}

} // namespace yingxun::clip::detail

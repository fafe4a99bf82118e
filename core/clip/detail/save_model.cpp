// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/detail/save_model.h"

#include "core/base/atomic_file.h"
#include "core/clip/safetensors.h"

#include <cstddef>
#include <vector>

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

torch::ScalarType typeInFile(const TensorToWrite &item)
{
    if (!item.tensor.is_floating_point())
        return item.tensor.scalar_type();
    if (item.half)
        return torch::kHalf;
    return item.tensor.scalar_type() == torch::kDouble ? torch::kDouble : torch::kFloat;
}

/// All but the data.
TensorView viewOf(const TensorToWrite &item)
{
    TensorView view;
    view.name = item.name;
    view.dtype = storedType(typeInFile(item));
    view.shape = item.tensor.sizes().vec();
    view.bytes = static_cast<std::size_t>(item.tensor.numel()) * c10::elementSize(typeInFile(item));
    return view;
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

Result<void> writeTensors(const std::filesystem::path &file, std::span<const TensorToWrite> tensors,
                          const std::map<std::string, std::string> &metadata, Readers readers,
                          const std::stop_token &stop)
{
    std::vector<TensorView> views;
    for (const TensorToWrite &item : tensors)
        views.push_back(viewOf(item));
    torch::Tensor written; // Outlives the call that made it: its bytes are borrowed until the next one.
    const auto bytesOf = [&](std::size_t i) {
        written.reset(); // Before the next one is made: both are never in memory.
        written = tensors[i]
                      .tensor.detach()
                      .to(torch::kCPU, typeInFile(tensors[i]), /*non_blocking=*/false, /*copy=*/false,
                          torch::MemoryFormat::Contiguous)
                      .contiguous(); // What is neither moved nor converted comes back as it was.
        return std::span(static_cast<const std::byte *>(written.data_ptr()), written.nbytes());
    };
    return writeSafetensors(file, views, bytesOf, metadata, readers, stop);
}

Result<void> saveWeights(const std::filesystem::path &file, ClipModule &module, StoredAs storedAs,
                         std::map<std::string, std::string> metadata, Readers readers,
                         const std::stop_token &stop)
{
    std::vector<TensorToWrite> tensors;
    for (const NamedTensor &item : foreignTensors(module)) {
        const bool half =
            storedAs == StoredAs::Float16 || (storedAs == StoredAs::Reference && item.halfInReference);
        tensors.push_back({item.name, item.tensor, half});
    }
    metadata.emplace("format", "pt"); // As transformers expects it.
    return writeTensors(file, tensors, metadata, readers, stop);
}

Result<void> saveModel(const std::filesystem::path &folder, ClipModule &module, bool half)
{
    auto written =
        saveWeights(folder / "model.safetensors", module, half ? StoredAs::Float16 : StoredAs::Float32);
    return written ? writeText(folder / "config.json", configJson(module.config())) : written;
}

} // namespace yingxun::clip::detail

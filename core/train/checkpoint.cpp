// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/checkpoint.h"

#include "core/clip/detail/save_model.h"
#include "core/clip/safetensors.h"

#include <cstring>
#include <vector>

namespace yingxun::train {
namespace {

using clip::TensorFile;
using clip::TensorView;
using clip::detail::ClipModule;
using clip::detail::TensorToWrite;

constexpr const char *kStepKey = "yingxun.step";
constexpr const char *kRunKey = "yingxun.run";

torch::optim::AdamWParamState *stateOf(torch::optim::AdamW &optimizer, const torch::Tensor &parameter)
{
#if TORCH_VERSION_MAJOR >= 2
    const auto found = optimizer.state().find(parameter.unsafeGetTensorImpl());
#else
    const auto found = optimizer.state().find(c10::guts::to_string(parameter.unsafeGetTensorImpl()));
#endif
    return found == optimizer.state().end()
               ? nullptr
               : static_cast<torch::optim::AdamWParamState *>(found->second.get());
}

void setState(torch::optim::AdamW &optimizer, const torch::Tensor &parameter,
              std::unique_ptr<torch::optim::AdamWParamState> state)
{
#if TORCH_VERSION_MAJOR >= 2
    optimizer.state()[parameter.unsafeGetTensorImpl()] = std::move(state);
#else
    optimizer.state()[c10::guts::to_string(parameter.unsafeGetTensorImpl())] = std::move(state);
#endif
}

/// fp32 tensor of the file into `target`.
Result<void> restore(const TensorFile &file, const std::string &name, torch::Tensor target)
{
    const TensorView *view = file.find(name);
    if (view == nullptr || view->shape != target.sizes().vec() || view->bytes != target.nbytes())
        return fail(ErrorCode::CorruptData, "the checkpoint lacks " + name + " or holds it in another shape");
    torch::Tensor copy = torch::empty(target.sizes(), target.options().device(torch::kCPU));
    std::memcpy(copy.data_ptr(), view->data, view->bytes);
    target.copy_(copy);
    return {};
}

} // namespace

Result<void> saveCheckpoint(const std::filesystem::path &file, ClipModule &module,
                            torch::optim::AdamW &optimizer, std::int64_t step, const std::string &run)
{
    std::vector<TensorToWrite> tensors;
    const auto keep = [&tensors](const std::string &name, const torch::Tensor &tensor) {
        tensors.push_back({name, tensor});
    };
    for (const auto &item : module.named_parameters()) {
        keep("model." + item.key(), item.value());
        if (const auto *state = stateOf(optimizer, item.value())) {
            keep("exp_avg." + item.key(), state->exp_avg());
            keep("exp_avg_sq." + item.key(), state->exp_avg_sq());
        }
    }
    for (const auto &item : module.named_buffers())
        keep("model." + item.key(), item.value());
    return clip::detail::writeTensors(file, tensors, {{kStepKey, std::to_string(step)}, {kRunKey, run}});
}

Result<std::int64_t> loadCheckpoint(const std::filesystem::path &path, ClipModule &module,
                                    torch::optim::AdamW &optimizer, const std::string &run)
{
    auto file = TensorFile::open(path);
    if (!file)
        return file.propagate();
    const auto &metadata = file->metadata();
    const auto stepText = metadata.find(kStepKey);
    const auto runText = metadata.find(kRunKey);
    if (stepText == metadata.end() || runText == metadata.end())
        return fail(ErrorCode::CorruptData, path.string() + " is not a training checkpoint");
    if (runText->second != run) {
        return fail(ErrorCode::InvalidArgument, path.string() + " belongs to another run (" +
                                                    runText->second + "); this one is (" + run +
                                                    "). Move it away or choose another output folder.");
    }
    const std::int64_t step = std::atoll(stepText->second.c_str());
    const torch::NoGradGuard noGrad;
    for (const auto &item : module.named_parameters()) {
        if (auto done = restore(*file, "model." + item.key(), item.value()); !done)
            return done.propagate();
        if (file->find("exp_avg." + item.key()) == nullptr)
            continue; // Frozen, or its gradient never came.
        auto state = std::make_unique<torch::optim::AdamWParamState>();
        state->step(step);
        state->exp_avg(torch::zeros_like(item.value()));
        state->exp_avg_sq(torch::zeros_like(item.value()));
        for (const auto &[prefix, moment] :
             {std::pair<std::string, torch::Tensor>("exp_avg.", state->exp_avg()),
              std::pair<std::string, torch::Tensor>("exp_avg_sq.", state->exp_avg_sq())}) {
            if (auto done = restore(*file, prefix + item.key(), moment); !done)
                return done.propagate();
        }
        setState(optimizer, item.value(), std::move(state));
    }
    for (const auto &item : module.named_buffers()) {
        if (auto done = restore(*file, "model." + item.key(), item.value()); !done)
            return done.propagate();
    }
    return step;
}

} // namespace yingxun::train

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/checkpoint.h"
#include "core/clip/detail/clip_module.h"
#include "core/clip/detail/layers.h"
#include "core/clip/detail/stopping.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace yingxun::clip::detail {
namespace {

/// A tensor of the module in Hugging Face's naming.
struct ForeignName {
    std::string name;
    bool transposed = false; ///< Projections are stored as Linear weights there.
};

struct Replacement {
    std::string_view from;
    std::string_view to;
};

// In this order: later rules see the result of earlier ones. Source: the naming of ChineseCLIPModel.
constexpr std::array kVisionNames{
    Replacement{"visual.class_embedding", "vision_model.embeddings.class_embedding"},
    Replacement{"visual.positional_embedding", "vision_model.embeddings.position_embedding.weight"},
    Replacement{"visual.conv1.", "vision_model.embeddings.patch_embedding."},
    Replacement{"visual.ln_pre.", "vision_model.pre_layrnorm."}, // Their spelling.
    Replacement{"visual.ln_post.", "vision_model.post_layernorm."},
    Replacement{"visual.transformer.resblocks.", "vision_model.encoder.layers."},
    Replacement{".ln_1.", ".layer_norm1."},
    Replacement{".ln_2.", ".layer_norm2."},
    Replacement{".mlp.c_fc.", ".mlp.fc1."},
    Replacement{".mlp.c_proj.", ".mlp.fc2."},
    Replacement{".attn.out_proj.", ".self_attn.out_proj."},
};

ForeignName huggingFaceName(std::string name, bool resNet)
{
    if (name == "text_projection")
        return {"text_projection.weight", true};
    if (name == "visual.proj")
        return {"visual_projection.weight", true};
    if (name.rfind("bert.", 0) == 0)
        return {"text_model." + name.substr(5), false};
    if (resNet)
        return {name, false}; // Hugging Face has no ModifiedResNet; the reference's names stay.
    for (const Replacement &rule : kVisionNames) {
        if (const auto at = name.find(rule.from); at != std::string::npos)
            name.replace(at, rule.from.size(), rule.to);
    }
    return {name, false};
}

/// The three separate tensors of a packed in_proj_weight or in_proj_bias.
std::array<std::string, 3> separateNames(const std::string &packed)
{
    const std::string foreign = huggingFaceName(packed, false).name;
    const auto at = foreign.find(".attn.in_proj_");
    const std::string block = foreign.substr(0, at);
    const std::string kind = foreign.substr(at + std::strlen(".attn.in_proj_"));
    return {block + ".self_attn.q_proj." + kind, block + ".self_attn.k_proj." + kind,
            block + ".self_attn.v_proj." + kind};
}

bool isPacked(const std::string &name)
{
    return name.find(".attn.in_proj_") != std::string::npos;
}

bool isIgnorable(std::string_view name)
{
    return name.find("pooler.") != std::string_view::npos || name.ends_with("position_ids") ||
           name.ends_with("num_batches_tracked");
}

std::optional<torch::ScalarType> scalarType(DType dtype)
{
    switch (dtype) {
    case DType::F16:
        return torch::kHalf;
    case DType::BF16:
        return torch::kBFloat16;
    case DType::F32:
        return torch::kFloat;
    case DType::F64:
        return torch::kDouble;
    default:
        return std::nullopt;
    }
}

std::string shapeText(c10::IntArrayRef shape)
{
    std::string text = "[";
    for (std::size_t i = 0; i < shape.size(); ++i)
        text += (i ? ", " : "") + std::to_string(shape[i]);
    return text + "]";
}

/// A stored tensor as it lies in the mapping; a copy where it lies at an address that its type does not
/// allow.
torch::Tensor borrowed(const TensorView &view, torch::ScalarType type)
{
    std::vector<std::byte> aligned;
    const std::byte *data = view.data;
    const bool isAligned = reinterpret_cast<std::uintptr_t>(data) % sizeOf(view.dtype) == 0;
    if (!isAligned) {
        aligned.assign(data, data + view.bytes);
        data = aligned.data();
    }
    // from_blob takes a pointer to mutable data; nothing writes through it.
    void *place = const_cast<std::byte *>(data);
    const torch::Tensor tensor = view.strides.empty()
                                     ? torch::from_blob(place, view.shape, type)
                                     : torch::from_blob(place, view.shape, view.strides, type);
    return isAligned ? tensor : tensor.clone();
}

/// A stored tensor of the shape that the module wants.
Result<torch::Tensor> stored(const TensorView &view, bool transposed, c10::IntArrayRef shape)
{
    const auto type = scalarType(view.dtype);
    if (!type)
        return fail(ErrorCode::CorruptData, "tensor " + view.name + " does not hold floating-point numbers");
    torch::Tensor source = borrowed(view, *type);
    if (transposed)
        source = source.t();
    if (source.sizes() != shape) {
        return fail(ErrorCode::CorruptData, "tensor " + view.name + " has shape " +
                                                shapeText(source.sizes()) + ", config.json asks for " +
                                                shapeText(shape));
    }
    return source;
}

/// Every tensor that a file must hold: parameters and batch norm statistics, by the reference's name.
std::vector<std::pair<std::string, torch::Tensor>> storedTensors(ClipModule &module)
{
    std::vector<std::pair<std::string, torch::Tensor>> all;
    for (const auto &item : module.named_parameters())
        all.emplace_back(item.key(), item.value());
    for (const auto &item : module.named_buffers()) {
        if (!isIgnorable(item.key()))
            all.emplace_back(item.key(), item.value());
    }
    return all;
}

/// Has the disk bring a tensor before it is copied in one go. @return false: stopped
bool brought(const TensorView &view, const std::stop_token &stop)
{
    constexpr std::size_t kSmallestPage = 4096;
    return inSlices({view.data, view.bytes}, stop, [](std::span<const std::byte> slice) {
        for (std::size_t at = 0; at < slice.size(); at += kSmallestPage)
            [[maybe_unused]] const volatile std::byte read = slice[at];
    });
}

/// Calls `change` with one group of rows after the other of two tensors of one shape, as long as nobody stops
/// it: the vocabulary's embeddings alone take a tenth of a second.
template<typename Change>
void inParts(const torch::Tensor &a, const torch::Tensor &b, const std::stop_token &stop,
             const Change &change)
{
    constexpr std::int64_t kNumbersAtOnce = 4 << 20;
    if (a.numel() <= kNumbersAtOnce) {
        if (!stop.stop_requested())
            change(a, b);
        return;
    }
    const std::int64_t rows = std::max<std::int64_t>(1, kNumbersAtOnce / (a.numel() / a.size(0)));
    for (std::int64_t first = 0; first < a.size(0) && !stop.stop_requested(); first += rows) {
        const std::int64_t count = std::min(rows, a.size(0) - first);
        change(a.narrow(0, first, count), b.narrow(0, first, count));
    }
}

class Loader
{
public:
    Loader(ClipModule &module, const Checkpoint &file, std::optional<Placing> placing,
           const std::stop_token &stop)
        : m_file(file), m_placing(placing), m_stop(stop), m_resNet(module.config().vision.isResNet())
    {
        for (const auto &part : module.named_modules({}, /*include_self=*/false)) {
            auto *holder = dynamic_cast<HasLinear *>(part.value().get());
            if (holder != nullptr && packs(part.key()))
                m_packable.emplace(holder->linear().weight.unsafeGetTensorImpl(), &holder->linear());
        }
    }

    Result<void> load(const std::string &name, const torch::Tensor &target)
    {
        const torch::ScalarType type = typeOf(name);
        if (const TensorView *view = take(name))
            return fill(target, type, {{view, false}});
        if (isPacked(name)) {
            std::vector<Part> parts;
            for (const std::string &separate : separateNames(name)) {
                parts.push_back({take(separate), false});
                if (parts.back().view == nullptr)
                    return missing(separate);
            }
            return fill(target, type, parts);
        }
        const ForeignName foreign = huggingFaceName(name, m_resNet);
        if (const TensorView *view = take(foreign.name))
            return fill(target, type, {{view, foreign.transposed}});
        return missing(foreign.name);
    }

    /// A tensor that nobody asked for means another architecture than config.json says.
    Result<void> checkNothingLeft() const
    {
        for (const TensorView &view : m_file.tensors()) {
            if (!m_used.contains(view.name) && !isIgnorable(view.name))
                return fail(ErrorCode::CorruptData,
                            "tensor " + view.name +
                                " does not belong to the model that config.json describes");
        }
        return {};
    }

private:
    struct Part {
        const TensorView *view;
        bool transposed;
    };

    bool packs(const std::string &name) const
    {
        return m_placing &&
               (name.starts_with(kVisual) ? m_placing->packsPictures() : m_placing->packsTexts());
    }
    /// As which fp16 numbers are held.
    torch::ScalarType typeOf(const std::string &name) const
    {
        if (!m_placing || name == "logit_scale")
            return torch::kFloat;
        return name.starts_with(kVisual) ? m_placing->type : m_placing->textType();
    }

    /// Copies parts that lie one below the other into a tensor of the module, fp16 as `halfType` and all
    /// else as fp32; or packs them.
    Result<void> fill(torch::Tensor target, torch::ScalarType halfType, const std::vector<Part> &parts)
    {
        std::vector<std::int64_t> shape = target.sizes().vec();
        if (parts.size() > 1)
            shape.front() /= static_cast<std::int64_t>(parts.size());
        std::vector<torch::Tensor> sources;
        for (const Part &part : parts) {
            if (!brought(*part.view, m_stop))
                return stopped();
            auto source = stored(*part.view, part.transposed, shape);
            if (!source)
                return source.propagate();
            sources.push_back(*std::move(source));
        }
        const torch::Tensor whole = sources.size() > 1 ? torch::cat(sources) : sources.front();
        const auto packable = m_packable.find(target.unsafeGetTensorImpl());
        const bool isHalf = whole.scalar_type() == torch::kHalf;
        if (packable != m_packable.end() && isHalf) {
            packable->second->pack(whole);
        } else {
            if (isHalf && halfType != torch::kFloat)
                target.set_data(torch::empty_like(target, target.options().dtype(halfType)));
            inParts(target, whole, m_stop,
                    [](const torch::Tensor &to, const torch::Tensor &from) { to.copy_(from); });
        }
        for (const Part &part : parts)
            m_file.forget(*part.view);
        return {};
    }

    const TensorView *take(const std::string &name)
    {
        const TensorView *view = m_file.find(name);
        if (view != nullptr)
            m_used.insert(name);
        return view;
    }
    static Result<void> missing(const std::string &name)
    {
        return fail(ErrorCode::CorruptData, "tensor " + name + " is missing");
    }

    static constexpr std::string_view kVisual = "visual.";

    const Checkpoint &m_file;
    std::optional<Placing> m_placing;
    const std::stop_token &m_stop;
    bool m_resNet;
    std::map<const c10::TensorImpl *, Linear *> m_packable; ///< By their weights.
    std::set<std::string> m_used;
};

/// Whether the reference keeps a tensor in fp16: its convert_weights, applied before a checkpoint is copied
/// in. Norms, the class and position embeddings of the image tower and the logit scale stay fp32.
bool isHalfInReference(const std::string &name, const torch::Tensor &tensor)
{
    const auto contains = [&name](std::string_view part) { return name.find(part) != std::string::npos; };
    if (name.starts_with("bert.") || name == "text_projection" || name == "visual.proj")
        return true;
    return name.starts_with("visual.") && (tensor.dim() == 4 || contains(".attn.") || contains(".mlp.") ||
                                           (contains(".attnpool.") && contains("_proj.")));
}

} // namespace

void roundAsReference(ClipModule &module, const std::stop_token &stop)
{
    const torch::NoGradGuard noGrad;
    for (auto &item : module.named_parameters()) {
        if (stop.stop_requested())
            return;
        const torch::Tensor &weight = item.value();
        if (weight.scalar_type() == torch::kFloat && isHalfInReference(item.key(), weight))
            inParts(weight, weight, stop, [](const torch::Tensor &to, const torch::Tensor &from) {
                to.copy_(from.to(torch::kHalf));
            });
    }
}

bool roundingChanges(const ClipModule &module, const std::stop_token &stop)
{
    const torch::NoGradGuard noGrad;
    for (const auto &item : module.named_parameters()) {
        if (stop.stop_requested())
            return false;
        const torch::Tensor &weight = item.value();
        if (weight.scalar_type() == torch::kFloat && isHalfInReference(item.key(), weight) &&
            !torch::equal(weight.to(torch::kHalf).to(weight.scalar_type()), weight))
            return true;
    }
    return false;
}

Result<void> loadWeights(ClipModule &module, const Checkpoint &file, std::optional<Placing> placing,
                         const std::stop_token &stop)
{
    const torch::NoGradGuard noGrad;
    Loader loader(module, file, placing, stop);
    for (const auto &[name, tensor] : storedTensors(module)) {
        if (auto done = loader.load(name, tensor); !done)
            return done;
        if (stop.stop_requested())
            return stopped();
    }
    return loader.checkNothingLeft();
}

std::vector<NamedTensor> foreignTensors(ClipModule &module)
{
    const torch::NoGradGuard noGrad;
    const bool resNet = module.config().vision.isResNet();
    std::vector<NamedTensor> out;
    for (const auto &[name, tensor] : storedTensors(module)) {
        if (isPacked(name)) {
            const auto separate = separateNames(name);
            const auto parts = tensor.chunk(3, 0);
            for (std::size_t i = 0; i < separate.size(); ++i)
                out.push_back({separate[i], parts[i], true});
            continue;
        }
        const ForeignName foreign = huggingFaceName(name, resNet);
        out.push_back(
            {foreign.name, foreign.transposed ? tensor.t() : tensor, isHalfInReference(name, tensor)});
    }
    return out;
}

} // namespace yingxun::clip::detail

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/detail/recompute.h"

#include "core/clip/detail/autocast.h"

#include <ATen/Context.h>

#include <mutex>
#include <utility>

namespace yingxun::clip::detail {
namespace {

using Body = std::function<torch::Tensor(const torch::Tensor &)>;

/// A function as an autograd context keeps it, and how its products are computed.
struct KeptBody : torch::CustomClassHolder {
    KeptBody(Body b, AutocastState a) : body(std::move(b)), autocast(a) {}

    /// Rounded without gradients, weights must not be found again where gradients are wanted.
    torch::Tensor operator()(const torch::Tensor &x) const
    {
        const AutocastScope scope(x.device().type(), autocast, RoundedWeights::Anew);
        return body(x);
    }

    Body body;
    AutocastState autocast;
};

/// The random numbers of a device, as they stand.
torch::Tensor randomState(const torch::Device &device)
{
    at::Generator generator = at::globalContext().defaultGenerator(device);
    const std::scoped_lock lock(generator.mutex());
    return generator.get_state();
}

void setRandomState(const torch::Device &device, const torch::Tensor &state)
{
    at::Generator generator = at::globalContext().defaultGenerator(device);
    const std::scoped_lock lock(generator.mutex());
    generator.set_state(state);
}

class Recomputed : public torch::autograd::Function<Recomputed>
{
public:
    static torch::Tensor forward(torch::autograd::AutogradContext *context, const torch::Tensor &x,
                                 const c10::intrusive_ptr<KeptBody> &kept)
    {
        context->saved_data["random"] = randomState(x.device());
        context->saved_data["body"] = c10::IValue::make_capsule(kept);
        context->save_for_backward({x});
        const torch::NoGradGuard noGrad;
        return (*kept)(x);
    }

    static torch::autograd::variable_list backward(torch::autograd::AutogradContext *context,
                                                   torch::autograd::variable_list gradients)
    {
        const torch::Tensor x = context->get_saved_variables()[0].detach().requires_grad_();
        const auto kept = context->saved_data["body"].toCapsule();
        const torch::Tensor before = randomState(x.device());
        setRandomState(x.device(), context->saved_data["random"].toTensor());
        torch::Tensor y;
        {
            const torch::AutoGradMode withGradients(true);
            y = static_cast<const KeptBody &>(*kept)(x);
        }
        setRandomState(x.device(), before);
        torch::autograd::backward({y}, {gradients[0]});
        return {x.grad(), torch::Tensor()};
    }
};

} // namespace

torch::Tensor recomputed(const Body &body, const torch::Tensor &x)
{
    if (!torch::GradMode::is_enabled() || !x.requires_grad())
        return body(x);
    return Recomputed::apply(x, c10::make_intrusive<KeptBody>(body, autocastState(x.device().type())));
}

} // namespace yingxun::clip::detail

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

/// The names that files of weights consist of; everything else is refused.
namespace yingxun::clip::detail {

/// What a name on the list means.
enum class Meaning {
    Storage, ///< An element type.
    Tensor,  ///< A function that builds a tensor.
    Dict,    ///< OrderedDict: an empty dictionary.
    Tuple,   ///< torch.Size.
    Wrapped, ///< A parameter: its first argument.
    Inert,   ///< Training state beside the weights, such as a learning rate of numpy's type.
};

/// A name that a pickle may ask for.
struct Allowed {
    std::string_view name;
    Meaning meaning;
};
constexpr std::array kAllowed{
    Allowed{"collections.OrderedDict", Meaning::Dict},
    Allowed{"torch._utils._rebuild_tensor_v2", Meaning::Tensor},
    Allowed{"torch._utils._rebuild_tensor", Meaning::Tensor},
    Allowed{"torch._utils._rebuild_parameter", Meaning::Wrapped},
    Allowed{"torch.Size", Meaning::Tuple},
    Allowed{"torch.HalfStorage", Meaning::Storage},
    Allowed{"torch.BFloat16Storage", Meaning::Storage},
    Allowed{"torch.FloatStorage", Meaning::Storage},
    Allowed{"torch.DoubleStorage", Meaning::Storage},
    Allowed{"torch.LongStorage", Meaning::Storage},
    Allowed{"torch.IntStorage", Meaning::Storage},
    Allowed{"torch.ShortStorage", Meaning::Storage},
    Allowed{"torch.CharStorage", Meaning::Storage},
    Allowed{"torch.ByteStorage", Meaning::Storage},
    Allowed{"torch.BoolStorage", Meaning::Storage},
    Allowed{"torch.device", Meaning::Inert},
    Allowed{"numpy.core.multiarray.scalar", Meaning::Inert},
    Allowed{"numpy._core.multiarray.scalar", Meaning::Inert},
    Allowed{"numpy.dtype", Meaning::Inert},
    Allowed{"_codecs.encode", Meaning::Inert},
};

/// nullptr: the name is not on the list.
inline const Allowed *allowed(std::string_view name)
{
    const auto *const found = std::find_if(kAllowed.begin(), kAllowed.end(),
                                           [name](const Allowed &entry) { return entry.name == name; });
    return found == kAllowed.end() ? nullptr : found;
}

} // namespace yingxun::clip::detail

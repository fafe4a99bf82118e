// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/pickle.h"

#include "core/clip/detail/pickle_machine.h"

#include <algorithm>
#include <unordered_map>

namespace yingxun::clip {
namespace {

using Kind = PickleValue::Kind;

/// Whether some container holds itself, at whatever depth. Without recursion: depth is the file's choice.
bool hasCircle(const PickleValue *root)
{
    enum class State { Open, Done };
    struct Visit {
        const PickleValue *value;
        std::size_t next; // Child to look at.
    };
    const auto childCount = [](const PickleValue &value) {
        return value.items.size() + 2 * value.members.size();
    };
    const auto child = [](const PickleValue &value, std::size_t i) {
        if (i < value.items.size())
            return value.items[i];
        i -= value.items.size();
        return i % 2 == 0 ? value.members[i / 2].first : value.members[i / 2].second;
    };
    std::unordered_map<const PickleValue *, State> states;
    std::vector<Visit> path{{root, 0}};
    states[root] = State::Open;
    while (!path.empty()) {
        Visit &top = path.back();
        if (top.next == childCount(*top.value)) {
            states[top.value] = State::Done;
            path.pop_back();
            continue;
        }
        const PickleValue *next = child(*top.value, top.next++);
        const auto [known, isNew] = states.emplace(next, State::Open);
        if (isNew)
            path.push_back({next, 0});
        else if (known->second == State::Open)
            return true;
    }
    return false;
}

} // namespace

const PickleValue *PickleValue::find(std::string_view key) const noexcept
{
    const auto found = std::find_if(members.rbegin(), members.rend(), [key](const auto &member) {
        return member.first->kind == Kind::Text && member.first->text == key;
    });
    return found == members.rend() ? nullptr : found->second;
}

Result<Pickle> Pickle::read(std::span<const std::byte> bytes)
{
    Pickle pickle;
    detail::PickleMachine machine(bytes, pickle.m_values);
    auto root = machine.run();
    if (!root)
        return root.propagate();
    if (hasCircle(*root))
        return fail(ErrorCode::CorruptData, "pickle: a value contains itself");
    pickle.m_root = *root;
    pickle.m_size = machine.position();
    return pickle;
}

} // namespace yingxun::clip

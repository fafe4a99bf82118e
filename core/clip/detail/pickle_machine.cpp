// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clip/detail/pickle_machine.h"

#include "core/clip/detail/pickle_names.h"

#include <bit>
#include <cstring>
#include <string>
#include <utility>

namespace yingxun::clip::detail {
namespace {

using Kind = PickleValue::Kind;

// A training checkpoint of ViT-H with its optimizer has some 80,000 values.
constexpr std::size_t kMostValues = 1'000'000;
constexpr std::size_t kMostItems = 8'000'000; // Of all containers together.
constexpr std::size_t kLongestText = 1U << 20;
constexpr std::size_t kNewestProtocol = 5;
constexpr std::size_t kLongestNumber = 8; // Bytes of a LONG1 that becomes an int64; see longNumber().

Unexpected corrupt(const std::string &why)
{
    return fail(ErrorCode::CorruptData, "pickle: " + why);
}

/// A name out of a file, for a message: short and printable.
std::string shown(std::string_view name)
{
    std::string out;
    for (const char c : name.substr(0, 100))
        out += c > ' ' && c < 127 ? c : '?';
    return out;
}

Unexpected ended()
{
    return fail(ErrorCode::Truncated, "pickle: it ends in the middle");
}

Unexpected unfit()
{
    return corrupt("an operation lacks its values");
}

} // namespace

std::optional<std::uint64_t> PickleMachine::number(std::size_t size)
{
    if (m_bytes.size() - m_at < size)
        return std::nullopt;
    std::uint64_t value = 0;
    std::memcpy(&value, m_bytes.data() + m_at, size);
    m_at += size;
    return value;
}

std::optional<std::string_view> PickleMachine::line()
{
    const std::string_view rest(reinterpret_cast<const char *>(m_bytes.data()) + m_at, m_bytes.size() - m_at);
    const auto end = rest.substr(0, kLongestText).find('\n');
    if (end == std::string_view::npos)
        return std::nullopt;
    m_at += end + 1;
    return rest.substr(0, end);
}

Result<void> PickleMachine::push(PickleValue value)
{
    if (m_values.size() >= kMostValues)
        return corrupt("it holds too many values");
    m_values.push_back(std::move(value));
    m_stack.push_back(&m_values.back());
    return {};
}

PickleValue *PickleMachine::pop()
{
    if (!has(1))
        return nullptr;
    PickleValue *top = m_stack.back();
    m_stack.pop_back();
    return top;
}

std::optional<std::size_t> PickleMachine::popMark()
{
    if (m_marks.empty())
        return std::nullopt;
    const std::size_t mark = m_marks.back();
    m_marks.pop_back();
    return mark;
}

Result<void> PickleMachine::pushText(std::size_t size)
{
    if (size > kLongestText)
        return corrupt("a text is too long");
    if (m_bytes.size() - m_at < size)
        return ended();
    PickleValue value;
    value.kind = Kind::Text;
    value.text.assign(reinterpret_cast<const char *>(m_bytes.data()) + m_at, size);
    m_at += size;
    return push(std::move(value));
}

/// A number of any length; of those beyond 64 bits (the old format's magic) only that they are larger is
/// kept.
Result<void> PickleMachine::pushLongNumber()
{
    const auto size = number(1);
    if (!size || m_bytes.size() - m_at < *size)
        return ended();
    PickleValue value;
    value.kind = Kind::Int;
    if (*size > kLongestNumber) {
        value.kind = Kind::Inert;
        m_at += *size;
    } else if (*size > 0) {
        const std::uint64_t raw = number(*size).value_or(0);
        const auto unused = static_cast<int>(64 - 8 * *size);
        value.whole = static_cast<std::int64_t>(raw << unused) >> unused; // Two's complement.
    }
    return push(std::move(value));
}

Result<void> PickleMachine::pushContainer(Kind kind, std::size_t first)
{
    PickleValue value;
    value.kind = kind;
    m_items += m_stack.size() - first;
    if (m_items > kMostItems)
        return corrupt("it holds too many values");
    value.items.assign(m_stack.begin() + static_cast<std::ptrdiff_t>(first), m_stack.end());
    m_stack.resize(first);
    return push(std::move(value));
}

Result<void> PickleMachine::pushGlobal(std::string_view module, std::string_view name)
{
    const std::string full = std::string(module) + "." + std::string(name);
    if (allowed(full) == nullptr) {
        return fail(ErrorCode::Unsupported, "pickle: the file asks for " + shown(full) +
                                                ", which no model needs; it may be a program in disguise "
                                                "and is not read");
    }
    PickleValue value;
    value.kind = Kind::Global;
    value.text = full;
    return push(std::move(value));
}

Result<void> PickleMachine::readGlobal()
{
    const auto module = line();
    const auto name = module ? line() : std::nullopt;
    return name ? pushGlobal(*module, *name) : Result<void>(ended());
}

Result<void> PickleMachine::stackGlobal()
{
    if (!has(2))
        return unfit();
    const PickleValue *name = pop();
    const PickleValue *module = pop();
    if (name->kind != Kind::Text || module->kind != Kind::Text)
        return unfit();
    return pushGlobal(module->text, name->text);
}

/// A call, which is only looked up: see Meaning.
Result<void> PickleMachine::reduce()
{
    if (!has(2))
        return unfit();
    const PickleValue *arguments = pop();
    const PickleValue *function = pop();
    if (arguments->kind != Kind::Tuple || function->kind != Kind::Global)
        return corrupt("it calls something that is no function");
    PickleValue value;
    switch (allowed(function->text)->meaning) {
    case Meaning::Storage:
        return corrupt("it calls " + function->text);
    case Meaning::Tensor:
        value.kind = Kind::Call;
        value.text = function->text;
        value.items = arguments->items;
        break;
    case Meaning::Dict:
        if (!arguments->items.empty())
            return corrupt("an OrderedDict is made of something");
        value.kind = Kind::Dict;
        break;
    case Meaning::Tuple:
        if (arguments->items.size() != 1 || arguments->items[0]->kind != Kind::Tuple)
            return unfit();
        value = *arguments->items[0];
        break;
    case Meaning::Wrapped:
        if (arguments->items.empty() || arguments->items[0]->kind != Kind::Call)
            return unfit();
        value = *arguments->items[0];
        break;
    case Meaning::Inert:
        value.kind = Kind::Inert;
        break;
    }
    m_items += value.items.size();
    if (m_items > kMostItems)
        return corrupt("it holds too many values");
    return push(std::move(value));
}

/// Attributes of an object, such as a state dict's _metadata: nothing that we need.
Result<void> PickleMachine::build()
{
    if (!has(2))
        return unfit();
    pop();
    const Kind kind = m_stack.back()->kind;
    if (kind != Kind::Dict && kind != Kind::Inert)
        return corrupt("it changes something that cannot be changed");
    return {};
}

Result<void> PickleMachine::append(std::size_t first)
{
    if (first == 0 || first > m_stack.size() || m_stack[first - 1]->kind != Kind::List)
        return unfit();
    m_items += m_stack.size() - first;
    if (m_items > kMostItems)
        return corrupt("it holds too many values");
    auto &items = m_stack[first - 1]->items;
    items.insert(items.end(), m_stack.begin() + static_cast<std::ptrdiff_t>(first), m_stack.end());
    m_stack.resize(first);
    return {};
}

Result<void> PickleMachine::setItems(std::size_t first)
{
    if (first == 0 || first > m_stack.size() || m_stack[first - 1]->kind != Kind::Dict ||
        (m_stack.size() - first) % 2 != 0)
        return unfit();
    m_items += m_stack.size() - first;
    if (m_items > kMostItems)
        return corrupt("it holds too many values");
    auto &members = m_stack[first - 1]->members;
    for (std::size_t i = first; i < m_stack.size(); i += 2)
        members.emplace_back(m_stack[i], m_stack[i + 1]);
    m_stack.resize(first);
    return {};
}

Result<void> PickleMachine::remember(std::size_t key)
{
    if (!has(1))
        return unfit();
    m_memo[key] = m_stack.back();
    return m_memo.size() > kMostValues ? Result<void>(corrupt("it remembers too many values"))
                                       : Result<void>();
}

Result<void> PickleMachine::recall(std::size_t key)
{
    const auto found = m_memo.find(key);
    if (found == m_memo.end())
        return corrupt("it recalls a value that it never remembered");
    if (m_stack.size() >= kMostValues)
        return corrupt("it holds too many values");
    m_stack.push_back(found->second);
    return {};
}

Result<const PickleValue *> PickleMachine::run()
{
    while (!m_ended) {
        const auto operation = number(1);
        if (!operation)
            return ended();
        if (auto done = step(static_cast<unsigned char>(*operation)); !done)
            return done.propagate();
    }
    if (m_stack.size() != 1 || !m_marks.empty())
        return corrupt("it does not leave one value");
    return static_cast<const PickleValue *>(m_stack.back());
}

Result<void> PickleMachine::step(unsigned char operation)
{
    const auto simple = [this](Kind kind, bool truth = false) {
        PickleValue value;
        value.kind = kind;
        value.truth = truth;
        return push(std::move(value));
    };
    const auto whole = [this](std::size_t size) -> Result<void> {
        const auto read = number(size);
        if (!read)
            return ended();
        PickleValue value;
        value.kind = Kind::Int;
        value.whole = size == 4 ? static_cast<std::int32_t>(*read) : static_cast<std::int64_t>(*read);
        return push(std::move(value));
    };
    const auto sized = [this](std::size_t size) -> Result<void> {
        const auto length = number(size);
        return length ? pushText(*length) : Result<void>(ended());
    };
    const auto memo = [this](std::size_t size,
                             Result<void> (PickleMachine::*what)(std::size_t)) -> Result<void> {
        const auto key = number(size);
        return key ? (this->*what)(*key) : Result<void>(ended());
    };
    const auto marked = [this](Result<void> (PickleMachine::*what)(std::size_t)) -> Result<void> {
        const auto first = popMark();
        return first ? (this->*what)(*first) : Result<void>(unfit());
    };
    const auto tuple = [this](std::size_t count) -> Result<void> {
        return has(count) ? pushContainer(Kind::Tuple, m_stack.size() - count) : Result<void>(unfit());
    };
    const auto topmost = [this](std::size_t count,
                                Result<void> (PickleMachine::*what)(std::size_t)) -> Result<void> {
        return has(count + 1) ? (this->*what)(m_stack.size() - count) : Result<void>(unfit());
    };

    switch (operation) {
    case 0x80: { // PROTO
        const auto version = number(1);
        if (!version)
            return ended();
        return *version <= kNewestProtocol
                   ? Result<void>()
                   : fail(ErrorCode::Unsupported,
                          "pickle: protocol " + std::to_string(*version) + " is not known");
    }
    case 0x95: // FRAME: only a hint for reading.
        return number(8) ? Result<void>() : Result<void>(ended());
    case '.':
        m_ended = true;
        return {};
    case '(':
        if (m_marks.size() >= kMostValues)
            return corrupt("it holds too many marks");
        m_marks.push_back(m_stack.size());
        return {};
    case '0': // POP
        return pop() != nullptr ? Result<void>() : Result<void>(unfit());
    case 'N':
        return simple(Kind::None);
    case 0x88:
        return simple(Kind::Bool, true);
    case 0x89:
        return simple(Kind::Bool, false);
    case 'J':
        return whole(4);
    case 'K':
        return whole(1);
    case 'M':
        return whole(2);
    case 0x8A:
        return pushLongNumber();
    case 'G': { // BINFLOAT, big-endian
        const auto raw = number(8);
        if (!raw)
            return ended();
        PickleValue value;
        value.kind = Kind::Float;
        value.real = std::bit_cast<double>(__builtin_bswap64(*raw));
        return push(std::move(value));
    }
    case 'X': // BINUNICODE
    case 'B': // BINBYTES
    case 'T': // BINSTRING, of Python 2
        return sized(4);
    case 0x8C: // SHORT_BINUNICODE
    case 'C':  // SHORT_BINBYTES
    case 'U':  // SHORT_BINSTRING
        return sized(1);
    case '}':
        return simple(Kind::Dict);
    case ']':
        return simple(Kind::List);
    case ')':
        return simple(Kind::Tuple);
    case 't': {
        const auto first = popMark();
        return first ? pushContainer(Kind::Tuple, *first) : Result<void>(unfit());
    }
    case 0x85:
        return tuple(1);
    case 0x86:
        return tuple(2);
    case 0x87:
        return tuple(3);
    case 'a':
        return topmost(1, &PickleMachine::append);
    case 'e':
        return marked(&PickleMachine::append);
    case 's':
        return topmost(2, &PickleMachine::setItems);
    case 'u':
        return marked(&PickleMachine::setItems);
    case 'q':
        return memo(1, &PickleMachine::remember);
    case 'r':
        return memo(4, &PickleMachine::remember);
    case 0x94: // MEMOIZE
        return remember(m_memo.size());
    case 'h':
        return memo(1, &PickleMachine::recall);
    case 'j':
        return memo(4, &PickleMachine::recall);
    case 'c':
        return readGlobal();
    case 0x93:
        return stackGlobal();
    case 'R':
        return reduce();
    case 'b':
        return build();
    case 'Q': // BINPERSID
        return has(1) ? pushContainer(Kind::Persistent, m_stack.size() - 1) : Result<void>(unfit());
    default:
        return fail(ErrorCode::Unsupported, "pickle: operation " + std::to_string(operation) + " at byte " +
                                                std::to_string(m_at - 1) + " is not one that models need");
    }
}

} // namespace yingxun::clip::detail

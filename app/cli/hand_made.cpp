// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/hand_made.h"

#include "app/cli/command.h"
#include "core/base/json.h"
#include "core/db/names.h"

#include <QByteArray>

#include <algorithm>

namespace yingxun::app::cli {
namespace {

std::optional<ContentHash> contentOf(std::string_view hex)
{
    const auto digits = QByteArray::fromRawData(hex.data(), qsizetype(hex.size()));
    const QByteArray bytes = QByteArray::fromHex(digits);
    ContentHash content;
    if (bytes.toHex() != digits || bytes.size() != qsizetype(content.bytes.size()))
        return std::nullopt;
    std::copy(bytes.cbegin(), bytes.cend(), content.bytes.begin());
    return content;
}

/// As putPath() writes it.
std::optional<std::string> pathOf(const Json &object, const std::string &key)
{
    const Json *path = object.find(key);
    if (path == nullptr || !path->asString())
        return std::nullopt;
    const Json *exact = object.find(key + "_base64");
    if (exact == nullptr)
        return std::string(*path->asString());
    if (!exact->asString())
        return std::nullopt;
    const auto decoded = QByteArray::fromBase64Encoding(
        QByteArray(exact->asString()->data(), qsizetype(exact->asString()->size())),
        QByteArray::AbortOnBase64DecodingErrors);
    return decoded ? std::optional(decoded.decoded.toStdString()) : std::nullopt;
}

/// What `read` gives of each; nothing where one is wrong.
template<typename Read>
std::optional<std::vector<std::string>> allOf(const Json *array, Read read)
{
    if (array == nullptr || array->asArray() == nullptr)
        return std::nullopt;
    std::vector<std::string> all;
    for (const Json &one : *array->asArray()) {
        auto value = read(one);
        if (!value)
            return std::nullopt;
        all.push_back(*std::move(value));
    }
    return all;
}

std::optional<std::string> textOf(const Json &value)
{
    const auto text = value.asString();
    return text ? std::optional(std::string(*text)) : std::nullopt;
}

bool readMarked(const Json &line, HandMade &all)
{
    const Json *hex = line.find("content");
    const auto content = hex != nullptr && hex->asString() ? contentOf(*hex->asString()) : std::nullopt;
    auto labels = allOf(line.find("labels"), textOf);
    auto paths = allOf(line.find("paths"), [](const Json &path) { return pathOf(path, "path"); });
    const Json *stars = line.find("stars");
    const std::int64_t number = stars == nullptr ? 0 : stars->asInt().value_or(-1);
    if (!content || !labels || !paths || number < 0 || number > 5)
        return false;
    all.contents.push_back({*content, *std::move(labels), static_cast<int>(number), *std::move(paths)});
    return true;
}

bool readLine(const Json &line, HandMade &all)
{
    if (line.find("content") != nullptr)
        return readMarked(line, all);
    if (const Json *label = line.find("label")) {
        if (auto name = textOf(*label))
            return all.labels.push_back(*std::move(name)), true;
        return false;
    }
    if (const Json *search = line.find("search")) {
        const Json *typed = line.find("line");
        const auto name = textOf(*search);
        const auto text = typed != nullptr ? textOf(*typed) : std::nullopt;
        if (!name || !text || db::trimmed(*name).empty() || db::trimmed(*text).empty())
            return false;
        all.searches.emplace_back(db::trimmed(*name), *text);
        return true;
    }
    if (auto folder = pathOf(line, "folder"); folder && folder->starts_with('/')) {
        while (folder->size() > 1 && folder->ends_with('/')) // As the library knows folders.
            folder->pop_back();
        return all.folders.push_back(*std::move(folder)), true;
    }
    auto patterns =
        allOf(line.find("exclusions"), [](const Json &pattern) { return pathOf(pattern, "pattern"); });
    if (!patterns)
        return false;
    all.exclusions = std::move(patterns);
    return true;
}

/// What the library would refuse of the last line, in the midst of an import.
Result<void> checkNames(const HandMade &all, std::size_t number)
{
    const auto isBlank = [](const std::string &label) { return db::trimmed(label).empty(); };
    const bool marksBlank = !all.contents.empty() && std::any_of(all.contents.back().labels.begin(),
                                                                 all.contents.back().labels.end(), isBlank);
    if (marksBlank || (!all.labels.empty() && isBlank(all.labels.back())))
        return fail(ErrorCode::InvalidArgument,
                    Text::tr("Line %1 has a label without a name. Give it one or remove it, and import the "
                             "file again. Nothing was changed.")
                        .arg(number)
                        .toStdString());
    const auto isDoubled = [&all](const auto &search) { return search.first == all.searches.back().first; };
    if (!all.searches.empty() && std::count_if(all.searches.begin(), all.searches.end(), isDoubled) > 1)
        return fail(ErrorCode::InvalidArgument,
                    Text::tr("Line %1 has a saved search named “%2”, as a line before it has. Give one of "
                             "them another name or remove it, and import the file again. Nothing was "
                             "changed.")
                        .arg(QString::number(number), QString::fromStdString(all.searches.back().first))
                        .toStdString());
    return {};
}

} // namespace

Result<HandMade> readHandMade(std::string_view text)
{
    HandMade all;
    for (std::size_t number = 1; number == 1 || !text.empty(); ++number) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const auto line = parseJson(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (number == 1) {
            const Json *version = line ? line->find(kFormatKey) : nullptr;
            if (version == nullptr || version->asInt() != kFormatVersion)
                return fail(ErrorCode::Unsupported,
                            Text::tr("This is no file of “yingxun-cli export”, or one of a newer Yingxun. "
                                     "Nothing was changed.")
                                .toStdString());
        } else if (!line || !readLine(*line, all)) {
            all.unread.push_back(number);
        } else if (auto checked = checkNames(all, number); !checked) {
            return checked.propagate();
        }
    }
    return all;
}

} // namespace yingxun::app::cli

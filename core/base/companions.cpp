// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/companions.h"

#include <string>

namespace yingxun {
namespace {

std::string_view endingOf(std::string_view fileName)
{
    const std::size_t dot = fileName.rfind('.');
    return dot == std::string_view::npos || dot == 0 ? std::string_view() : fileName.substr(dot + 1);
}

bool isRaw(std::string_view ending)
{
    std::string word = " ";
    for (const char c : ending)
        word += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    word += ' ';
    static const std::string words = ' ' + std::string(kRawEndings) + ' ';
    return word.size() > 2 && words.find(word) != std::string::npos;
}

} // namespace

CompanionRole companionRole(std::string_view fileName, bool isVideo)
{
    if (companionStem(fileName).size() == fileName.size())
        return CompanionRole::None; // Without an ending nothing says what belongs to it.
    if (isVideo)
        return CompanionRole::Film;
    return isRaw(endingOf(fileName)) ? CompanionRole::Raw : CompanionRole::Picture;
}

std::string_view companionStem(std::string_view fileName)
{
    const std::string_view ending = endingOf(fileName);
    return ending.empty() ? fileName : fileName.substr(0, fileName.size() - ending.size() - 1);
}

} // namespace yingxun

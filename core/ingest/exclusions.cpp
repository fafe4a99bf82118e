// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ingest/exclusions.h"

#include "core/db/catalogue.h"

#include <algorithm>
#include <fnmatch.h>
#include <locale.h>

namespace yingxun::ingest {
namespace {

/// fnmatch() takes characters as the thread's locale does: here they are UTF-8, whatever a program has set.
class Utf8Locale
{
public:
    Utf8Locale() : m_before(::uselocale(utf8())) {}
    ~Utf8Locale() { ::uselocale(m_before); }
    Utf8Locale(const Utf8Locale &) = delete;
    Utf8Locale &operator=(const Utf8Locale &) = delete;

private:
    /// Null, which changes nothing, where the system lacks the locale.
    static locale_t utf8()
    {
        static const locale_t kLocale = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
        return kLocale;
    }

    locale_t m_before;
};

bool matches(const std::string &pattern, const std::string &text, int flags)
{
    return ::fnmatch(pattern.c_str(), text.c_str(), flags | FNM_CASEFOLD) == 0;
}

/// `path` without `root` and the slashes between; nothing for the root itself and for what is not below it.
std::string_view below(std::string_view path, std::string_view root)
{
    while (root.ends_with('/'))
        root.remove_suffix(1);
    if (!path.starts_with(root) || !path.substr(root.size()).starts_with('/'))
        return {};
    path.remove_prefix(root.size());
    while (path.starts_with('/'))
        path.remove_prefix(1);
    return path;
}

std::string cleaned(std::string_view pattern)
{
    constexpr std::string_view kAround = " \t\r\n/";
    const auto first = pattern.find_first_not_of(kAround);
    if (first == std::string_view::npos)
        return {};
    return std::string(pattern.substr(first, pattern.find_last_not_of(kAround) - first + 1));
}

} // namespace

Exclusions::Exclusions(std::vector<std::string> patterns) : m_patterns(std::move(patterns)) {}

bool Exclusions::excludes(std::string_view path, std::string_view root) const
{
    const std::string_view rest = below(path, root);
    for (std::size_t slash = rest.find('/'); slash != std::string_view::npos;
         slash = rest.find('/', slash + 1)) {
        if (excludesEntry(path.substr(0, path.size() - rest.size() + slash), root))
            return true;
    }
    return excludesEntry(path, root);
}

bool Exclusions::excludesEntry(std::string_view path, std::string_view root) const
{
    const std::string rest(below(path, root));
    if (rest.empty())
        return false;
    const std::string name = rest.substr(rest.rfind('/') + 1); // npos + 1 is 0.
    const Utf8Locale locale;
    return std::any_of(m_patterns.begin(), m_patterns.end(), [&](const std::string &pattern) {
        return pattern.find('/') == std::string::npos ? matches(pattern, name, 0)
                                                      : matches(pattern, rest, FNM_PATHNAME);
    });
}

const std::vector<std::string> &defaultExclusions()
{
    static const std::vector<std::string> kPatterns{
        ".*",                 // Hidden: ._x.jpg (AppleDouble), .trashed-…, .thumbnails, .Trash-1000, .git
        "@eaDir",             // Synology: thumbnails
        "SYNOFILE_THUMB_*",   // Synology
        "#recycle",           // Synology
        "#snapshot",          // Synology
        "@Recycle",           // QNAP
        "@Recently-Snapshot", // QNAP
        "$RECYCLE.BIN",       // Windows
        "RECYCLER",           // Windows
        "System Volume Information", // Windows
        "FOUND.[0-9][0-9][0-9]",     // Windows: what chkdsk recovered
        "Network Trash Folder",      // macOS
        "Temporary Items",           // macOS
        "__MACOSX",                  // macOS: AppleDouble files of an unpacked archive
        "lost+found",                // Linux
        "*.THM",                     // Cameras: thumbnails of videos
    };
    return kPatterns;
}

Result<Exclusions> loadExclusions(db::Catalogue &catalogue)
{
    auto edited = catalogue.exclusions();
    if (!edited)
        return edited.propagate();
    return Exclusions(*edited ? **std::move(edited) : defaultExclusions());
}

Result<void> storeExclusions(db::Catalogue &catalogue, const std::vector<std::string> &patterns)
{
    std::vector<std::string> kept;
    for (const std::string &pattern : patterns) {
        std::string clean = cleaned(pattern);
        if (clean.empty() || std::find(kept.begin(), kept.end(), clean) != kept.end())
            continue;
        if (clean.find_first_not_of('*') == std::string::npos)
            return fail(ErrorCode::InvalidArgument,
                        "the pattern " + clean +
                            " would leave nothing to index; name what is to be left out");
        kept.push_back(std::move(clean));
    }
    if (kept == defaultExclusions())
        return catalogue.setExclusions(std::nullopt);
    return catalogue.setExclusions(kept);
}

} // namespace yingxun::ingest

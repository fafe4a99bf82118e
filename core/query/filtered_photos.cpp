// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/filtered_photos.h"

#include "core/query/condition_photos.h"

#include <utility>

namespace yingxun::query {
namespace {

using Found = Result<std::variant<PhotoSet, SyntaxError>>;

Found leaf(const Filter &filter, const library::LibraryIndex &library, db::Catalogue &catalogue)
{
    auto photos = conditionPhotos(filter.condition, library, catalogue);
    if (!photos)
        return photos.propagate();
    if (*photos)
        return std::variant<PhotoSet, SyntaxError>(std::move(**photos));
    const auto *label = std::get_if<LabelFilter>(&filter.condition);
    const auto *folder = std::get_if<FolderFilter>(&filter.condition);
    return std::variant<PhotoSet, SyntaxError>(
        SyntaxError{label ? SyntaxErrorKind::UnknownLabel : SyntaxErrorKind::UnknownFolder, filter.span,
                    label    ? label->name
                    : folder ? folder->path
                             : QString()});
}

} // namespace

Found filteredPhotos(const Filter &filter, const library::LibraryIndex &library, db::Catalogue &catalogue)
{
    if (filter.kind == Filter::Kind::Leaf)
        return leaf(filter, library, catalogue);
    Found whole = filteredPhotos(filter.children.front(), library, catalogue);
    if (!whole || std::holds_alternative<SyntaxError>(*whole))
        return whole;
    auto &photos = std::get<PhotoSet>(*whole);
    if (filter.kind == Filter::Kind::Not) {
        PhotoSet others = PhotoSet::where(library, [](library::Row) { return true; });
        others.subtract(photos);
        photos = std::move(others);
        return whole;
    }
    for (std::size_t i = 1; i < filter.children.size(); ++i) {
        Found part = filteredPhotos(filter.children[i], library, catalogue);
        if (!part || std::holds_alternative<SyntaxError>(*part))
            return part;
        if (filter.kind == Filter::Kind::And)
            photos.intersect(std::get<PhotoSet>(*part));
        else
            photos.unite(std::get<PhotoSet>(*part));
    }
    return whole;
}

} // namespace yingxun::query

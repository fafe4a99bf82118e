// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/condition_photos.h"

#include "core/base/path_within.h"
#include "core/db/catalogue.h"
#include "core/query/file_endings.h"
#include "core/query/keys.h"

#include <algorithm>
#include <limits>
#include <span>

namespace yingxun::query {
namespace {

using library::Row;
using Found = Result<std::optional<PhotoSet>>;

constexpr qint64 kDayMs = 24 * 60 * 60 * 1000;

template<typename T>
bool compares(T value, Comparison comparison, T bound)
{
    switch (comparison) {
    case Comparison::Less:
        return value < bound;
    case Comparison::LessOrEqual:
        return value <= bound;
    case Comparison::Equal:
        return value == bound;
    case Comparison::GreaterOrEqual:
        return value >= bound;
    case Comparison::Greater:
        return value > bound;
    }
    return false;
}

/// Ms of a clock on the wall at the beginning of a day.
qint64 beginningOf(QDate day)
{
    return QDate(1970, 1, 1).daysTo(day) * kDayMs;
}

QString textOf(std::string_view utf8)
{
    return QString::fromUtf8(utf8.data(), qsizetype(utf8.size()));
}

/// The directory's path from the name of the watched folder on that it lies in; without one, all of it.
std::string_view shownPart(std::string_view directory, const std::vector<Folder> &folders)
{
    // By path: the outermost comes first.
    for (const Folder &folder : folders) {
        if (isWithin(directory, folder.path))
            return directory.substr(folder.path.rfind('/') + 1);
    }
    return directory;
}

struct FindPhotos {
    const library::LibraryIndex &library;
    db::Catalogue &catalogue;

    Found operator()(const LabelFilter &filter) const
    {
        const auto labels = catalogue.labels();
        if (!labels)
            return labels.propagate();
        const QString wanted = folded(filter.name);
        std::optional<PhotoSet> found;
        for (const Label &label : *labels) {
            if (folded(textOf(label.name)) != wanted)
                continue;
            const auto contents = catalogue.contentsWithLabel(label.id);
            if (!contents)
                return contents.propagate();
            if (!found)
                found.emplace(library.rowEnd());
            enter(*found, *contents);
        }
        return found;
    }

    Found operator()(const FolderFilter &filter) const
    {
        const auto folders = catalogue.folders();
        if (!folders)
            return folders.propagate();
        const bool isWhole = filter.path.startsWith(u'/');
        const std::string path = filter.path.toStdString();
        const QString part = folded(filter.path);
        const auto fits = [&](std::string_view directory) {
            return isWhole ? isWithin(directory, path)
                           : folded(textOf(shownPart(directory, *folders))).contains(part);
        };
        std::vector<bool> fitting;
        for (const library::LibraryIndex::Directory &directory : library.directories())
            fitting.push_back(fits(directory.path));
        const bool isKnown =
            std::find(fitting.begin(), fitting.end(), true) != fitting.end() ||
            std::any_of(folders->begin(), folders->end(), [&](const Folder &one) { return fits(one.path); });
        if (!isKnown)
            return std::optional<PhotoSet>();
        return found([&](Row row) { return fitting[library.directory(row)]; });
    }

    Found operator()(const DateFilter &filter) const
    {
        constexpr qint64 kNever = std::numeric_limits<qint64>::max();
        const qint64 from = filter.days.from.isValid() ? beginningOf(filter.days.from) : -kNever;
        const qint64 to = filter.days.to.isValid() ? beginningOf(filter.days.to) : kNever;
        return found([&](Row row) { return library.shownAtMs(row) >= from && library.shownAtMs(row) < to; });
    }

    Found operator()(const CameraFilter &filter) const
    {
        return takenWith(EquipmentKind::Camera, filter.name);
    }
    Found operator()(const LensFilter &filter) const { return takenWith(EquipmentKind::Lens, filter.name); }

    Found operator()(const RatingFilter &filter) const
    {
        const auto ratings = catalogue.ratings();
        if (!ratings)
            return ratings.propagate();
        PhotoSet rated(library.rowEnd());
        PhotoSet fitting(library.rowEnd());
        for (const auto &[content, stars] : *ratings) {
            library.forEachWith(content, [&, has = stars](Row row) {
                rated.insert(library.itemOf(row));
                if (has >= filter.least && has <= filter.most)
                    fitting.insert(library.itemOf(row));
            });
        }
        if (filter.least == 0) {
            PhotoSet unrated = all();
            unrated.subtract(rated);
            fitting.unite(unrated);
        }
        return std::optional(std::move(fitting));
    }

    Found operator()(const FormatFilter &filter) const
    {
        PhotoSet set(library.rowEnd()); // Of a raw file with its JPEG, both formats find the item.
        for (Row row = 0; row < library.rowEnd(); ++row) {
            if (library.isPhoto(row) && formatOfName(library.name(row)) == filter.format)
                set.insert(library.itemOf(row));
        }
        return std::optional(std::move(set));
    }

    Found operator()(const GpsFilter &) const
    {
        const auto contents = catalogue.contentsWithPlace();
        if (!contents)
            return contents.propagate();
        const auto beside = catalogue.photosWithPlaceBeside();
        if (!beside)
            return beside.propagate();
        PhotoSet set(library.rowEnd());
        enter(set, *contents);
        for (const PhotoId photo : *beside) {
            if (const auto row = library.rowOf(photo))
                set.insert(library.itemOf(*row));
        }
        return std::optional(std::move(set));
    }

    Found operator()(const PixelCountFilter &filter) const
    {
        return found([&](Row row) {
            return compares(qint64(library.width(row)) * library.height(row), filter.comparison,
                            filter.pixels);
        });
    }

    Found operator()(const PixelSizeFilter &filter) const
    {
        return found([&](Row row) {
            return compares(library.width(row), filter.comparison, filter.width) &&
                   compares(library.height(row), filter.comparison, filter.height);
        });
    }

    Found operator()(const FileSizeFilter &filter) const
    {
        return found([&](Row row) {
            return compares(qint64(library.sizeBytes(row)), filter.comparison, filter.bytes);
        });
    }

    Found operator()(const OrientationFilter &filter) const
    {
        const auto comparison = filter.orientation == Orientation::Landscape  ? Comparison::Greater
                                : filter.orientation == Orientation::Portrait ? Comparison::Less
                                                                              : Comparison::Equal;
        return found([&](Row row) { return compares(library.width(row), comparison, library.height(row)); });
    }

    Found operator()(const KindFilter &filter) const
    {
        const MediaKind kind = filter.kind == FileKind::Video ? MediaKind::Video : MediaKind::Photo;
        return found([&](Row row) { return library.kind(row) == kind; });
    }

private:
    template<typename Test>
    Found found(Test test) const
    {
        return std::optional(PhotoSet::where(library, test));
    }

    PhotoSet all() const
    {
        return PhotoSet::where(library, [](Row) { return true; });
    }

    void enter(PhotoSet &set, std::span<const ContentHash> contents) const
    {
        for (const ContentHash &content : contents)
            library.forEachWith(content, [&](Row row) { set.insert(library.itemOf(row)); });
    }

    Found takenWith(EquipmentKind kind, const QString &name) const
    {
        const auto fits = [wanted = folded(name)](const Equipment &one) {
            return folded(textOf(one.make.empty() ? one.model : one.make + ' ' + one.model)).contains(wanted);
        };
        const auto contents = catalogue.contentsBy(kind, fits);
        if (!contents)
            return contents.propagate();
        PhotoSet set(library.rowEnd());
        enter(set, *contents);
        const auto done = catalogue.forEachBeside(kind, [&](PhotoId photo, const Equipment &named) {
            const auto row = library.rowOf(photo);
            if (!row)
                return;
            if (fits(named))
                set.insert(library.itemOf(*row));
            else
                set.remove(*row);
        });
        if (!done)
            return done.propagate();
        return std::optional(std::move(set));
    }
};

} // namespace

Result<std::optional<PhotoSet>>
conditionPhotos(const Condition &condition, const library::LibraryIndex &library, db::Catalogue &catalogue)
{
    return std::visit(FindPhotos{library, catalogue}, condition);
}

} // namespace yingxun::query

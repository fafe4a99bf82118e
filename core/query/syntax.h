// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/query/festivals.h"

#include <QString>

#include <memory>
#include <optional>
#include <variant>
#include <vector>

/// What a query line says, as plain values. Everything compares by meaning: where it was typed plays no part.
namespace yingxun::query {

/// A part of the text that was typed, in UTF-16 units.
struct Span {
    qsizetype offset = 0;
    qsizetype length = 0;
    qsizetype end() const { return offset + length; }
    bool operator==(const Span &) const = default;
};

inline constexpr double kLeastWeight = 0.1;
inline constexpr double kGreatestWeight = 10;
inline constexpr double kRaisedWeight = 2; ///< Of +word.
inline constexpr int kMostTerms = 32;      ///< Texts and pictures; each costs a run of a tower.
inline constexpr int kDeepestNesting = 32; ///< Of brackets and negations.

/// A meaning that photos shall have or, with a negative weight, lack.
struct TextTerm {
    QString text;      ///< As typed, without operators and quotes; for queryText(). Never blank.
    double weight = 1; ///< kLeastWeight..kGreatestWeight, or the negative of that.
    Span span;         ///< From the first of its words to the last.
    bool operator==(const TextTerm &other) const { return text == other.text && weight == other.weight; }
};

/// A picture that photos shall look like or, with a negative weight, not.
struct PictureTerm {
    QString path;      ///< As typed, without quotes. Never blank.
    double weight = 1; ///< As of a TextTerm.
    Span span;         ///< With sign, key and weight.
    bool operator==(const PictureTerm &other) const { return path == other.path && weight == other.weight; }
};

/// By a label's name, in any case.
struct LabelFilter {
    QString name;
    bool operator==(const LabelFilter &) const = default;
};

/// By a folder: its path or a part of it.
struct FolderFilter {
    QString path;
    bool operator==(const FolderFilter &) const = default;
};

/// By the day it was taken, where it was taken.
struct DateFilter {
    DayRange days; ///< One of them may be open.
    bool operator==(const DateFilter &) const = default;
};

/// By a camera: a part of maker and model.
struct CameraFilter {
    QString name;
    bool operator==(const CameraFilter &) const = default;
};

/// By a lens: a part of its name.
struct LensFilter {
    QString name;
    bool operator==(const LensFilter &) const = default;
};

/// By stars, 0..5; 0: none.
struct RatingFilter {
    int least = 0;
    int most = 5;
    bool operator==(const RatingFilter &) const = default;
};

enum class FileFormat { Jpeg, Png, Webp, Gif, Bmp, Tiff, Heif, Avif, Raw, Jpeg2000, JpegXl, Psd };

/// By the ending of the file's name.
struct FormatFilter {
    FileFormat format = FileFormat::Jpeg;
    bool operator==(const FormatFilter &) const = default;
};

/// By the place where it was taken being known.
struct GpsFilter {
    bool operator==(const GpsFilter &) const = default;
};

enum class Comparison { Less, LessOrEqual, Equal, GreaterOrEqual, Greater };

/// By the number of pixels; 12MP is twelve million.
struct PixelCountFilter {
    Comparison comparison = Comparison::Equal;
    qint64 pixels = 0;
    bool operator==(const PixelCountFilter &) const = default;
};

/// By width and height of the upright picture; both must compare so.
struct PixelSizeFilter {
    Comparison comparison = Comparison::Equal;
    int width = 0;
    int height = 0;
    bool operator==(const PixelSizeFilter &) const = default;
};

/// By the file's size; 1MB is a million bytes.
struct FileSizeFilter {
    Comparison comparison = Comparison::Equal;
    qint64 bytes = 0;
    bool operator==(const FileSizeFilter &) const = default;
};

/// Of the upright picture.
enum class Orientation { Landscape, Portrait, Square };

struct OrientationFilter {
    Orientation orientation = Orientation::Landscape;
    bool operator==(const OrientationFilter &) const = default;
};

enum class FileKind { Photo, Video };

struct KindFilter {
    FileKind kind = FileKind::Photo;
    bool operator==(const KindFilter &) const = default;
};

using Condition =
    std::variant<LabelFilter, FolderFilter, DateFilter, CameraFilter, LensFilter, RatingFilter, FormatFilter,
                 GpsFilter, PixelCountFilter, PixelSizeFilter, FileSizeFilter, OrientationFilter, KindFilter>;

/// An expression of filters, in its simplest form: no And within an And, no Or within an Or.
struct Filter {
    enum class Kind { And, Or, Not, Leaf };

    Kind kind = Kind::Leaf;
    Condition condition;          ///< Of Kind::Leaf only.
    std::vector<Filter> children; ///< One of Not, two or more of And and Or.
    Span span;
    bool operator==(const Filter &other) const
    {
        return kind == other.kind && condition == other.condition && children == other.children;
    }
};

/// Photos that `filter` lets through, ordered by what `terms` and `pictures` mean together.
struct Query {
    std::vector<TextTerm> terms;
    std::vector<PictureTerm> pictures = {};
    std::optional<Filter> filter;
    bool hasMeaning() const { return !terms.empty() || !pictures.empty(); }
    bool operator==(const Query &) const = default;
};

enum class SyntaxErrorKind {
    MissingValue,      ///< A key without a value, a quoted nothing with an operator.
    BadValue,          ///< A value that its key does not know.
    BadWeight,         ///< Not a number, or beyond the bounds.
    UnclosedQuote,     ///< From the quote on.
    UnclosedBracket,   ///< The bracket.
    UnexpectedBracket, ///< A closing one too many.
    MissingOperand,    ///< An or, a not without a filter at its side: the operator.
    TextInOr,          ///< Text or a picture beside an or: it. Only filters can be alternatives.
    TextInNot,         ///< Text or a picture after a not: it. A meaning is removed by -word.
    TextInBrackets,    ///< Text or a picture in brackets that hold filters: it.
    TooDeep,           ///< More than kDeepestNesting: the bracket or negation.
    TooManyTerms,      ///< More than kMostTerms: the first beyond.
    UnknownLabel,      ///< Not of parse(): the library has no such label. The filter.
    UnknownFolder,     ///< Likewise.
    MissingPicture,    ///< Likewise: there is no such file, or it may not be read. The picture's term.
    NotAPicture,       ///< Likewise: the file can be read, but holds no picture that can.
};

struct SyntaxError {
    SyntaxErrorKind kind = SyntaxErrorKind::BadValue;
    Span span;
    QString found; ///< What stands there.
    bool operator==(const SyntaxError &) const = default;
};

} // namespace yingxun::query

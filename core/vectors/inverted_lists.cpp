// SPDX-License-Identifier: GPL-3.0-or-later
//
// File format, all numbers in the processor's own order (on another one the lists are made anew):
//
//   header, 64 bytes
//      0  8  "YXIVF001"
//      8  4  padded dimension P
//     12  4  lists L
//     16  4  rows N
//     20  4  XXH32 of the centroids and the numbers, seeded by XXH32 of the header with zero here
//     24 16  content of row N - 1: rows are numbered anew by taking some out, and then it is another one
//     40 24  zero
//   L centroids of P IEEE half-precision numbers
//   L + 1 numbers of 4 bytes: where in the order each list begins, and the last one ends
//   N numbers of 4 bytes: the order, rows list by list
//   zeros to a multiple of 64 bytes
//   N rows in bytes, in that order, each as in byte_copy.cpp
#include "core/vectors/inverted_lists.h"

#include "core/base/atomic_file.h"
#include "core/vectors/centroids.h"
#include "core/vectors/dot.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <vector>
#include <xxhash.h>

namespace yingxun::vectors {
namespace {

constexpr std::size_t kHeaderBytes = 64;
constexpr std::size_t kSampleOfCentroid = 32; // Rows that one is made of, on average.
constexpr std::int64_t kRowsBetweenLooks = 4096;
constexpr std::size_t kWrittenAtOnce = std::size_t{1} << 20;

struct Header {
    std::array<char, 8> magic{'Y', 'X', 'I', 'V', 'F', '0', '0', '1'};
    std::uint32_t dimension = 0;
    std::uint32_t lists = 0;
    std::uint32_t rows = 0;
    std::uint32_t checksum = 0;
    ContentHash last{};
    std::array<std::byte, 24> zero{};
};
static_assert(sizeof(Header) == kHeaderBytes);

std::uint32_t checksumOf(Header header, std::span<const std::byte> rest)
{
    header.checksum = 0;
    return XXH32(rest.data(), rest.size(), XXH32(&header, sizeof header, 0));
}

std::size_t aligned(std::size_t bytes)
{
    return (bytes + kHeaderBytes - 1) / kHeaderBytes * kHeaderBytes;
}

ContentHash contentOfRow(const RowLayout &layout, const RowMapping &rows, std::int64_t row)
{
    return contentOf(rows.data() + layout.offsetOf(row));
}

std::vector<float> sampleOf(const RowLayout &layout, const RowMapping &rows,
                            std::span<const std::int64_t> chosen)
{
    const std::size_t length = layout.paddedDimension;
    std::vector<float> sample(chosen.size() * length);
    for (std::size_t i = 0; i < chosen.size(); ++i)
        readNumbers(rows.data() + layout.offsetOf(chosen[i]), std::span(sample).subspan(i * length, length));
    return sample;
}

/// Leaves `most` of them at equal distances, if there are more.
void thinOut(std::vector<std::int64_t> &rows, std::size_t most)
{
    if (rows.size() <= most)
        return;
    for (std::size_t i = 0; i < most; ++i)
        rows[i] = rows[i * rows.size() / most];
    rows.resize(most);
}

/// Whole rows at equal distances, about as many as are wanted.
std::vector<std::int64_t> evenly(const RowLayout &layout, const RowMapping &rows, std::int64_t count,
                                 std::size_t wanted)
{
    const auto number = std::min(count, static_cast<std::int64_t>(wanted));
    std::vector<std::int64_t> chosen;
    for (std::int64_t i = 0; i < number; ++i) {
        const std::int64_t row = i * count / number;
        if (isIntact(layout, rows.data() + layout.offsetOf(row)))
            chosen.push_back(row);
    }
    return chosen;
}

/// Centroids in two levels: those of the second lie around one of the first.
struct Tree {
    Centroids first;
    std::vector<Centroids> second;
    std::vector<std::size_t> firstList; ///< Of each of the first: the number of its first one of the second.

    std::size_t listOf(std::span<const float> row) const
    {
        const std::size_t branch = first.nearestTo(row);
        return firstList[branch] + second[branch].nearestTo(row);
    }
};

Tree treeOf(const RowLayout &layout, const RowMapping &rows, std::int64_t count, const std::stop_token &stop)
{
    // Lists as long as there are lists, and half as long: a search looks at all centroids as well.
    const auto lists = static_cast<std::size_t>(std::ceil(2 * std::sqrt(static_cast<double>(count))));
    const auto branches = static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(lists))));
    const std::size_t length = layout.paddedDimension;
    const auto few = evenly(layout, rows, count, branches * branches);
    Tree tree{Centroids::ofSample(sampleOf(layout, rows, few), length, branches, stop), {}, {}};

    std::vector<std::vector<std::int64_t>> chosen(tree.first.count());
    const auto many = evenly(layout, rows, count, lists * kSampleOfCentroid);
    std::vector<float> row(length);
    for (const std::int64_t one : many) {
        readNumbers(rows.data() + layout.offsetOf(one), row);
        chosen[tree.first.nearestTo(row)].push_back(one);
    }
    std::size_t made = 0;
    for (std::size_t branch = 0; branch < chosen.size(); ++branch) {
        tree.firstList.push_back(made);
        // Where very many lie near to each other, as pictures of one camera do, their lists are longer.
        const std::size_t wanted =
            std::clamp<std::size_t>(chosen[branch].size() * lists / many.size(), 1, 4 * branches);
        thinOut(chosen[branch], wanted * kSampleOfCentroid);
        tree.second.push_back(
            Centroids::ofSample(sampleOf(layout, rows, chosen[branch]), length, wanted, stop));
        if (tree.second.back().count() == 0) { // No row of the sample is near it.
            tree.second.back() = Centroids(length);
            tree.second.back().add(std::vector<float>(length));
        }
        made += tree.second.back().count();
    }
    return tree;
}

Unexpected cancelled()
{
    return fail(ErrorCode::Cancelled, "Stopped.");
}

/// The list of each row. Errors: Cancelled.
Result<std::vector<std::uint32_t>> listsOfRows(const Tree &tree, const RowLayout &layout,
                                               const RowMapping &rows, std::int64_t count,
                                               const std::stop_token &stop)
{
    std::vector<std::uint32_t> listOf(static_cast<std::size_t>(count));
    std::vector<float> numbers(layout.paddedDimension);
    for (std::int64_t row = 0; row < count; ++row) {
        if (row % kRowsBetweenLooks == 0 && stop.stop_requested())
            return cancelled();
        readNumbers(rows.data() + layout.offsetOf(row), numbers);
        listOf[static_cast<std::size_t>(row)] = static_cast<std::uint32_t>(tree.listOf(numbers));
    }
    return listOf;
}

struct Ordered {
    std::vector<std::uint32_t> starts; ///< Of each list in `rows`, and the end of the last one.
    std::vector<std::uint32_t> rows;   ///< List by list, rising in each.
};

Ordered inOrder(std::span<const std::uint32_t> listOf, std::size_t lists)
{
    Ordered ordered{std::vector<std::uint32_t>(lists + 1), std::vector<std::uint32_t>(listOf.size())};
    for (const std::uint32_t list : listOf)
        ++ordered.starts[list + 1];
    std::partial_sum(ordered.starts.begin(), ordered.starts.end(), ordered.starts.begin());
    std::vector<std::uint32_t> next(ordered.starts.begin(), ordered.starts.end() - 1);
    for (std::size_t row = 0; row < listOf.size(); ++row)
        ordered.rows[next[listOf[row]]++] = static_cast<std::uint32_t>(row);
    return ordered;
}

/// Errors: Cancelled; what else fails is told by the file.
Result<void> writeByteRows(AtomicFile &file, const RowLayout &layout, const RowMapping &rows,
                           std::span<const std::uint32_t> order, const std::stop_token &stop)
{
    const ByteLayout bytes(layout);
    std::vector<std::byte> some;
    for (std::size_t place = 0; place < order.size(); ++place) {
        some.resize(some.size() + bytes.stride);
        makeByteRow(layout, bytes, rows.data() + layout.offsetOf(order[place]),
                    some.data() + some.size() - bytes.stride);
        if (some.size() < kWrittenAtOnce && place + 1 < order.size())
            continue;
        if (stop.stop_requested())
            return cancelled();
        file.write(some);
        some.clear();
    }
    return {};
}

} // namespace

std::filesystem::path invertedListsOf(const std::filesystem::path &embeddings)
{
    return std::filesystem::path(embeddings).replace_extension(kListsEnding);
}

Result<void> InvertedLists::make(const std::filesystem::path &path, const RowLayout &layout,
                                 const RowMapping &rows, std::int64_t count, const std::stop_token &stop)
{
    if (count < 1 || count > std::numeric_limits<std::uint32_t>::max())
        return fail(ErrorCode::InvalidArgument, "Lists of " + std::to_string(count) + " rows.");
    const Tree tree = treeOf(layout, rows, count, stop);
    const std::size_t lists = tree.firstList.back() + tree.second.back().count();
    const auto listOf = listsOfRows(tree, layout, rows, count, stop);
    if (!listOf)
        return listOf.propagate();
    const Ordered ordered = inOrder(*listOf, lists);

    std::vector<std::byte> rest;
    const auto append = [&rest](std::span<const std::byte> part) {
        rest.insert(rest.end(), part.begin(), part.end());
    };
    for (const Centroids &some : tree.second)
        append(some.bytes());
    append(std::as_bytes(std::span(ordered.starts)));
    append(std::as_bytes(std::span(ordered.rows)));
    rest.resize(aligned(rest.size()));
    Header header;
    header.dimension = static_cast<std::uint32_t>(layout.paddedDimension);
    header.lists = static_cast<std::uint32_t>(lists);
    header.rows = static_cast<std::uint32_t>(count);
    header.last = contentOfRow(layout, rows, count - 1);
    header.checksum = checksumOf(header, rest);
    auto file = AtomicFile::create(path, Readers::Owner);
    if (!file)
        return file.propagate();
    file->write(std::as_bytes(std::span(&header, 1)));
    file->write(rest);
    if (auto written = writeByteRows(*file, layout, rows, ordered.rows, stop); !written)
        return written;
    return file->commit();
}

Result<InvertedLists> InvertedLists::read(const std::filesystem::path &path, const RowLayout &layout,
                                          const RowMapping &rows, std::int64_t count)
{
    auto file = MappedFile::open(path);
    if (!file)
        return file.propagate();
    const auto corrupt = [&path] {
        return fail(ErrorCode::CorruptData, path.string() + " is damaged, or lists other rows.");
    };
    InvertedLists made(*std::move(file), layout);
    const std::span<const std::byte> bytes = made.m_file.bytes();
    Header header;
    if (bytes.size() < sizeof header)
        return corrupt();
    std::memcpy(&header, bytes.data(), sizeof header);
    const std::span<const std::byte> rest = bytes.subspan(sizeof header);
    const std::size_t centroidBytes = std::size_t{header.lists} * layout.paddedDimension * 2;
    const std::size_t startBytes = (std::size_t{header.lists} + 1) * sizeof(std::uint32_t);
    const std::size_t orderBytes = std::size_t{header.rows} * sizeof(std::uint32_t);
    const std::size_t ownBytes = aligned(centroidBytes + startBytes + orderBytes);
    if (header.magic != Header().magic || header.dimension != layout.paddedDimension || header.rows < 1 ||
        header.rows > count || rest.size() != ownBytes + std::size_t{header.rows} * made.m_bytes.stride ||
        header.last != contentOfRow(layout, rows, header.rows - 1) ||
        header.checksum != checksumOf(header, rest.first(ownBytes)))
        return corrupt();
    const auto numbersIn = [](std::span<const std::byte> part) {
        return std::span(reinterpret_cast<const std::uint32_t *>(part.data()),
                         part.size() / sizeof(std::uint32_t));
    };
    made.m_centroids = rest.first(centroidBytes);
    made.m_starts = numbersIn(rest.subspan(centroidBytes, startBytes));
    made.m_order = numbersIn(rest.subspan(centroidBytes + startBytes, orderBytes));
    made.m_byteRows = rest.subspan(ownBytes);
    // Whoever can write the file can write its checksum.
    if (made.m_starts.front() != 0 || made.m_starts.back() != header.rows ||
        !std::is_sorted(made.m_starts.begin(), made.m_starts.end()) ||
        std::any_of(made.m_order.begin(), made.m_order.end(),
                    [&header](std::uint32_t row) { return row >= header.rows; }))
        return corrupt();
    return made;
}

std::vector<InvertedLists::Places> InvertedLists::nearest(std::span<const float> query, std::int64_t least,
                                                          const RowSet *among) const
{
    const std::size_t lists = m_starts.size() - 1;
    std::vector<float> scores(lists);
    dotKernel(fastestDot())({m_centroids.data(), 2 * m_length, lists, m_length}, query.data(), scores.data());
    for (float &score : scores) {
        if (std::isnan(score)) // Of a file that was made by hand; it could not be sorted.
            score = std::numeric_limits<float>::lowest();
    }
    std::vector<std::size_t> nearestFirst(lists);
    std::iota(nearestFirst.begin(), nearestFirst.end(), std::size_t{0});
    std::sort(nearestFirst.begin(), nearestFirst.end(),
              [&scores](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
    std::vector<Places> near;
    std::int64_t found = 0;
    for (const std::size_t list : nearestFirst) {
        if (found >= least)
            break;
        near.push_back({m_starts[list], m_starts[list + 1]});
        const auto rows = m_order.subspan(m_starts[list], m_starts[list + 1] - m_starts[list]);
        found += among ? std::count_if(rows.begin(), rows.end(),
                                       [among](std::uint32_t row) { return among->contains(row); })
                       : std::ssize(rows);
    }
    return near;
}

} // namespace yingxun::vectors

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/vectors/row_index.h"

#include <utility>

namespace yingxun::vectors {

void RowIndex::takeIn(const RowLayout &layout, const EmbeddingFile &file)
{
    rowOf.reserve(static_cast<std::size_t>(file.count()));
    const auto mapping = file.mapping();
    std::vector<std::int64_t> bad;
    for (; indexed < file.count(); ++indexed) {
        const std::byte *bytes = mapping->data() + layout.offsetOf(indexed);
        if (!isIntact(layout, bytes) || !rowOf.emplace(contentOf(bytes), indexed).second)
            bad.push_back(indexed);
    }
    if (bad.empty())
        return;
    bad.insert(bad.begin(), skipped->begin(), skipped->end());
    skipped = std::make_shared<const std::vector<std::int64_t>>(std::move(bad));
}

} // namespace yingxun::vectors

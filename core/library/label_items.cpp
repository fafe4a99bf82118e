// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/library/label_items.h"

namespace yingxun::library {

Result<void> LabelItems::countIn(const Snapshot &photos, db::Catalogue &catalogue, std::vector<Label> &labels)
{
    if (photos != m_photos)
        m_counted.clear();
    m_photos = photos;
    for (Label &label : labels) {
        label.items = label.count;
        if (!photos)
            continue;
        Label &known = m_counted[label.id.value];
        if (known.id != label.id || known.count != label.count) {
            const auto contents = catalogue.contentsWithLabel(label.id);
            if (!contents)
                return contents.propagate();
            label.items = photos->itemsWith(*contents);
            known = label;
        }
        label.items = known.items;
    }
    return {};
}

} // namespace yingxun::library

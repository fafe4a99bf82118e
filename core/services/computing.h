// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>
#include <QStringList>

namespace yingxun::services {

/// Where a model computes, and with which numbers; empty: the best there is.
struct Computing {
    QString device;    ///< "cpu", "cuda:0"…
    QString precision; ///< "float32", "bfloat16", "float16".

    friend bool operator==(const Computing &a, const Computing &b)
    {
        return a.device == b.device && a.precision == b.precision;
    }
};

/// A device of this computer, with the precisions that it computes in.
struct ComputingDevice {
    QString name;
    QStringList precisions;
};

/// What there is to choose from.
struct ComputingChoices {
    QList<ComputingDevice> devices; ///< The first is the one that is taken without a choice.
    /// What command line or environment say for this start, which wins over any choice; "auto" as well.
    Computing decided;
};

} // namespace yingxun::services

// SPDX-License-Identifier: GPL-3.0-or-later
// Indexes so many files of one content, with an encoder that costs nothing, and as many files of as many
// contents beside them: a copy must never cost more than a photo, however many there are (bar: rate at least
// that of different photos, and at 8,000 copies at least 0.8 times that at 500).
#include "core/db/catalogue.h"
#include "library.h"

#include <QCoreApplication>
#include <QElapsedTimer>

#include <cstdio>

using namespace yingxun;

namespace {

/// @return photos a second, 0 when it went wrong.
double rate(int count, bool copies)
{
    const test::Library library;
    {
        auto catalogue = db::Catalogue::open(library.data());
        if (!catalogue || !catalogue->addFolder(library.folder().toStdString()))
            return 0;
    }
    for (int i = 0; i < count; ++i) {
        if (!library.paint(QString::number(i) + QStringLiteral(".png"), QColor(copies ? 7 : i / 3000, 9, 9),
                           copies ? 0 : i % 3000))
            return 0;
    }
    services::Indexer indexer(library.data(), library.encoder, library.store);
    QElapsedTimer clock;
    clock.start();
    const auto done = test::Library::finish(indexer, [&] { indexer.start(); });
    return done && done->done == count ? count * 1000.0 / static_cast<double>(clock.elapsed()) : 0;
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    double first = 0;
    for (const int count : {500, 8000}) {
        const double different = rate(count, false);
        const double copies = rate(count, true);
        if (different <= 0 || copies <= 0)
            return 1;
        first = first > 0 ? first : copies;
        std::printf("%5d photos: different %5.0f/s, copies %5.0f/s, ratio %.2f, to the first %.2f\n", count,
                    different, copies, copies / different, copies / first);
    }
    return 0;
}

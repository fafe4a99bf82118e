// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/contact_sheet.h"

#include <QFile>
#include <QFileInfo>
#include <QImage>
#include <QPainter>

using namespace Qt::StringLiterals;

namespace yingxun::app {
namespace {

constexpr int kColumns = 5;
constexpr int kCell = 220; // Pixels, square.
constexpr int kCaption = 44;
constexpr int kMargin = 16;
constexpr int kTitle = 56;

void paintPhoto(QPainter &painter, const QRect &cell, const FoundPhoto &hit, db::Catalogue &catalogue)
{
    QImage image;
    if (const auto jpeg = catalogue.thumbnail(hit.photo.hash))
        image.loadFromData(reinterpret_cast<const uchar *>(jpeg->data()), static_cast<int>(jpeg->size()));
    const QSize size = image.size().scaled(kCell, kCell, Qt::KeepAspectRatio);
    QRect place(QPoint(0, 0), size);
    place.moveCenter(QRect(cell.topLeft(), QSize(kCell, kCell)).center());
    if (!image.isNull())
        painter.drawImage(place, image);
    const QString name = QFileInfo(QFile::decodeName(hit.photo.path.c_str())).fileName();
    const QRect caption(cell.left(), cell.top() + kCell + 4, kCell, kCaption - 4);
    const QString text =
        u"%1.  %2\n"_s.arg(hit.rank).arg(static_cast<double>(hit.score.value_or(0)), 0, 'f', 3) +
        painter.fontMetrics().elidedText(name, Qt::ElideMiddle, kCell);
    painter.drawText(caption, Qt::AlignHCenter | Qt::AlignTop, text);
}

} // namespace

Result<void> writeContactSheet(const QString &file, const QString &title,
                               const std::vector<FoundPhoto> &found, db::Catalogue &catalogue)
{
    const int rows = (static_cast<int>(found.size()) + kColumns - 1) / kColumns;
    QImage sheet(kMargin + kColumns * (kCell + kMargin),
                 kTitle + rows * (kCell + kCaption + kMargin) + kMargin, QImage::Format_RGB32);
    sheet.fill(Qt::white);
    QPainter painter(&sheet);
    QFont font = painter.font();
    font.setPixelSize(24);
    painter.setFont(font);
    painter.drawText(QRect(kMargin, 0, sheet.width() - 2 * kMargin, kTitle), Qt::AlignVCenter | Qt::AlignLeft,
                     title);
    font.setPixelSize(14);
    painter.setFont(font);
    for (int i = 0; i < static_cast<int>(found.size()); ++i) {
        const QPoint corner(kMargin + i % kColumns * (kCell + kMargin),
                            kTitle + i / kColumns * (kCell + kCaption + kMargin));
        paintPhoto(painter, QRect(corner, QSize(kCell, kCell + kCaption)), found[static_cast<std::size_t>(i)],
                   catalogue);
    }
    painter.end();
    if (!sheet.save(file, "PNG"))
        return fail(ErrorCode::Io, QFile::encodeName(file).toStdString() + " cannot be written");
    return {};
}

} // namespace yingxun::app

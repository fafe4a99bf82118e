// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/program_score.h"

#include "app/cli/scratch_library.h"
#include "core/train/dataset.h"

#include <QFile>

#include <charconv>

using namespace Qt::StringLiterals;

namespace yingxun::app::cli {
namespace {

constexpr int kLooked = 10; // The largest k.

/// Each in a file named after its place in the data set.
Result<void> writePictures(const train::Dataset &data, const QString &folder)
{
    for (std::size_t image = 0; image < data.imageCount(); ++image) {
        const auto bytes = data.imageFile(image);
        if (!bytes)
            return bytes.propagate();
        QFile file(folder + u'/' + QString::number(image));
        const auto size = static_cast<qint64>(bytes->size());
        if (!file.open(QIODevice::WriteOnly) ||
            file.write(reinterpret_cast<const char *>(bytes->data()), size) != size || !file.flush())
            return fail(ErrorCode::Io,
                        file.fileName().toStdString() + ": " + file.errorString().toStdString());
    }
    return {};
}

/// The first photo that fits, counted from 0; kLooked: none of those looked at.
int firstThatFits(const std::vector<FoundPhoto> &found, const train::Dataset &data, std::uint32_t text)
{
    for (std::size_t rank = 0; rank < found.size(); ++rank) {
        const std::string name = std::filesystem::path(found[rank].photo.path).filename().string();
        std::size_t image = 0;
        std::from_chars(name.data(), name.data() + name.size(), image);
        if (data.fits(image, text))
            return static_cast<int>(rank);
    }
    return kLooked;
}

} // namespace

Result<train::RecallScores> programScores(const std::filesystem::path &prefix, const ModelWish &model,
                                          const std::stop_token &stop)
{
    const auto data = train::Dataset::open(prefix);
    if (!data)
        return data.propagate();
    const QTemporaryDir folder;
    if (!folder.isValid())
        return fail(ErrorCode::Io, folder.errorString().toStdString());
    if (auto written = writePictures(*data, folder.path()); !written)
        return written.propagate();
    auto library = ScratchLibrary::of({folder.path()}, model, stop);
    if (!library)
        return library.propagate();
    if (auto problems = library->catalogue.problems(); !problems || !problems->empty()) {
        return problems
                   ? fail(ErrorCode::CorruptData, problems->front().path + ": " + problems->front().message)
                   : problems.propagate();
    }
    train::RecallScores scores;
    scores.queries = std::ssize(data->texts());
    const double share = 100.0 / static_cast<double>(scores.queries);
    for (std::uint32_t text = 0; text < data->texts().size(); ++text) {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, "Interrupted.");
        // In quotes: a sentence may hold what would be a filter.
        QString typed = QString::fromStdString(data->texts()[text]).replace(u'"', u' ');
        const auto found = searchText(library->session, library->catalogue, u'"' + typed + u'"', kLooked);
        if (!found)
            return found.propagate();
        const int first = firstThatFits(*found, *data, text);
        scores.r1 += first < 1 ? share : 0;
        scores.r5 += first < 5 ? share : 0;
        scores.r10 += first < kLooked ? share : 0;
    }
    return scores;
}

} // namespace yingxun::app::cli

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/inputs.h"

#include "app/cli/command.h"
#include "core/base/guarded.h"
#include "core/base/utf8.h"
#include "core/image/resize.h"
#include "core/image/video.h"
#include "core/ingest/file_walk.h"
#include "core/ingest/passed_over.h"
#include "core/ingest/picture_batch.h"
#include "core/services/path_text.h"

#include <QFile>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <optional>
#include <thread>

using namespace Qt::StringLiterals;

namespace yingxun::app::cli {
namespace {

constexpr std::size_t kBatch = 64;
constexpr auto kProgressInterval = std::chrono::seconds(1);
constexpr std::string_view kBlanks = " \t\r\f\v";

using Pixels = std::vector<std::uint8_t>;

/// All lines, the empty ones too, but for those at the end.
Result<std::vector<std::string>> allLines(QFile &file, const std::string &name)
{
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::NotFound, name + " cannot be opened: " + file.errorString().toStdString());
    QByteArray text = file.readAll();
    if (!isUtf8({text.constData(), static_cast<std::size_t>(text.size())}))
        return fail(ErrorCode::Unsupported, name + " is not UTF-8: save it in that encoding");
    if (text.startsWith("\xEF\xBB\xBF"))
        text.remove(0, 3);
    std::vector<std::string> lines;
    for (const QByteArray &raw : text.split('\n')) {
        const std::string line = raw.toStdString();
        const auto begin = line.find_first_not_of(kBlanks);
        lines.push_back(begin == std::string::npos
                            ? std::string()
                            : line.substr(begin, line.find_last_not_of(kBlanks) + 1 - begin));
    }
    while (!lines.empty() && lines.back().empty())
        lines.pop_back();
    return lines;
}

std::string place(const std::string &name, std::size_t line)
{
    return name + " line " + std::to_string(line);
}

Result<Pixels> squarePixels(const std::string &path, int side)
{
    return guarded("Reading " + path, [&]() -> Result<Pixels> {
        auto picture = image::decodeFile(path, {});
        if (!picture)
            return picture.propagate();
        return image::resizeBicubic(picture->image, side, side).pixels;
    });
}

/// One result a path, read by all processors.
std::vector<Result<Pixels>> readAll(std::span<const std::string> paths, int side)
{
    std::vector<Result<Pixels>> pictures(paths.size(), Pixels());
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
        for (std::size_t i = next++; i < paths.size(); i = next++)
            pictures[i] = squarePixels(paths[i], side);
    };
    const std::size_t threads = std::min<std::size_t>(std::thread::hardware_concurrency(), paths.size());
    std::vector<std::jthread> helpers;
    for (std::size_t i = 1; i < threads; ++i)
        helpers.emplace_back(work);
    work();
    helpers.clear(); // Joins them.
    return pictures;
}

void reportUnreadable(const std::string &path, const Error &error)
{
    // Most messages, but not all, name the file.
    const bool isNamed = error.message.find(path) != std::string::npos;
    printError({error.code, isNamed ? error.message : path + ": " + error.message});
}

} // namespace

Result<std::vector<std::string>> readLines(const std::filesystem::path &path)
{
    QFile file(path);
    auto lines = allLines(file, path.string());
    if (!lines)
        return lines;
    if (lines->empty())
        return fail(ErrorCode::CorruptData, path.string() + " holds no line");
    const auto empty = std::find(lines->begin(), lines->end(), std::string());
    if (empty != lines->end()) {
        return fail(ErrorCode::CorruptData,
                    place(path.string(), static_cast<std::size_t>(empty - lines->begin()) + 1) +
                        " is empty: remove it, as the others are counted by their lines");
    }
    return lines;
}

Result<std::vector<std::string>> readTemplates(const QString &fileOrStandard)
{
    const bool isStandard = fileOrStandard == u"standard"_s;
    const std::string name = services::pathOfText(fileOrStandard);
    QFile file;
    if (isStandard)
        file.setFileName(u":/templates/standard.txt"_s);
    else
        file.setFileName(std::filesystem::path(name));
    auto lines = allLines(file, name);
    if (!lines)
        return lines;
    std::vector<std::string> templates;
    for (std::size_t i = 0; i < lines->size(); ++i) {
        std::string &line = (*lines)[i];
        if (line.empty() || line.front() == '#')
            continue;
        if (line.find("{}") == std::string::npos)
            return fail(ErrorCode::CorruptData,
                        place(name, i + 1) + ": put {} where the name is to stand: " + line);
        templates.push_back(std::move(line));
    }
    if (templates.empty())
        return fail(ErrorCode::CorruptData, name + " holds no sentence");
    return templates;
}

Result<std::vector<std::string>> photosAt(const std::string &path)
{
    std::error_code ignored;
    if (!std::filesystem::is_directory(path, ignored))
        return std::vector<std::string>{path};
    std::vector<std::string> photos;
    const auto isPicture = [](const ingest::FoundFile &file) {
        return ingest::beginsAsPicture(file.path).value_or(false);
    };
    const auto walk =
        ingest::walkPhotos(path, {path, ingest::Exclusions(ingest::defaultExclusions()), {}, isPicture}, {},
                           [&photos](const ingest::FoundFile &file) { photos.push_back(file.path); });
    if (!walk.readable)
        return fail(ErrorCode::Io, path + " cannot be read");
    for (const ingest::UnseenEntry &entry : walk.unseen) {
        if (entry.isDirectory)
            return fail(ErrorCode::Io, entry.path + " cannot be read: photos in it would be left out");
    }
    if (photos.empty())
        return fail(ErrorCode::NotFound, path + " holds no photo");
    return photos;
}

Result<std::size_t> embedPhotos(ClipEncoder &encoder, std::span<const std::string> paths,
                                const std::stop_token &stop,
                                const std::function<void(std::size_t, std::span<const float>)> &onPhoto)
{
    using Clock = std::chrono::steady_clock;
    const int side = encoder.imageSize();
    std::size_t failed = 0;
    auto told = Clock::now();
    bool hasTold = false;
    for (std::size_t first = 0; first < paths.size(); first += kBatch) {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, "Interrupted.");
        const auto batch = paths.subspan(first, std::min(kBatch, paths.size() - first));
        const auto pictures = readAll(batch, side);
        Pixels pixels;
        std::vector<std::size_t> readable;
        for (std::size_t i = 0; i < batch.size(); ++i) {
            if (pictures[i]) {
                pixels.insert(pixels.end(), pictures[i]->begin(), pictures[i]->end());
                readable.push_back(first + i);
            } else {
                reportUnreadable(batch[i], pictures[i].error());
                ++failed;
            }
        }
        if (!readable.empty()) {
            const auto embedded = ingest::embedPictures(encoder, pixels, static_cast<int>(readable.size()));
            if (!embedded)
                return embedded.propagate();
            int row = 0;
            for (std::size_t i = 0; i < readable.size(); ++i) {
                if (const auto &error = embedded->errors[i]) {
                    reportUnreadable(paths[readable[i]], *error);
                    ++failed;
                } else {
                    onPhoto(readable[i], embedded->embeddings.row(row++));
                }
            }
        }
        if (Clock::now() - told >= kProgressInterval) {
            told = Clock::now();
            hasTold = true;
            printProgress(Text::tr("%1 of %2 photos, %3 unreadable")
                              .arg(first + batch.size())
                              .arg(paths.size())
                              .arg(failed)
                              .toStdString());
        }
    }
    if (hasTold)
        endProgress();
    return failed;
}

} // namespace yingxun::app::cli

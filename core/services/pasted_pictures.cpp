// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/pasted_pictures.h"

#include "core/base/atomic_file.h"
#include "core/base/content_hasher.h"
#include "core/base/private_files.h"

#include <QBuffer>
#include <QImage>

#include <algorithm>
#include <system_error>

namespace yingxun::services {

namespace fs = std::filesystem;

Result<fs::path> PastedPictures::keep(const QImage &picture) const
{
    QBuffer png;
    if (!png.open(QIODevice::WriteOnly) || !picture.save(&png, "PNG"))
        return fail(ErrorCode::Unsupported, "what was pasted is not a picture");
    const auto bytes = std::as_bytes(std::span(png.data().constData(), std::size_t(png.data().size())));
    auto path = m_folder / (contentHash(bytes).hex() + ".png");
    std::error_code ignored;
    if (fs::exists(path, ignored))
        return path;
    if (const auto error = makePrivateDirectory(m_folder))
        return fail(ErrorCode::Io, m_folder.string() + " cannot be made: " + error.message());
    auto file = AtomicFile::create(path, Readers::Owner);
    if (!file)
        return file.propagate();
    file->write(bytes);
    if (auto written = file->commit(); !written)
        return written.propagate();
    return path;
}

Result<void> PastedPictures::forgetAllBut(const std::vector<std::string> &lines) const
{
    std::error_code error;
    std::vector<fs::path> unnamed;
    for (fs::directory_iterator at(m_folder, error), end; !error && at != end; at.increment(error)) {
        const std::string name = at->path().filename().string();
        if (std::ranges::none_of(
                lines, [&name](const std::string &line) { return line.find(name) != std::string::npos; }))
            unnamed.push_back(at->path());
    }
    if (error == std::errc::no_such_file_or_directory)
        return {};
    Result<void> done =
        error ? fail(ErrorCode::Io, m_folder.string() + ": " + error.message()) : Result<void>();
    for (const fs::path &file : unnamed) {
        if (!fs::remove(file, error) && error && done)
            done = fail(ErrorCode::Io, file.string() + " cannot be removed: " + error.message());
    }
    return done;
}

} // namespace yingxun::services

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/folder_score.h"

#include <algorithm>

namespace fs = std::filesystem;

namespace yingxun::app::cli {
namespace {

Result<std::vector<fs::path>> foldersIn(const fs::path &top)
{
    std::error_code error;
    std::vector<fs::path> folders;
    for (auto entry = fs::directory_iterator(top, error); !error && entry != fs::directory_iterator();
         entry.increment(error)) {
        std::error_code ignored;
        if (entry->is_directory(ignored))
            folders.push_back(entry->path());
    }
    if (error)
        return fail(ErrorCode::Io, top.string() + " cannot be read: " + error.message());
    std::sort(folders.begin(), folders.end(), [](const fs::path &a, const fs::path &b) {
        return a.filename().native() < b.filename().native();
    });
    return folders;
}

Result<fs::path> namesIn(const fs::path &top)
{
    std::error_code ignored;
    // A name that ends in a slash has an empty last part.
    const fs::path whole = fs::absolute(top / "").parent_path();
    for (const fs::path &folder : {whole, whole.parent_path()}) {
        if (fs::is_regular_file(folder / "label_cn.txt", ignored))
            return folder / "label_cn.txt";
    }
    return fail(ErrorCode::NotFound, "there is no label_cn.txt in " + top.string() +
                                         " nor beside it: name the file of class names with --classes");
}

} // namespace

Result<ClassFolders> findClassFolders(const fs::path &top, const fs::path &namesFile)
{
    auto names = namesFile.empty() ? namesIn(top) : Result<fs::path>(namesFile);
    if (!names)
        return names.propagate();
    auto lines = readLines(*names);
    if (!lines)
        return lines.propagate();
    fs::path within = top;
    std::error_code ignored;
    for (const char *part : {"train", "test"}) { // The last that is there.
        if (fs::is_directory(top / part, ignored))
            within = top / part;
    }
    auto folders = foldersIn(within);
    if (!folders)
        return folders.propagate();
    if (folders->size() != lines->size())
        return fail(ErrorCode::CorruptData,
                    within.string() + " has " + std::to_string(folders->size()) + " class folders, but " +
                        names->string() + " has " + std::to_string(lines->size()) +
                        " lines: one name a line, in the order of the folders' names");
    ClassFolders data{*std::move(folders), {}};
    for (std::size_t i = 0; i < lines->size(); ++i)
        data.classes.push_back({data.folders[i].filename().string(), {std::move((*lines)[i])}});
    return data;
}

Result<FolderScores> folderScores(ClipEncoder &encoder, const ClassFolders &data,
                                  std::span<const std::string> templates, const std::stop_token &stop)
{
    const auto rows = train::classifier(encoder.model(), data.classes, templates);
    if (!rows)
        return rows.propagate();
    std::vector<std::string> pictures;
    std::vector<std::size_t> truths;
    for (std::size_t i = 0; i < data.folders.size(); ++i) {
        const auto some = photosAt(data.folders[i].string());
        if (!some && some.error().code == ErrorCode::NotFound)
            continue; // A class of which there is no picture.
        if (!some)
            return some.propagate();
        pictures.insert(pictures.end(), some->begin(), some->end());
        truths.resize(pictures.size(), i);
    }
    if (pictures.empty())
        return fail(ErrorCode::NotFound, data.folders.empty() ? "there is no class folder"
                                                              : data.folders.front().parent_path().string() +
                                                                    " holds no picture in its folders");
    train::ZeroShotTally tally(rows->count);
    const auto failed =
        embedPhotos(encoder, pictures, stop, [&](std::size_t picture, std::span<const float> row) {
            tally.add(train::cosines(row, *rows), truths[picture]);
        });
    if (!failed)
        return failed.propagate();
    return FolderScores{tally.scores(), *failed};
}

} // namespace yingxun::app::cli

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/everyday_score.h"

#include "app/cli/scratch_library.h"
#include "core/services/path_text.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace yingxun::app::cli {
namespace {

constexpr std::size_t kMostCounted = 5;

struct Query {
    std::string text;
    std::set<std::string> right; ///< Absolute paths.
};

Result<std::string> photoPath(const std::filesystem::path &folder, const std::string &name)
{
    std::error_code ignored;
    for (const auto &base : {folder, folder.parent_path()}) {
        const auto path = base / name;
        if (std::filesystem::is_regular_file(path, ignored))
            return path.string();
    }
    return fail(ErrorCode::NotFound, name + " is not in " + folder.string() + " nor beside it");
}

Result<std::vector<Query>> readQueries(const std::filesystem::path &file, const std::filesystem::path &folder)
{
    std::ifstream in(file);
    if (!in)
        return fail(ErrorCode::NotFound, file.string() + " cannot be opened");
    std::vector<Query> queries;
    std::string line;
    std::getline(in, line); // The heading.
    for (int number = 2; std::getline(in, line); ++number) {
        const auto tab = line.find('\t');
        if (tab == 0 || tab == std::string::npos || tab + 1 == line.size())
            return fail(ErrorCode::CorruptData, file.string() + " line " + std::to_string(number) +
                                                    ": expected a query, a tab and the right photos");
        Query query{line.substr(0, tab), {}};
        std::istringstream names(line.substr(tab + 1));
        for (std::string name; std::getline(names, name, '|');) {
            auto path = photoPath(folder, name);
            if (!path)
                return path.propagate();
            query.right.insert(*std::move(path));
        }
        queries.push_back(std::move(query));
    }
    if (queries.empty())
        return fail(ErrorCode::CorruptData, file.string() + " holds no query");
    return queries;
}

} // namespace

Result<std::vector<QueryScore>> everydayScores(const QString &queryFile, const QString &folderName,
                                               const ModelWish &model, const std::stop_token &stop)
{
    std::error_code error;
    const auto folder = std::filesystem::canonical(services::pathOfText(folderName), error);
    if (error)
        return fail(ErrorCode::NotFound, folderName.toStdString() + ": " + error.message());
    const auto queries = readQueries(services::pathOfText(queryFile), folder);
    if (!queries)
        return queries.propagate();

    auto library = ScratchLibrary::of({folderName}, model, stop);
    if (!library)
        return library.propagate();
    std::vector<QueryScore> scores;
    for (const Query &query : *queries) {
        QueryScore score{query.text, 0, static_cast<int>(std::min(query.right.size(), kMostCounted))};
        const auto found = searchText(library->session, library->catalogue,
                                      QString::fromStdString(query.text), score.counted);
        if (!found)
            return found.propagate();
        for (const FoundPhoto &hit : *found)
            score.right += query.right.contains(hit.photo.path) ? 1 : 0;
        scores.push_back(std::move(score));
    }
    return scores;
}

} // namespace yingxun::app::cli

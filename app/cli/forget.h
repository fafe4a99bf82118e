// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <filesystem>

namespace yingxun::app::cli {

/// Deletes the embeddings of one model from a library, never those of the model in use.
/// @param model  its id, or its identity. @return an ExitCode
int forgetEmbeddings(const std::filesystem::path &data, const QString &model, bool yes, bool json);

} // namespace yingxun::app::cli

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/forget.h"

#include "app/cli/command.h"
#include "app/startup.h"
#include "core/base/json_writer.h"
#include "core/clip/identity.h"
#include "core/models/model_store.h"
#include "core/vectors/embedding_list.h"

#include <algorithm>

namespace yingxun::app::cli {
namespace {

using Listings = std::vector<vectors::EmbeddingListing>;

/// The one that its embeddings are listed under: they may not have been opened since it was another.
Result<std::string> identityOfModelAt(const std::filesystem::path &folder, const Listings &all)
{
    const auto source = clip::openModel(folder);
    if (!source)
        return source.propagate();
    const auto isListed = [&all](const std::string &identity) {
        return std::any_of(all.begin(), all.end(), [&](const auto &one) { return one.identity == identity; });
    };
    auto identity = clip::identityOf(*source);
    if (!identity || all.empty() || isListed(*identity))
        return identity;
    auto former = clip::formerIdentityOf(*source);
    return former && isListed(*former) ? former : identity;
}

/// Of those listed the one that is meant. Errors: NotFound, InvalidArgument (several have that name).
Result<vectors::EmbeddingListing> listingOf(const Listings &all, const std::string &model,
                                            const std::filesystem::path &data)
{
    std::string wanted = model;
    const auto installed = models::ModelStore(modelsFolder(data), models::Manifest::builtIn()).find(model);
    if (installed) { // Its name may be another's as well, its identity is not.
        if (auto identity = identityOfModelAt(installed->folder, all))
            wanted = *std::move(identity);
    }
    std::vector<vectors::EmbeddingListing> found;
    for (const vectors::EmbeddingListing &one : all) {
        if (one.identity == wanted || one.name == wanted)
            found.push_back(one);
    }
    if (found.size() == 1)
        return found.front();
    if (found.empty())
        return fail(ErrorCode::NotFound,
                    Text::tr("This library has no embeddings of “%1”. “yingxun-cli info” lists the models.")
                        .arg(QString::fromStdString(model))
                        .toStdString());
    QString identities;
    for (const vectors::EmbeddingListing &one : found)
        identities += QLatin1Char('\n') + QString::fromStdString(one.identity);
    return fail(ErrorCode::InvalidArgument,
                Text::tr("Several models are called “%1”. Name one of them by its digits:%2")
                    .arg(QString::fromStdString(model), identities)
                    .toStdString());
}

} // namespace

int forgetEmbeddings(const std::filesystem::path &data, const QString &model, bool yes, bool json)
{
    const auto folder = vectors::embeddingsFolder(data);
    const Listings all = vectors::listEmbeddings(folder);
    const auto listing = listingOf(all, model.toStdString(), data);
    if (!listing)
        return cannotLoad(listing.error());
    const auto inUse = identityOfModelAt(modelFolder({}, data), all);
    if (!inUse)
        return printError(inUse.error());
    const QString shown = QString::fromStdString(listing->name.empty() ? listing->identity : listing->name);
    if (*inUse == listing->identity)
        return printError(
            {ErrorCode::InvalidArgument,
             Text::tr("“%1” is the model in use; choose another one first.").arg(shown).toStdString()});
    if (!yes) {
        const QString question =
            Text::tr("Delete the %1 embeddings made with “%2”? [y/N]").arg(listing->count).arg(shown);
        if (const auto end = unlessConfirmed(question))
            return *end;
    }
    if (auto deleted = vectors::deleteEmbeddings(folder, listing->identity); !deleted)
        return printError(deleted.error());
    printLine(json ? JsonWriter()
                         .beginObject()
                         .member("forgotten", listing->identity)
                         .member("embeddings", listing->count)
                         .endObject()
                         .text()
                   : Text::tr("The embeddings of “%1” are deleted.").arg(shown).toStdString());
    return Success;
}

} // namespace yingxun::app::cli

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "core/db/access.h"
#include "core/query/zero_shot.h"

#include <algorithm>
#include <numeric>

using namespace Qt::StringLiterals;

namespace yingxun::app::cli {
namespace {

constexpr int kThreads = 2;

Result<void> assign(db::Catalogue &catalogue, const std::string &label,
                    const std::vector<ContentHash> &contents)
{
    auto id = catalogue.addLabel(label);
    if (!id)
        return id.propagate();
    if (auto assigned = catalogue.assignLabel(*id, contents); !assigned)
        return assigned.propagate();
    return {};
}

} // namespace

int labelCommand(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        Text::tr("Prints the photos that match label words, with probabilities over all the words given."));
    addLibraryOptions(parser);
    parser.addOption({u"threshold"_s, Text::tr("Print photos from this <probability> on."),
                      Text::tr("probability"), u"0.5"_s});
    parser.addOption({u"assign"_s, Text::tr("Also assign the labels to these photos in the library.")});
    parser.addPositionalArgument(u"word"_s, Text::tr("Label words, in Chinese."), u"word…"_s);
    if (const auto end = parse(parser, arguments))
        return *end;
    if (parser.positionalArguments().isEmpty()) {
        printError({ErrorCode::InvalidArgument, Text::tr("Name at least one label word.").toStdString()});
        return Usage;
    }
    const auto threshold = numberOption(parser, u"threshold"_s, 0, 1);
    if (!threshold)
        return Usage;
    auto session = openLibrary(parser);
    if (!session)
        return cannotLoad(session.error());
    endWhenInterrupted();
    auto catalogue = db::Catalogue::open(session->data);
    if (!catalogue)
        return printError(catalogue.error());
    if (parser.isSet(u"assign"_s) && catalogue->isReadOnly())
        return printError(db::writeProtected(session->data).error);
    std::vector<std::string> labels; // As they were typed: the names of labels.
    std::vector<std::string> texts;
    for (const QString &word : parser.positionalArguments()) {
        auto text = searchedText(*session, word);
        if (!text)
            return printError(text.error());
        labels.push_back(word.toStdString());
        texts.push_back(*std::move(text));
    }
    const auto everywhere = []() -> const vectors::RowSet * { return nullptr; };
    const auto all = query::ZeroShot(session->encoder).shares(texts, *session->store, everywhere, kThreads);
    if (!all)
        return printError(all.error());
    for (std::size_t label = 0; label < labels.size(); ++label) {
        const std::vector<float> &shares = all->ofLabels[label];
        std::vector<std::size_t> order(shares.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::stable_sort(order.begin(), order.end(),
                         [&shares](std::size_t a, std::size_t b) { return shares[a] > shares[b]; });
        std::vector<ContentHash> matching;
        for (const std::size_t i : order) {
            if (static_cast<double>(shares[i]) < *threshold)
                break;
            const auto photos = catalogue->photosWithContent(all->contents[i]);
            if (!photos)
                return printError(photos.error());
            if (!photos->empty()) // The store keeps the embeddings of photos that have left the library.
                matching.push_back(all->contents[i]);
            for (const Photo &photo : *photos) {
                if (parser.isSet(u"json"_s)) {
                    JsonWriter json;
                    json.beginObject()
                        .member("label", labels[label])
                        .member("probability", jsonNumber(shares[i], 6))
                        .member("kind", kindName(photo));
                    printLine(putPath(json, "path", photo.path).endObject().text());
                } else {
                    printLine(labels[label] + "\t" + number(shares[i], 4) + "\t" + photo.path);
                }
            }
        }
        if (parser.isSet(u"assign"_s)) {
            if (auto done = assign(*catalogue, labels[label], matching); !done)
                return printError(done.error());
        }
    }
    return Success;
}

} // namespace yingxun::app::cli

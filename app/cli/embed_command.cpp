// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/cli/inputs.h"
#include "app/cli/npy.h"
#include "app/startup.h"
#include "core/base/atomic_file.h"
#include "core/base/json_writer.h"
#include "core/clip/safetensors.h"
#include "core/services/path_text.h"

#include <optional>

using namespace Qt::StringLiterals;

namespace yingxun::app::cli {
namespace {

constexpr std::size_t kTextBatch = 64;

enum class Form { Lines, Npy, Safetensors };

std::optional<Form> formOf(const QString &output)
{
    if (output.isEmpty() || output.endsWith(u".jsonl"_s))
        return Form::Lines;
    if (output.endsWith(u".npy"_s))
        return Form::Npy;
    if (output.endsWith(u".safetensors"_s))
        return Form::Safetensors;
    return std::nullopt;
}

std::string jsonStrings(const std::vector<std::string> &texts)
{
    JsonWriter json;
    json.beginArray();
    for (const std::string &text : texts)
        json.value(text);
    return json.endArray().text();
}

/// Embedded rows with what they are of.
struct Rows {
    std::vector<std::string> names;
    Embeddings embeddings;

    void add(const std::string &name, std::span<const float> row)
    {
        names.push_back(name);
        embeddings.values.insert(embeddings.values.end(), row.begin(), row.end());
        embeddings.dimension = static_cast<int>(row.size());
        ++embeddings.count;
    }
};

clip::TensorView tensor(const std::string &name, const Embeddings &rows)
{
    return {name,
            clip::DType::F32,
            {rows.count, rows.dimension},
            reinterpret_cast<const std::byte *>(rows.values.data()),
            rows.values.size() * sizeof(float)};
}

Result<void> writeTensors(const std::filesystem::path &path, const Rows &images, const Rows &texts,
                          const std::string &model)
{
    std::vector<clip::TensorView> tensors;
    std::map<std::string, std::string> metadata{{"model", model}};
    if (images.embeddings.count > 0) {
        tensors.push_back(tensor("img_embedding", images.embeddings));
        metadata["images"] = jsonStrings(images.names);
    }
    if (texts.embeddings.count > 0) {
        tensors.push_back(tensor("text_embedding", texts.embeddings));
        metadata["texts"] = jsonStrings(texts.names);
    }
    return clip::writeSafetensors(path, tensors, metadata);
}

Result<std::vector<std::string>> askedTexts(const QCommandLineParser &parser)
{
    std::vector<std::string> texts;
    for (const QString &text : parser.values(u"text"_s))
        texts.push_back(text.toStdString());
    for (const QString &file : parser.values(u"text-file"_s)) {
        auto lines = readLines(services::pathOfText(file));
        if (!lines)
            return lines;
        texts.insert(texts.end(), lines->begin(), lines->end());
    }
    return texts;
}

int wrong(const QString &message)
{
    printError({ErrorCode::InvalidArgument, message.toStdString()});
    return Usage;
}

/// Embeds everything and writes it. @return how many photos could not be read.
Result<std::size_t> embedTo(ClipEncoder &encoder, const std::vector<std::string> &photos,
                            const std::vector<std::string> &texts, const std::filesystem::path &output,
                            Form form, const std::stop_token &stop)
{
    std::optional<AtomicFile> lines;
    if (form == Form::Lines && !output.empty()) {
        auto file = AtomicFile::create(output);
        if (!file)
            return file.propagate();
        lines.emplace(*std::move(file));
    }
    // Ends an object that says what the row is of.
    const auto put = [&lines](JsonWriter &json, std::span<const float> row) {
        std::string line = json.array("embedding", row).endObject().text();
        if (!lines)
            return printLine(line);
        line += '\n';
        lines->write(std::as_bytes(std::span(line)));
    };
    Rows imageRows;
    Rows textRows;
    const auto failed =
        embedPhotos(encoder, photos, stop, [&](std::size_t photo, std::span<const float> row) {
            JsonWriter json;
            if (form == Form::Lines)
                put(putPath(json.beginObject(), "image", photos[photo]), row);
            else
                imageRows.add(photos[photo], row);
        });
    if (!failed)
        return failed;
    for (std::size_t first = 0; first < texts.size(); first += kTextBatch) {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, "Interrupted.");
        const auto batch = std::span(texts).subspan(first, std::min(kTextBatch, texts.size() - first));
        const auto rows = encoder.encodeTexts(batch);
        if (!rows)
            return rows.propagate();
        for (std::size_t i = 0; i < batch.size(); ++i) {
            const auto row = rows->row(static_cast<int>(i));
            JsonWriter json;
            if (form == Form::Lines)
                put(json.beginObject().member("text", batch[i]), row);
            else
                textRows.add(batch[i], row);
        }
    }
    Result<void> written;
    if (*failed == photos.size() && texts.empty()) {
        if (!output.empty())
            return fail(ErrorCode::CorruptData,
                        "no photo could be read, so " + output.string() + " is not written");
    } else if (lines) {
        written = lines->commit();
    } else if (form == Form::Npy) {
        written = writeNpy(output, photos.empty() ? textRows.embeddings : imageRows.embeddings);
    } else if (form == Form::Safetensors) {
        written = writeTensors(output, imageRows, textRows, encoder.identity());
    }
    if (!written)
        return written.propagate();
    return failed;
}

} // namespace

int embedCommand(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(Text::tr(
        "Embeds photos and texts: rows of length 1, for programs that compare them. Without --output "
        "they are printed as JSON, one object a line. Photos are turned upright as their EXIF data "
        "says; the reference implementation ignores it."));
    addModelOptions(parser);
    parser.addOption({u"text"_s, Text::tr("Embed <text>; may be repeated."), Text::tr("text")});
    parser.addOption(
        {u"text-file"_s, Text::tr("Embed each line of <file>; may be repeated."), Text::tr("file")});
    parser.addOption(
        {{u"o"_s, u"output"_s},
         Text::tr("Write <file>: .safetensors (tensors img_embedding and text_embedding; paths and texts in "
                  "its metadata), .npy (one array: of photos or of texts) or .jsonl."),
         Text::tr("file")});
    parser.addPositionalArgument(u"photo"_s, Text::tr("Photos, or folders of photos."), u"[photo…]"_s);
    if (const auto end = parse(parser, arguments))
        return *end;
    const QString output = parser.value(u"output"_s);
    const auto form = formOf(output);
    const bool hasTexts = parser.isSet(u"text"_s) || parser.isSet(u"text-file"_s);
    const QStringList named = parser.positionalArguments();
    if (named.isEmpty() && !hasTexts)
        return wrong(Text::tr("Name photos, or texts with --text or --text-file."));
    if (!form)
        return wrong(Text::tr("The output must end in .npy, .safetensors or .jsonl."));
    if (*form == Form::Npy && hasTexts && !named.isEmpty())
        return wrong(Text::tr("A .npy file holds one array: write photos and texts to a .safetensors file, "
                              "or each to a .npy file of its own."));

    const std::stop_token stop = interruption(); // Before other threads begin.
    const auto texts = askedTexts(parser);
    if (!texts)
        return printError(texts.error());
    std::vector<std::string> photos;
    for (const QString &name : named) {
        auto some = photosAt(services::pathOfText(name));
        if (!some)
            return printError(some.error());
        photos.insert(photos.end(), some->begin(), some->end());
    }
    auto model = loadModel(modelWish(parser), stop);
    if (!model)
        return cannotLoad(model.error());
    ClipEncoder encoder(*std::move(model));
    const auto failed = embedTo(encoder, photos, *texts, services::pathOfText(output), *form, stop);
    if (!failed) {
        printError(failed.error());
        return failed.error().code == ErrorCode::Cancelled ? Interrupted : Failure;
    }
    if (*failed == 0)
        return Success;
    return printError({ErrorCode::CorruptData, Text::tr("%1 of %2 photos could not be read and have no row.")
                                                   .arg(*failed)
                                                   .arg(photos.size())
                                                   .toStdString()});
}

} // namespace yingxun::app::cli

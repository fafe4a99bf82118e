// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/picture_tools.h"
#include "app/startup.h"
#include "core/services/path_text.h"
#include "core/train/trainer.h"

#include <chrono>

using namespace Qt::StringLiterals;

namespace yingxun::app::cli {
namespace {

struct Setting {
    const char *name;
    const char *standard;
    double low;
    double high;
    const char *meaning;
};

// The standards are the reference's.
constexpr Setting kSettings[] = {
    {"epochs", "1", 1, 1e6, QT_TRANSLATE_NOOP("yingxun::app::cli::Text", "Go through the data this often.")},
    {"steps", "0", 0, 1e9,
     QT_TRANSLATE_NOOP("yingxun::app::cli::Text", "Stop after so many steps (0: the epochs decide).")},
    {"batch", "64", 2, 65536, QT_TRANSLATE_NOOP("yingxun::app::cli::Text", "Pairs of one step.")},
    {"accumulation", "1", 1, 4096,
     QT_TRANSLATE_NOOP("yingxun::app::cli::Text",
                       "Parts in which a batch passes the towers, to save memory.")},
    {"extra-texts", "0", 0, 65536,
     QT_TRANSLATE_NOOP("yingxun::app::cli::Text", "Further texts in each batch, as negatives.")},
    {"mask-ratio", "0", 0, 0.99,
     QT_TRANSLATE_NOOP("yingxun::app::cli::Text", "Share of the patches that a ViT is not shown (FLIP).")},
    {"distillation", "0.5", 0, 100,
     QT_TRANSLATE_NOOP("yingxun::app::cli::Text", "Weight of the teacher's loss.")},
    {"lr", "0.0005", 0, 10, QT_TRANSLATE_NOOP("yingxun::app::cli::Text", "Highest learning rate.")},
    {"beta1", "0.9", 0, 1, QT_TRANSLATE_NOOP("yingxun::app::cli::Text", "AdamW's first beta.")},
    {"beta2", "0.98", 0, 1, QT_TRANSLATE_NOOP("yingxun::app::cli::Text", "AdamW's second beta.")},
    {"epsilon", "1e-6", 0, 1, QT_TRANSLATE_NOOP("yingxun::app::cli::Text", "AdamW's epsilon.")},
    {"weight-decay", "0.2", 0, 10, QT_TRANSLATE_NOOP("yingxun::app::cli::Text", "Weight decay.")},
    {"warmup", "500", 0, 1e9, QT_TRANSLATE_NOOP("yingxun::app::cli::Text", "Steps of rising learning rate.")},
    {"image-size", "0", 0, 2048,
     QT_TRANSLATE_NOOP("yingxun::app::cli::Text", "Train at this picture size (0: the model's).")},
    {"smallest-crop", "0.5", 0.01, 1,
     QT_TRANSLATE_NOOP("yingxun::app::cli::Text", "Least share of a picture that augmentation keeps.")},
    {"checkpoint-every", "200", 1, 1e9,
     QT_TRANSLATE_NOOP("yingxun::app::cli::Text", "Steps between checkpoints.")},
    {"seed", "123", 0, 4e9, QT_TRANSLATE_NOOP("yingxun::app::cli::Text", "Of the pseudo-random choices.")},
};

/// PREFIX or PREFIX*REPEAT
Result<train::TrainData> dataOf(const QString &argument)
{
    const qsizetype star = argument.lastIndexOf(u'*');
    train::TrainData data;
    data.prefix = services::pathOfText(star < 0 ? argument : argument.left(star));
    bool ok = true;
    if (star >= 0)
        data.repeat = argument.mid(star + 1).toInt(&ok);
    if (!ok || data.repeat < 1)
        return fail(ErrorCode::InvalidArgument,
                    Text::tr("“%1” is not PREFIX or PREFIX*REPEAT.").arg(argument).toStdString());
    return data;
}

Result<train::TrainOptions> optionsOf(const QCommandLineParser &parser)
{
    train::TrainOptions options;
    for (const QString &argument : parser.positionalArguments()) {
        auto data = dataOf(argument);
        if (!data)
            return data.propagate();
        options.data.push_back(*data);
    }
    for (const Setting &setting : kSettings) {
        if (!numberOption(parser, QString::fromLatin1(setting.name), setting.low, setting.high))
            return fail(ErrorCode::InvalidArgument,
                        Text::tr("The options do not fit; --help explains them.").toStdString());
    }
    const auto value = [&parser](const char *name) {
        return parser.value(QString::fromLatin1(name)).toDouble();
    };
    ModelWish wish;
    wish.device = parser.value(u"device"_s);
    wish.precision = u"auto"_s; // --bfloat16 is its own choice.
    auto resolved = loadOptions(wish);
    if (!resolved)
        return resolved.propagate();
    options.device = std::move(resolved->device);
    options.model = modelFolder(parser.value(u"model"_s), dataDirectory({}));
    options.output = services::pathOfText(parser.value(u"output"_s));
    options.fromScratch = parser.isSet(u"from-scratch"_s);
    options.freezeImageTower = parser.isSet(u"freeze-image-tower"_s);
    options.augment = !parser.isSet(u"no-augmentation"_s);
    options.degrade = parser.isSet(u"degrade"_s);
    options.precision = parser.isSet(u"bfloat16"_s) ? train::Precision::BFloat16 : train::Precision::Float32;
    options.halfOutput = parser.isSet(u"half"_s);
    options.epochs = static_cast<int>(value("epochs"));
    options.maximumSteps = static_cast<std::int64_t>(value("steps"));
    options.batchSize = static_cast<int>(value("batch"));
    options.accumulation = static_cast<int>(value("accumulation"));
    options.extraTexts = static_cast<int>(value("extra-texts"));
    options.maskRatio = value("mask-ratio");
    options.distillation = value("distillation");
    options.teacher = services::pathOfText(parser.value(u"teacher"_s));
    options.recompute = parser.isSet(u"gradient-checkpointing"_s);
    options.learningRate = value("lr");
    options.beta1 = value("beta1");
    options.beta2 = value("beta2");
    options.epsilon = value("epsilon");
    options.weightDecay = value("weight-decay");
    options.warmup = static_cast<std::int64_t>(value("warmup"));
    options.imageSize = static_cast<int>(value("image-size"));
    options.smallestCrop = value("smallest-crop");
    options.checkpointEvery = static_cast<std::int64_t>(value("checkpoint-every"));
    options.seed = static_cast<std::uint64_t>(value("seed"));
    return options;
}

void addOptions(QCommandLineParser &parser)
{
    parser.addOption({u"model"_s, Text::tr("Start from this model <folder>."), Text::tr("folder")});
    parser.addOption({u"output"_s,
                      Text::tr("Write the model and its checkpoint to <folder>; running again goes on."),
                      Text::tr("folder")});
    parser.addOption(
        {u"from-scratch"_s, Text::tr("Take only config.json and vocab.txt from the model folder.")});
    parser.addOption(
        {u"freeze-image-tower"_s, Text::tr("Train the text tower alone (the first of two stages).")});
    parser.addOption(
        {u"teacher"_s, Text::tr("Imitate the image embeddings of the <model>, too."), Text::tr("model")});
    parser.addOption({u"gradient-checkpointing"_s,
                      Text::tr("Compute again in the backward pass instead of keeping; saves memory.")});
    parser.addOption({u"no-augmentation"_s, Text::tr("Show pictures as they are.")});
    parser.addOption(
        {u"degrade"_s, Text::tr("Take detail from pictures at random, so that data sets cannot be told "
                                "apart by their quality.")});
    parser.addOption(
        {u"device"_s,
         Text::tr("Train on <device>: auto, cpu, cuda:0…, mps (default: $YINGXUN_DEVICE, else "
                  "auto, the first graphics card, else the processor). A run may go on upon another."),
         Text::tr("device")});
    parser.addOption(
        {u"bfloat16"_s, Text::tr("Compute in bfloat16; faster where the device has units for it.")});
    parser.addOption({u"half"_s, Text::tr("Write the model as fp16.")});
    parser.addOption({u"json"_s, Text::tr("Print JSON, one object a line.")});
    for (const Setting &setting : kSettings) {
        parser.addOption({QString::fromLatin1(setting.name), Text::tr(setting.meaning), Text::tr("number"),
                          QString::fromLatin1(setting.standard)});
    }
    parser.addPositionalArgument(u"data"_s,
                                 Text::tr("Data sets: PREFIX for PREFIX_imgs.tsv and PREFIX_texts.jsonl, "
                                          "or PREFIX*REPEAT to show its pictures more often."),
                                 u"data…"_s);
}

std::string jsonLine(const train::TrainProgress &p)
{
    return JsonWriter()
        .beginObject()
        .member("step", p.step)
        .member("total", p.totalSteps)
        .member("loss", jsonNumber(p.loss, 6))
        .member("accuracy", jsonNumber(p.imageAccuracy, 4))
        .member("logit_scale", jsonNumber(p.logitScale, 4))
        .member("lr", jsonNumber(p.learningRate, 8))
        .member("images_per_second", jsonNumber(p.imagesPerSecond, 1))
        .member("seconds_left", jsonNumber(p.secondsLeft, 0))
        .endObject()
        .text();
}

} // namespace

int trainCommand(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        Text::tr("Trains a model with the symmetric contrastive loss on data in the Chinese-CLIP layout."));
    addOptions(parser);
    if (const auto end = parse(parser, arguments))
        return *end;
    if (parser.positionalArguments().isEmpty() || !parser.isSet(u"model"_s) || !parser.isSet(u"output"_s)) {
        printError({ErrorCode::InvalidArgument,
                    Text::tr("Name --model, --output and at least one data set.").toStdString()});
        return Usage;
    }
    const auto options = optionsOf(parser);
    if (!options) {
        printError(options.error());
        return Usage;
    }
    const std::stop_token stop = interruption();
    const bool json = parser.isSet(u"json"_s);
    auto last = std::chrono::steady_clock::time_point();
    const auto report = train::train(
        *options, pictureTools(),
        [&](const train::TrainProgress &p) {
            const auto now = std::chrono::steady_clock::now();
            if (now - last < std::chrono::seconds(1) && p.step != p.totalSteps)
                return;
            last = now;
            if (json) {
                printLine(jsonLine(p));
            } else {
                printProgress(
                    Text::tr(
                        "step %1 of %2, epoch %3, loss %4, accuracy %5, scale %6, %7 pictures/s, %8 min left")
                        .arg(p.step)
                        .arg(p.totalSteps)
                        .arg(p.epoch, 0, 'f', 2)
                        .arg(p.loss, 0, 'f', 3)
                        .arg(p.imageAccuracy, 0, 'f', 3)
                        .arg(p.logitScale, 0, 'f', 1)
                        .arg(p.imagesPerSecond, 0, 'f', 0)
                        .arg(p.secondsLeft / 60, 0, 'f', 1)
                        .toStdString());
            }
        },
        stop);
    endProgress();
    if (!report)
        return printError(report.error());
    if (report->unreadable > 0)
        printProgress(Text::tr("%n picture(s) could not be read and were left out.", nullptr,
                               static_cast<int>(report->unreadable))
                          .toStdString() +
                      "\n");
    return report->stopped ? Interrupted : Success;
}

} // namespace yingxun::app::cli

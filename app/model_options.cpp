// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/model_options.h"

#include <QCommandLineParser>
#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace yingxun::app {
namespace {

class Text
{
    Q_DECLARE_TR_FUNCTIONS(yingxun::app::ModelOptions)
};

} // namespace

void addModelOptions(QCommandLineParser &parser)
{
    parser.addOption({u"model"_s,
                      Text::tr("Use the model in <folder>, or the installed one with that id (“yingxun-cli "
                               "models” lists them)."),
                      Text::tr("folder")});
    parser.addOption({u"device"_s,
                      Text::tr("Run the model on <device>: auto, cpu, cuda:0…, mps (default: "
                               "$YINGXUN_DEVICE, else auto, the fastest one)."),
                      Text::tr("device")});
    parser.addOption({u"precision"_s,
                      Text::tr("Compute in <precision>: auto, float32, bfloat16, float16 (default: "
                               "$YINGXUN_PRECISION, else auto, the fastest that the device has units for)."),
                      Text::tr("precision")});
    parser.addOption({u"memory"_s,
                      Text::tr("Let the model take at most <MiB> of its device's memory (default: "
                               "$YINGXUN_MEMORY, else what there is)."),
                      Text::tr("MiB")});
    parser.addOption({u"exact-weights"_s,
                      Text::tr("Use the weights exactly as published, to compare with a float32 computation. "
                               "Without it they are rounded to fp16 first, as Chinese-CLIP itself does when "
                               "it loads a model. Photos are embedded anew for it.")});
}

ModelWish modelWish(const QCommandLineParser &parser)
{
    return {parser.value(u"model"_s), parser.value(u"device"_s), parser.value(u"precision"_s),
            parser.value(u"memory"_s), parser.isSet(u"exact-weights"_s)};
}

} // namespace yingxun::app

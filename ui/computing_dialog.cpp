// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/computing_dialog.h"

#include "core/services/model_switch.h"
#include "core/vectors/encoder.h"
#include "ui/error_text.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QGridLayout>
#include <QLabel>
#include <QRadioButton>
#include <QShowEvent>
#include <QStandardItemModel>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace yingxun::ui {
namespace {

constexpr int kWidth = 520;
constexpr const char *kPrecision = "precision"; // Property of a button.

bool isAutomatic(const QString &choice)
{
    return choice.isEmpty() || choice == u"auto"_s;
}

QString titleOf(const QString &device)
{
    return device == u"cpu"_s ? ComputingDialog::tr("Processor (%1)").arg(device)
                              : ComputingDialog::tr("Graphics card (%1)").arg(device);
}

QLabel *makeText(const QString &text, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    return label;
}

QLabel *makeTitle(const QString &text, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    QFont font = label->font();
    font.setBold(true);
    label->setFont(font);
    return label;
}

} // namespace

ComputingDialog::ComputingDialog(services::ModelSwitch *models, services::ComputingChoices choices,
                                 QWidget *parent)
    : QDialog(parent), m_models(models), m_choices(std::move(choices)), m_now(makeText({}, this)),
      m_devices(new QComboBox(this)), m_precisions(new QButtonGroup(this))
{
    setObjectName(u"computingDialog"_s);
    setWindowTitle(tr("Computing"));
    setMinimumWidth(kWidth);
    m_now->setObjectName(u"computingNow"_s);
    m_devices->setObjectName(u"deviceChoice"_s);
    auto *deviceTitle = makeTitle(tr("&Device"), this);
    deviceTitle->setBuddy(m_devices);
    m_devices->addItem(tr("Automatic: %1").arg(titleOf(m_choices.devices.first().name)), QString());
    for (const services::ComputingDevice &each : std::as_const(m_choices.devices))
        m_devices->addItem(titleOf(each.name), each.name);
    m_devices->setEnabled(m_choices.decided.device.isEmpty());

    auto *grid = new QGridLayout;
    grid->setColumnMinimumWidth(0, 22); // Under a button's text.
    grid->setColumnStretch(1, 1);
    addPrecision(grid, {}, tr("&Automatic"), tr("The fastest that the device has units for."));
    addPrecision(grid, u"float32"_s, u"float&32"_s,
                 tr("The most exact one; takes the most memory on graphics cards."));
    addPrecision(grid, u"bfloat16"_s, u"&bfloat16"_s,
                 tr("Half the memory. For newer graphics cards, and processors with AVX512-BF16 or AMX."));
    addPrecision(grid, u"float16"_s, u"&float16"_s, tr("Half the memory. For graphics cards only."));

    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(
        makeText(tr("Where the model runs, and the numbers that it computes with. What has been "
                    "indexed stays; searches go on while the model is loaded anew."),
                 this));
    layout->addWidget(m_now);
    layout->addSpacing(8);
    layout->addWidget(deviceTitle);
    layout->addWidget(m_devices);
    if (QLabel *note = makeNote(m_choices.decided.device))
        layout->addWidget(note);
    layout->addSpacing(8);
    layout->addWidget(makeTitle(tr("Precision"), this));
    layout->addLayout(grid);
    if (QLabel *note = makeNote(m_choices.decided.precision))
        layout->addWidget(note);
    layout->addStretch(1);
    layout->addSpacing(8);
    layout->addWidget(buttons);

    connect(m_devices, &QComboBox::currentIndexChanged, this, &ComputingDialog::showFitting);
    connect(buttons, &QDialogButtonBox::accepted, this, &ComputingDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_models, &services::ModelSwitch::changed, this, &ComputingDialog::showNow);
    connect(m_models, &services::ModelSwitch::reloadFailed, this, [this](const Error &error) {
        Q_EMIT noticed(tr("Nothing was changed, the model goes on as before: %1").arg(errorText(error)));
    });
    showChosen();
}

void ComputingDialog::addPrecision(QGridLayout *grid, const QString &precision, const QString &title,
                                   const QString &text)
{
    auto *button = new QRadioButton(title, this);
    button->setObjectName(u"precision-"_s + (precision.isEmpty() ? u"auto"_s : precision));
    button->setProperty(kPrecision, precision);
    button->setAccessibleDescription(text);
    m_precisions->addButton(button);
    QLabel *explanation = makeText(text, this);
    m_explanations.insert(button, explanation);
    const int row = grid->rowCount();
    grid->addWidget(button, row, 0, 1, 2);
    grid->addWidget(explanation, row + 1, 1);
}

/// Why there is nothing to choose; null: there is.
QLabel *ComputingDialog::makeNote(const QString &decided)
{
    if (decided.isEmpty())
        return nullptr;
    QLabel *note = makeText(
        tr("The command line or the environment says %1 for this start; that wins over what is chosen here.")
            .arg(decided),
        this);
    note->setObjectName(u"decidedNote"_s);
    return note;
}

void ComputingDialog::present()
{
    show();
    raise();
    activateWindow();
}

void ComputingDialog::showEvent(QShowEvent *event)
{
    if (!event->spontaneous())
        showChosen();
    QDialog::showEvent(event);
}

void ComputingDialog::showChosen()
{
    const auto inForce = [](const QString &decided, const QString &chosen) {
        const QString &choice = decided.isEmpty() ? chosen : decided;
        return isAutomatic(choice) ? QString() : choice;
    };
    const QString device = inForce(m_choices.decided.device, m_models->computing().device);
    m_devices->setCurrentIndex(std::max(0, m_devices->findData(device)));
    const QString precision = inForce(m_choices.decided.precision, m_models->computing().precision);
    m_precisions->buttons().first()->setChecked(true);
    for (QAbstractButton *button : m_precisions->buttons()) {
        if (button->property(kPrecision).toString() == precision)
            button->setChecked(true);
    }
    showFitting();
    showNow();
}

void ComputingDialog::showNow()
{
    if (!m_models->encoder()) {
        m_now->setText(tr("No model is loaded yet."));
        return;
    }
    const vectors::Encoder &encoder = *m_models->encoder();
    m_now->setText(tr("Now %1 runs on %2, in %3.")
                       .arg(QString::fromStdString(encoder.name()), QString::fromStdString(encoder.device()),
                            QString::fromStdString(encoder.precision())));
}

void ComputingDialog::showFitting()
{
    // A precision that is decided cannot give way: then the device must fit.
    const QString &decided = m_choices.decided.precision;
    auto *items = qobject_cast<QStandardItemModel *>(m_devices->model());
    for (int i = 0; i < m_choices.devices.size(); ++i)
        items->item(i + 1)->setEnabled(isAutomatic(decided) ||
                                       m_choices.devices.at(i).precisions.contains(decided));

    bool isLost = false;
    for (QAbstractButton *button : m_precisions->buttons()) {
        const QString precision = button->property(kPrecision).toString();
        const bool fits = isAutomatic(precision) || device().precisions.contains(precision);
        button->setEnabled(fits && decided.isEmpty());
        m_explanations.value(button)->setEnabled(button->isEnabled());
        isLost = isLost || (button->isChecked() && !fits);
    }
    if (isLost)
        m_precisions->buttons().first()->setChecked(true);
}

const services::ComputingDevice &ComputingDialog::device() const
{
    return m_choices.devices.at(std::max(0, m_devices->currentIndex() - 1));
}

/// What is decided for this start changes nothing of what is kept for the next.
services::Computing ComputingDialog::chosen() const
{
    services::Computing computing = m_models->computing();
    if (m_choices.decided.device.isEmpty())
        computing.device = m_devices->currentData().toString();
    if (m_choices.decided.precision.isEmpty())
        computing.precision = m_precisions->checkedButton()->property(kPrecision).toString();
    return computing;
}

void ComputingDialog::accept()
{
    QDialog::accept();
    const services::Computing computing = chosen();
    // Also when it has left its device, where there was too little memory: there may be enough by now.
    const auto &encoder = m_models->encoder();
    const bool isAway = !encoder || QString::fromStdString(encoder->device()) != device().name;
    if (isAway || !(computing == m_models->computing()))
        m_models->reload(computing);
}

} // namespace yingxun::ui

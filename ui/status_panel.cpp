// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/status_panel.h"

#include "core/services/health_monitor.h"
#include "core/services/model_switch.h"
#include "ui/health_light.h"
#include "ui/missing_line.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QProgressBar>
#include <QStyle>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace yingxun::ui {
namespace {

using State = services::IndexProgress::State;

} // namespace

StatusPanel::StatusPanel(const Services &services, QWidget *parent)
    : QWidget(parent), m_indexer(services.indexer), m_text(new QLabel(this)), m_count(new QLabel(this)),
      m_access(new QLabel(this)), m_warning(new QLabel(this)), m_bar(new QProgressBar(this)),
      m_pause(new QToolButton(this)), m_cancel(new QToolButton(this)), m_model(new QLabel(this))
{
    m_text->setObjectName(u"indexText"_s);
    m_count->setObjectName(u"photoCount"_s);
    m_access->setObjectName(u"accessText"_s);
    m_bar->setObjectName(u"indexProgress"_s);
    m_bar->setMaximumWidth(180);
    m_bar->setTextVisible(false);
    m_bar->setAccessibleName(tr("Indexing progress"));
    m_pause->setObjectName(u"pauseButton"_s);
    m_pause->setAutoRaise(true);
    m_cancel->setObjectName(u"cancelButton"_s);
    m_cancel->setAutoRaise(true);
    m_cancel->setText(tr("Cancel"));
    m_model->setObjectName(u"modelLabel"_s);
    m_model->setToolTip(tr("The model that understands your descriptions, and where it runs."));
    m_warning->setObjectName(u"warning"_s);
    m_warning->setWordWrap(true);
    m_warning->setTextInteractionFlags(Qt::TextSelectableByMouse); // It has a command to copy.
    m_warning->hide();
    auto *row = new QHBoxLayout;
    row->addWidget(m_count);
    if (services.health != nullptr)
        row->addWidget(makeLight(services.health));
    row->addSpacing(16);
    row->addWidget(m_access);
    row->addStretch();
    row->addWidget(m_text);
    row->addWidget(m_bar);
    row->addWidget(m_pause);
    row->addWidget(m_cancel);
    row->addSpacing(16);
    row->addWidget(m_model);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 2, 8, 2);
    layout->addWidget(m_warning);
    layout->addWidget(new MissingLine(m_indexer, this));
    if (services.modelSwitch != nullptr)
        layout->addWidget(makeChange(services.modelSwitch));
    layout->addLayout(row);

    connect(m_indexer, &services::Indexer::progressed, this, &StatusPanel::show);
    connect(m_cancel, &QToolButton::clicked, m_indexer, &services::Indexer::cancel);
    connect(m_pause, &QToolButton::clicked, this, [this] {
        if (m_indexer->progress().state == State::Paused)
            m_indexer->resume();
        else
            m_indexer->pause();
    });
    connect(m_indexer, &services::Indexer::accessChanged, this, &StatusPanel::showAccess);
    show(m_indexer->progress());
    showAccess(m_indexer->access());
    setPhotoCount(0);
    setModel(services.modelName, services.device);
}

QWidget *StatusPanel::makeChange(services::ModelSwitch *models)
{
    auto *line = new QWidget(this);
    auto *text = new QLabel(line);
    text->setObjectName(u"changeText"_s);
    auto *cancel = new QToolButton(line);
    cancel->setObjectName(u"cancelChangeButton"_s);
    cancel->setAutoRaise(true);
    cancel->setText(tr("Cancel"));
    cancel->setToolTip(tr("Keep the model that is in use"));
    auto *layout = new QHBoxLayout(line);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(text);
    layout->addWidget(cancel);
    layout->addStretch();
    line->hide();
    connect(models, &services::ModelSwitch::changing, line,
            [line, text, cancel, models](const QString &title, qint64 done, qint64 total) {
                const QLocale locale;
                const bool isFirst = models->encoder() == nullptr; // There is none to be kept.
                cancel->setVisible(!isFirst);
                if (isFirst)
                    text->setText(tr("The model is being loaded; searches and new photos wait for it"));
                else
                    text->setText(total == 0
                                      ? tr("Loading %1; searches still use the model before").arg(title)
                                      : tr("Preparing photos for %1: %2 of %3; searches still use the "
                                           "model before")
                                            .arg(title, locale.toString(done), locale.toString(total)));
                line->show();
            });
    connect(models, &services::ModelSwitch::changed, line, &QWidget::hide);
    connect(models, &services::ModelSwitch::cancelled, line, &QWidget::hide);
    connect(models, &services::ModelSwitch::failed, line, &QWidget::hide);
    connect(models, &services::ModelSwitch::reloadFailed, line, &QWidget::hide);
    connect(models, &services::ModelSwitch::noModel, line, &QWidget::hide);
    connect(cancel, &QToolButton::clicked, models, &services::ModelSwitch::cancel);
    return line;
}

QWidget *StatusPanel::makeLight(services::HealthMonitor *monitor)
{
    auto *light = new HealthLight(this);
    connect(monitor, &services::HealthMonitor::changed, light, &HealthLight::setHealth);
    connect(light, &HealthLight::problemsWanted, this, &StatusPanel::problemsWanted);
    connect(light, &HealthLight::folderWanted, this, &StatusPanel::folderWanted);
    light->setHealth(monitor->health());
    return light;
}

void StatusPanel::setModel(const QString &name, const QString &device)
{
    m_model->setText(name.isEmpty() ? tr("No model") : tr("%1 on %2").arg(name, device));
}

void StatusPanel::setWarning(const QString &text)
{
    m_warning->setText(text);
    m_warning->setVisible(!text.isEmpty());
}

void StatusPanel::setPhotoCount(qsizetype photos)
{
    m_count->setText(tr("%n photo(s)", nullptr, int(photos)));
}

void StatusPanel::showAccess(ingest::LibraryAccess access)
{
    m_access->setVisible(access != ingest::LibraryAccess::Writer);
    if (access == ingest::LibraryAccess::OtherWrites)
        m_access->setText(tr("Another Yingxun is indexing this library; this window only reads"));
    else if (access == ingest::LibraryAccess::WriteProtected)
        m_access->setText(tr("This library cannot be written; this window only reads"));
}

void StatusPanel::show(const services::IndexProgress &progress)
{
    const bool active = progress.state != State::Idle;
    for (QWidget *widget : std::initializer_list<QWidget *>{m_text, m_bar, m_pause, m_cancel})
        widget->setVisible(active);
    if (!active)
        return;
    const QLocale locale;
    m_bar->setRange(0, int(progress.found));
    m_bar->setValue(int(progress.done));
    m_pause->setText(progress.state == State::Paused ? tr("Resume") : tr("Pause"));
    if (progress.state == State::Paused) {
        m_text->setText(
            tr("Paused at %1 of %2").arg(locale.toString(progress.done), locale.toString(progress.found)));
        return;
    }
    QString text =
        tr("Indexing %1 of %2").arg(locale.toString(progress.done), locale.toString(progress.found));
    if (progress.photosPerSecond >= 0.05)
        text = tr("%1, %2 photos/s").arg(text, locale.toString(progress.photosPerSecond, 'f', 1));
    if (progress.secondsLeft >= 60)
        text = tr("%1, %n minute(s) left", nullptr, int((progress.secondsLeft + 59) / 60)).arg(text);
    else if (progress.secondsLeft > 0)
        text = tr("%1, less than a minute left").arg(text);
    m_text->setText(text);
}

} // namespace yingxun::ui

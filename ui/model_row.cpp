// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/model_row.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>

#include <cmath>

using namespace Qt::StringLiterals;

namespace yingxun::ui {
namespace {

using models::ModelWork;

constexpr int kBarSteps = 1000; // Bytes do not fit into a bar's int.
constexpr double kSecondsAMinute = 60;

QString sizeText(qint64 bytes)
{
    return QLocale().formattedDataSize(bytes, 1, QLocale::DataSizeSIFormat);
}

QString scoreText(double percent)
{
    return QLocale().toString(percent, 'f', 1);
}

} // namespace

QString progressText(const models::ModelProgress &progress)
{
    QString text = progress.total < 0
                       ? sizeText(progress.done)
                       : ModelRow::tr("%1 of %2").arg(sizeText(progress.done), sizeText(progress.total));
    if (progress.bytesPerSecond > 0)
        text = ModelRow::tr("%1, %2/s").arg(text, sizeText(qint64(progress.bytesPerSecond)));
    if (progress.secondsLeft >= kSecondsAMinute)
        text = ModelRow::tr("%1, %n minute(s) left", nullptr,
                            int(std::ceil(progress.secondsLeft / kSecondsAMinute)))
                   .arg(text);
    else if (progress.secondsLeft > 0)
        text = ModelRow::tr("%1, less than a minute left").arg(text);
    return text;
}

void showProgress(QProgressBar *bar, const models::ModelProgress &progress)
{
    const bool known = progress.total > 0;
    bar->setRange(0, known ? kBarSteps : 0); // 0 to 0: a bar that is busy.
    if (known)
        bar->setValue(int(progress.done * kBarSteps / progress.total));
}

ModelRow::ModelRow(QWidget *parent)
    : QWidget(parent), m_title(new QLabel(this)), m_state(new QLabel(this)), m_bar(new QProgressBar(this)),
      m_pace(new QLabel(this)), m_get(new QPushButton(this)), m_useIt(new QPushButton(tr("Use"), this)),
      m_verify(new QPushButton(tr("Verify"), this)), m_remove(new QPushButton(tr("Remove…"), this))
{
    m_title->setTextFormat(Qt::PlainText);
    QFont bold = m_title->font();
    bold.setBold(true);
    m_title->setFont(bold);
    m_state->setObjectName(u"modelState"_s);
    m_state->setTextFormat(Qt::PlainText);
    m_bar->setObjectName(u"modelProgress"_s);
    m_bar->setTextVisible(false);
    m_bar->setMaximumWidth(260);
    m_pace->setObjectName(u"modelPace"_s);
    m_get->setObjectName(u"getButton"_s);
    m_useIt->setObjectName(u"useButton"_s);
    m_verify->setObjectName(u"verifyButton"_s);
    m_verify->setToolTip(tr("Reads all its files again, and compares them with what they were."));
    m_remove->setObjectName(u"removeButton"_s);

    auto *head = new QHBoxLayout;
    head->addWidget(m_title);
    head->addSpacing(12);
    head->addWidget(m_state, 1);
    for (QPushButton *button : {m_get, m_useIt, m_verify, m_remove}) {
        button->setAutoDefault(false); // Enter in the source's field presses none of them.
        head->addWidget(button);
    }
    auto *facts = new QHBoxLayout;
    for (QLabel *&fact : m_facts) {
        fact = new QLabel(this);
        fact->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred); // Columns, over all rows.
        facts->addWidget(fact, 1);
    }
    auto *progress = new QHBoxLayout;
    progress->addWidget(m_bar, 1);
    progress->addWidget(m_pace, 1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 6, 8, 6);
    layout->setSpacing(4);
    layout->addLayout(head);
    layout->addLayout(facts);
    layout->addLayout(progress);

    connect(m_get, &QPushButton::clicked, this, [this] {
        if (m_progress)
            Q_EMIT cancelWanted();
        else
            Q_EMIT downloadWanted();
    });
    connect(m_useIt, &QPushButton::clicked, this, &ModelRow::useWanted);
    connect(m_verify, &QPushButton::clicked, this, &ModelRow::verifyWanted);
    connect(m_remove, &QPushButton::clicked, this, &ModelRow::removeWanted);
}

void ModelRow::setEntry(const models::ModelEntry &entry, Use use)
{
    m_entry = entry;
    m_use = use;
    setObjectName(u"model-"_s + entry.id);
    refresh();
}

void ModelRow::setProgress(const std::optional<models::ModelProgress> &progress)
{
    m_progress = progress;
    refresh();
}

QString ModelRow::title() const
{
    return m_entry.starter ? tr("Starter model") : m_entry.title;
}

QString ModelRow::stateText() const
{
    if (m_progress) {
        switch (m_progress->work) {
        case ModelWork::Download:
            return tr("Downloading");
        case ModelWork::Add:
            return tr("Being added");
        case ModelWork::Verify:
            return tr("Being verified");
        case ModelWork::Remove:
            return tr("Being removed");
        }
    }
    if (m_entry.installed && !m_entry.whole)
        return tr("Damaged");
    if (m_use == Use::InUse)
        return tr("In use");
    if (m_entry.starter)
        return tr("Part of the program");
    if (m_entry.installed)
        return tr("Installed");
    return m_entry.arrived > 0
               ? tr("Not here; %1 of %2 have arrived").arg(sizeText(m_entry.arrived), sizeText(m_entry.bytes))
               : tr("Not here");
}

void ModelRow::refresh()
{
    m_title->setText(title());
    m_state->setText(stateText());
    for (QLabel *fact : m_facts)
        fact->clear();
    const models::ReleasedModel *released = m_entry.released;
    if (released != nullptr) {
        m_facts[1]->setText(tr("Memory: %1").arg(sizeText(released->memoryBytes)));
        m_facts[2]->setText(tr("MUGE %1").arg(scoreText(released->muge[0])));
        m_facts[3]->setText(tr("Flickr30K-CN %1").arg(scoreText(released->flickr30kCn[0])));
        m_facts[4]->setText(tr("COCO-CN %1").arg(scoreText(released->cocoCn[0])));
    }
    if (m_entry.bytes > 0)
        m_facts[0]->setText(tr("Size: %1").arg(sizeText(m_entry.bytes)));
    if (m_entry.starter)
        m_facts[0]->setText(tr("A small model to begin with."));
    for (std::size_t i = 0; i < m_facts.size(); ++i)
        m_facts[i]->setVisible(!m_entry.starter || i == 0);

    m_bar->setVisible(m_progress.has_value());
    m_pace->setVisible(m_progress.has_value());
    if (m_progress) {
        showProgress(m_bar, *m_progress);
        m_pace->setText(progressText(*m_progress));
    }
    const bool idle = !m_progress;
    const bool kept = m_entry.installed && idle;
    const bool removable = m_use == Use::NotInUse;
    const bool hadFocus = isAncestorOf(QApplication::focusWidget());
    m_useIt->setVisible(m_entry.starter || (kept && m_entry.whole));
    m_useIt->setEnabled(m_use == Use::NotInUse);
    m_verify->setVisible(kept);
    m_remove->setVisible(kept);
    m_remove->setEnabled(removable);
    m_remove->setToolTip(removable ? QString() : tr("Use another model first."));
    m_get->setText(!idle ? tr("Cancel") : m_entry.arrived > 0 ? tr("Continue") : tr("Download"));
    m_get->setVisible(idle ? !m_entry.starter && !m_entry.installed : m_progress->work != ModelWork::Remove);
    for (QPushButton *button : {m_get, m_useIt, m_verify, m_remove}) {
        button->setAccessibleName(
            tr("%1: %2", "a model, and what the button does").arg(title(), button->text()));
        // The button that was pressed may be gone: the keyboard stays at this model.
        if (hadFocus && !isAncestorOf(QApplication::focusWidget()) && button->isVisible() &&
            button->isEnabled())
            button->setFocus();
    }
    m_bar->setAccessibleName(tr("%1: %2", "a model, and what is being done").arg(title(), stateText()));
}

} // namespace yingxun::ui

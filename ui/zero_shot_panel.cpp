// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/zero_shot_panel.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QLocale>
#include <QRegularExpression>
#include <QSignalBlocker>
#include <QSlider>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace yingxun::ui {
namespace {

constexpr int kTypingMs = 300;
constexpr int kStandardPercent = 50;

} // namespace

ZeroShotPanel::ZeroShotPanel(QWidget *parent)
    : QWidget(parent), m_words(new QLineEdit(this)), m_list(new QListWidget(this)),
      m_slider(new QSlider(Qt::Horizontal, this)), m_value(new QLabel(this))
{
    m_words->setObjectName(u"zeroShotWords"_s);
    m_words->setPlaceholderText(tr("Words such as 狗、猫、海滩"));
    m_words->setAccessibleName(tr("Label words"));
    m_words->setClearButtonEnabled(true);
    m_list->setObjectName(u"zeroShotList"_s);
    m_list->setAccessibleName(tr("Matches"));
    m_list->setFrameShape(QFrame::NoFrame);
    m_slider->setObjectName(u"zeroShotThreshold"_s);
    m_slider->setAccessibleName(tr("Least probability"));
    m_slider->setRange(qRound(100 * services::Searcher::kLeastShare), 99);
    m_slider->setValue(kStandardPercent);

    auto *row = new QHBoxLayout;
    row->addWidget(new QLabel(tr("At least"), this));
    row->addWidget(m_slider);
    row->addWidget(m_value);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_words);
    layout->addWidget(m_list);
    layout->addLayout(row);

    auto *typing = new QTimer(this);
    typing->setSingleShot(true);
    typing->setInterval(kTypingMs);
    connect(m_words, &QLineEdit::textChanged, typing, qOverload<>(&QTimer::start));
    connect(typing, &QTimer::timeout, this, [this] { Q_EMIT wordsChanged(words()); });
    connect(m_slider, &QSlider::valueChanged, this, [this] {
        showCounts();
        choose();
    });
    connect(m_list, &QListWidget::currentRowChanged, this, &ZeroShotPanel::choose);
    showCounts();
}

QStringList ZeroShotPanel::words() const
{
    static const QRegularExpression kSeparators(u"[\\s,，、;；]+"_s);
    QStringList words = m_words->text().split(kSeparators, Qt::SkipEmptyParts);
    words.removeDuplicates();
    return words;
}

float ZeroShotPanel::threshold() const
{
    return float(m_slider->value()) / 100.0F;
}

void ZeroShotPanel::setResults(const QStringList &labels, const QList<services::SearchResult> &results)
{
    const QString chosen = m_labels.value(m_list->currentRow());
    m_labels = labels;
    m_results = results;
    {
        const QSignalBlocker quiet(m_list);
        m_list->clear();
        for (int i = 0; i < int(labels.size()); ++i)
            m_list->addItem(labels.at(i));
        m_list->setCurrentRow(int(labels.indexOf(chosen)));
    }
    showCounts();
    if (hasChoice())
        Q_EMIT matchesChanged(chosen, m_results.at(m_list->currentRow()), threshold());
}

void ZeroShotPanel::clearChoice()
{
    const QSignalBlocker quiet(m_list);
    m_list->setCurrentRow(-1);
}

void ZeroShotPanel::showCounts()
{
    m_value->setText(tr("%1%").arg(m_slider->value()));
    for (int i = 0; i < m_list->count(); ++i) {
        if (m_results.at(i).problem != query::QueryProblem::None) {
            m_list->item(i)->setText(tr("%1  (not understood)").arg(m_labels.at(i)));
            continue;
        }
        const QList<float> &scores = m_results.at(i).scores; // Falling.
        const auto end =
            std::find_if(scores.cbegin(), scores.cend(), [this](float score) { return score < threshold(); });
        m_list->item(i)->setText(
            tr("%1  (%2)").arg(m_labels.at(i), QLocale().toString(qint64(end - scores.cbegin()))));
    }
}

void ZeroShotPanel::choose()
{
    const int row = m_list->currentRow();
    if (hasChoice())
        Q_EMIT matchesChosen(m_labels.at(row), m_results.at(row), threshold());
}

bool ZeroShotPanel::hasChoice() const
{
    return m_list->currentRow() >= 0 && m_list->currentRow() < int(m_results.size());
}

} // namespace yingxun::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/services/searcher.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QListWidget;
class QSlider;

namespace yingxun::ui {

/// Zero-shot labels: type words, see how many photos look like each, choose one to see them.
class ZeroShotPanel : public QWidget
{
    Q_OBJECT
public:
    explicit ZeroShotPanel(QWidget *parent = nullptr);

    void setResults(const QStringList &labels, const QList<services::SearchResult> &results);
    QStringList words() const; ///< Separated by blanks, commas, or the Chinese enumeration comma.
    float threshold() const;   ///< 0..1
    void clearChoice();        ///< Something else is shown; says nothing.

Q_SIGNALS:
    void wordsChanged(const QStringList &words);
    void matchesChosen(const QString &label, const yingxun::services::SearchResult &result, float threshold);
    /// New results of the label that is chosen.
    void matchesChanged(const QString &label, const yingxun::services::SearchResult &result, float threshold);

private:
    void showCounts();
    void choose();
    bool hasChoice() const;

    QLineEdit *m_words;
    QListWidget *m_list;
    QSlider *m_slider;
    QLabel *m_value;
    QStringList m_labels;
    QList<services::SearchResult> m_results;
};

} // namespace yingxun::ui

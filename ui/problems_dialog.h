// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/db/records.h"

#include <QDialog>
#include <QList>

class QPlainTextEdit;
class QPushButton;

namespace yingxun::ui {

/// The files that could not be read, each with its reason, and a button to try them all again.
class ProblemsDialog : public QDialog
{
    Q_OBJECT
public:
    explicit ProblemsDialog(QWidget *parent = nullptr);

    void setProblems(const QList<Problem> &problems);

Q_SIGNALS:
    void retryWanted();

private:
    QPlainTextEdit *m_list;
    QPushButton *m_retry;
};

} // namespace yingxun::ui

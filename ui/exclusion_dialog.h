// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QStringList>

class QPlainTextEdit;

namespace yingxun::ui {

/// Shows which files and folders are not indexed, one pattern a line, and lets people edit that.
class ExclusionDialog : public QDialog
{
    Q_OBJECT
public:
    explicit ExclusionDialog(const QStringList &patterns, QWidget *parent = nullptr);

    QStringList patterns() const; ///< The lines that are not empty.

private:
    QPlainTextEdit *m_lines;
};

} // namespace yingxun::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QLabel>
#include <QString>

namespace yingxun::ui {

/// What there is to say, above the status bar, until the next message; hidden when it is empty. It also knows
/// why there is no model, and says it again to whoever waits for what no model will answer.
class MessageLine : public QLabel
{
    Q_OBJECT
public:
    explicit MessageLine(QWidget *parent = nullptr);

    void showText(const QString &text);
    void setNoModel(const Error &error); ///< There is none, for this reason: says so, and what to do.
    void forgetNoModel();                ///< Another one is being loaded.
    void remindOfNoModel();              ///< Says it again, if there is none.

private:
    QString m_noModel; ///< Empty: there is a model, or will be.
};

} // namespace yingxun::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/model_source_field.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSettings>

using namespace Qt::StringLiterals;

namespace yingxun::ui {
namespace {

constexpr const char *kKey = "models/source";

QSettings settings()
{
    return QSettings(u"yingxun"_s, u"yingxun"_s); // ~/.config/yingxun/yingxun.conf
}

/// As was chosen before, else $YINGXUN_MIRROR, else Hugging Face.
QString firstSource()
{
    const QString mirror = qEnvironmentVariable("YINGXUN_MIRROR");
    return settings()
        .value(QString::fromLatin1(kKey), mirror.isEmpty() ? u"huggingface"_s : mirror)
        .toString();
}

} // namespace

ModelSourceField::ModelSourceField(QWidget *parent)
    : QWidget(parent), m_place(new QComboBox(this)), m_address(new QLineEdit(this))
{
    m_place->setObjectName(u"modelSource"_s);
    m_place->addItem(u"Hugging Face"_s, u"huggingface"_s);
    m_place->addItem(u"ModelScope"_s, u"modelscope"_s);
    m_place->addItem(tr("Another address"), QString());
    m_address->setObjectName(u"modelAddress"_s);
    m_address->setAccessibleName(tr("Address of a mirror of Hugging Face"));
    m_address->setToolTip(m_address->accessibleName());
    m_address->setPlaceholderText(u"https://…"_s);
    auto *label = new QLabel(tr("&Download from:"), this);
    label->setBuddy(m_place);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(label);
    layout->addWidget(m_place);
    layout->addWidget(m_address, 1);
    layout->addStretch();

    const QString source = firstSource();
    const int known = m_place->findData(source);
    m_place->setCurrentIndex(known >= 0 ? known : m_place->count() - 1);
    if (known < 0)
        m_address->setText(source);
    m_address->setVisible(known < 0);
    connect(m_place, &QComboBox::activated, this, [this] {
        const bool other = m_place->currentData().toString().isEmpty();
        m_address->setVisible(other);
        if (other)
            m_address->setFocus();
        keep();
    });
    connect(m_address, &QLineEdit::editingFinished, this, &ModelSourceField::keep);
}

QString ModelSourceField::source() const
{
    const QString known = m_place->currentData().toString();
    return known.isEmpty() ? m_address->text().trimmed() : known;
}

void ModelSourceField::keep()
{
    if (!source().isEmpty())
        settings().setValue(QString::fromLatin1(kKey), source());
}

} // namespace yingxun::ui

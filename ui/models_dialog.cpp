// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models_dialog.h"

#include "core/services/path_text.h"
#include "ui/error_text.h"
#include "ui/model_row.h"
#include "ui/model_source_field.h"

#include <QDialogButtonBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QHideEvent>
#include <QLabel>
#include <QMenu>
#include <QMessageBox>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QShowEvent>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace yingxun::ui {

using models::ModelEntry;
using models::ModelKeeper;
using models::ModelWork;

ModelsDialog::ModelsDialog(ModelKeeper *keeper, const QString &inUse, QWidget *parent)
    : QDialog(parent), m_keeper(keeper), m_inUse(inUse), m_list(new QVBoxLayout),
      m_source(new ModelSourceField(this)), m_message(new QLabel(this))
{
    setObjectName(u"modelsDialog"_s);
    setWindowTitle(tr("Models"));
    resize(880, 660);
    auto *explanation = new QLabel(
        tr("A better model finds more, and needs more memory and time. The numbers are the publisher's: how "
           "often, in percent, the right picture is the first result for a Chinese description in three test "
           "collections."),
        this);
    explanation->setWordWrap(true);
    auto *rows = new QWidget(this);
    m_list->setContentsMargins({});
    m_list->setSpacing(0);
    m_list->addStretch();
    rows->setLayout(m_list);
    auto *area = new QScrollArea(this);
    area->setWidgetResizable(true);
    area->setWidget(rows);
    area->setFocusPolicy(Qt::NoFocus); // Its buttons have it.
    m_message->setObjectName(u"modelsMessage"_s);
    m_message->setWordWrap(true);
    m_message->setTextFormat(Qt::PlainText);
    m_message->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_message->hide();
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    buttons->button(QDialogButtonBox::Close)->setAutoDefault(false); // Enter ends the typing of an address.
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(explanation);
    layout->addWidget(area, 1);
    layout->addWidget(m_message);
    layout->addWidget(m_source);
    auto *bottom = new QHBoxLayout;
    bottom->addWidget(makeAddRow());
    bottom->addStretch(1);
    bottom->addWidget(buttons);
    layout->addLayout(bottom);

    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::close);
    connect(m_keeper, &ModelKeeper::modelsLoaded, this, &ModelsDialog::setModels);
    connect(m_keeper, &ModelKeeper::progressed, this, &ModelsDialog::showProgressOf);
    connect(m_keeper, &ModelKeeper::finished, this, &ModelsDialog::onFinished);
    connect(m_keeper, &ModelKeeper::failed, this,
            [this](const QString &id, ModelWork work, const Error &error) {
                showProgressOf(id);
                notice(work == ModelWork::Add ? errorText(work, error)
                                              : tr("%1: %2", "a model, and what became of it")
                                                    .arg(titleOf(id), errorText(work, error)));
            });
    showProgressOf({});
}

QWidget *ModelsDialog::makeAddRow()
{
    auto *row = new QWidget(this);
    m_add = new QPushButton(tr("&Add from file or folder…"), row);
    m_add->setObjectName(u"addModelButton"_s);
    m_add->setAutoDefault(false);
    auto *menu = new QMenu(m_add);
    menu->addAction(tr("A &file (.pt, .tar, .zip)…"), this, &ModelsDialog::addFile);
    menu->addAction(tr("A f&older…"), this, &ModelsDialog::addFolder);
    m_add->setMenu(menu);
    m_addBar = new QProgressBar(row);
    m_addBar->setObjectName(u"addModelProgress"_s);
    m_addBar->setAccessibleName(tr("Adding a model"));
    m_addBar->setTextVisible(false);
    m_addBar->setMaximumWidth(180);
    m_addPace = new QLabel(row);
    m_addCancel = new QPushButton(tr("Cancel"), row);
    m_addCancel->setAccessibleName(tr("Cancel adding"));
    m_addCancel->setAutoDefault(false);
    connect(m_addCancel, &QPushButton::clicked, this, [this] { m_keeper->cancel({}); });
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins({});
    layout->addWidget(m_add);
    layout->addWidget(m_addBar);
    layout->addWidget(m_addPace);
    layout->addWidget(m_addCancel);
    return row;
}

void ModelsDialog::setInUse(const QString &id)
{
    m_inUse = id;
    setModels(m_entries);
}

void ModelsDialog::present()
{
    show();
    raise();
    activateWindow();
}

void ModelsDialog::showEvent(QShowEvent *event)
{
    QDialog::showEvent(event);
    if (!event->spontaneous())
        m_keeper->load(); // The terminal may have added and removed some.
}

void ModelsDialog::hideEvent(QHideEvent *event)
{
    QDialog::hideEvent(event);
    if (!event->spontaneous())
        m_message->hide(); // It was read; what comes from now on is there the next time.
}

void ModelsDialog::setModels(const QList<ModelEntry> &entries)
{
    m_entries = entries;
    QHash<QString, ModelRow *> gone = std::exchange(m_rows, {});
    for (const ModelEntry &entry : entries) {
        ModelRow *row = gone.take(entry.id);
        if (row == nullptr)
            row = makeRow(entry.id);
        m_list->removeWidget(row);
        m_list->insertWidget(int(m_rows.size()), row); // In the order of the list.
        m_rows.insert(entry.id, row);
        row->setEntry(entry, entry.id == m_inUse ? ModelRow::Use::InUse : ModelRow::Use::NotInUse);
        showProgressOf(entry.id);
    }
    qDeleteAll(gone);
}

ModelRow *ModelsDialog::makeRow(const QString &id)
{
    auto *row = new ModelRow(this);
    connect(row, &ModelRow::downloadWanted, this, [this, id] {
        m_message->hide();
        m_keeper->download(id, m_source->source());
    });
    connect(row, &ModelRow::cancelWanted, this, [this, id] { m_keeper->cancel(id); });
    connect(row, &ModelRow::useWanted, this, [this, id] { Q_EMIT useRequested(id); });
    connect(row, &ModelRow::verifyWanted, this, [this, id] {
        m_message->hide();
        m_keeper->verify(id);
    });
    connect(row, &ModelRow::removeWanted, this, [this, id] { remove(id); });
    return row;
}

void ModelsDialog::showProgressOf(const QString &id)
{
    const auto work = m_keeper->works().constFind(id);
    const bool goesOn = work != m_keeper->works().cend();
    if (ModelRow *row = m_rows.value(id))
        row->setProgress(goesOn ? std::optional(*work) : std::nullopt);
    if (!id.isEmpty())
        return;
    m_add->setEnabled(!goesOn);
    for (QWidget *widget : std::initializer_list<QWidget *>{m_addBar, m_addPace, m_addCancel})
        widget->setVisible(goesOn);
    if (goesOn) {
        showProgress(m_addBar, *work);
        m_addPace->setText(progressText(*work));
    }
}

void ModelsDialog::onFinished(const QString &id, ModelWork work)
{
    showProgressOf(work == ModelWork::Add ? QString() : id);
    switch (work) {
    case ModelWork::Download:
    case ModelWork::Add:
        return notice(tr("%1 is here. “Use” switches to it.").arg(titleOf(id)));
    case ModelWork::Verify:
        return notice(tr("%1 is in order: every file is what it was when it came.").arg(titleOf(id)));
    case ModelWork::Remove:
        return notice(tr("%1 was removed.").arg(titleOf(id)));
    }
}

void ModelsDialog::notice(const QString &text)
{
    m_message->setText(text);
    m_message->show();
    if (!isVisible())
        Q_EMIT noticed(text);
}

void ModelsDialog::addFile()
{
    add(QFileDialog::getOpenFileUrl(this, tr("Add a model"), {},
                                    tr("Models (*.pt *.safetensors *.bin *.tar *.tar.gz *.zip)"), nullptr, {},
                                    {u"file"_s}));
}

void ModelsDialog::addFolder()
{
    add(QFileDialog::getExistingDirectoryUrl(this, tr("Add a model"), {}, QFileDialog::ShowDirsOnly,
                                             {u"file"_s}));
}

void ModelsDialog::add(const QUrl &url)
{
    if (url.isEmpty())
        return;
    m_message->hide();
    m_keeper->add(services::pathOfUrl(url));
}

void ModelsDialog::remove(const QString &id)
{
    auto *question = new QMessageBox(QMessageBox::Question, tr("Remove the model"),
                                     tr("Remove %1? Its files are deleted; your photos, labels and what it "
                                        "has indexed stay.")
                                         .arg(titleOf(id)),
                                     QMessageBox::Cancel, this);
    question->setObjectName(u"removeQuestion"_s);
    question->setAttribute(Qt::WA_DeleteOnClose);
    QPushButton *yes = question->addButton(tr("Remove"), QMessageBox::DestructiveRole);
    yes->setObjectName(u"removeYes"_s);
    question->setDefaultButton(QMessageBox::Cancel);
    connect(yes, &QPushButton::clicked, this, [this, id] {
        m_message->hide();
        m_keeper->remove(id);
    });
    question->open();
}

QString ModelsDialog::titleOf(const QString &id) const
{
    const ModelRow *row = m_rows.value(id);
    return row != nullptr ? row->title() : id;
}

} // namespace yingxun::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ids.h"
#include "core/query/feedback.h"
#include "core/services/trash.h"

#include <QCoreApplication>
#include <QList>
#include <QUndoCommand>

namespace yingxun::services {
class Librarian;
}

namespace yingxun::ui {

class PhotoBrowser;

/// A change of photos by hand. The librarian knows what it changed, and takes back no more.
class HandCommand : public QUndoCommand
{
public:
    ~HandCommand() override;
    void redo() override;
    void undo() override;

protected:
    /// `librarian` is borrowed and outlives the command.
    HandCommand(const QString &text, services::Librarian *librarian, QList<PhotoId> photos);

private:
    /// The first time.
    virtual ChangeId begin(services::Librarian *librarian, const QList<PhotoId> &photos) = 0;

    services::Librarian *m_librarian;
    QList<PhotoId> m_photos;
    ChangeId m_change; ///< None before the first redo().
};

/// Assigning a label, or taking it off.
class LabelCommand : public HandCommand
{
    Q_DECLARE_TR_FUNCTIONS(yingxun::ui::LabelCommand)
public:
    enum class Kind { Assign, Unassign };

    LabelCommand(services::Librarian *librarian, Kind kind, LabelId label, QList<PhotoId> photos);

private:
    ChangeId begin(services::Librarian *librarian, const QList<PhotoId> &photos) override;

    Kind m_kind;
    LabelId m_label;
};

/// Refining a search by marked photos. Once another one has been asked, there is nothing to take back.
class FeedbackCommand : public QUndoCommand
{
    Q_DECLARE_TR_FUNCTIONS(yingxun::ui::FeedbackCommand)
public:
    /// `browser` is borrowed and outlives the command.
    FeedbackCommand(PhotoBrowser *browser, query::Feedback after);
    void redo() override { change(m_before, m_after); }
    void undo() override { change(m_after, m_before); }

private:
    void change(const query::Feedback &from, const query::Feedback &to);

    PhotoBrowser *m_browser;
    QString m_question;
    query::Feedback m_before;
    query::Feedback m_after;
};

/// Giving stars to photos that may have had others.
class RatingCommand : public HandCommand
{
    Q_DECLARE_TR_FUNCTIONS(yingxun::ui::RatingCommand)
public:
    RatingCommand(services::Librarian *librarian, int stars, QList<PhotoId> photos);

private:
    ChangeId begin(services::Librarian *librarian, const QList<PhotoId> &photos) override;

    int m_stars;
};

/// Moving photos to the trash; undoing it puts them back.
class TrashCommand : public QUndoCommand
{
    Q_DECLARE_TR_FUNCTIONS(yingxun::ui::TrashCommand)
public:
    /// `trash` is borrowed and outlives the command.
    TrashCommand(services::Trash *trash, QList<services::TrashItem> items);
    ~TrashCommand() override;
    void redo() override;
    void undo() override;

private:
    services::Trash *m_trash;
    QList<services::TrashItem> m_items;
    ChangeId m_change; ///< None before the first redo().
};

} // namespace yingxun::ui

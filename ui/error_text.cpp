// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/error_text.h"

#include "ui/photo_paths.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace yingxun::ui {
namespace {

class Text
{
    Q_DECLARE_TR_FUNCTIONS(yingxun::ui::ErrorText)
};

QString downloadAdvice(ErrorCode code)
{
    switch (code) {
    case ErrorCode::Cancelled:
        return Text::tr("Stopped. What has arrived is kept; the next download goes on from there.");
    case ErrorCode::NotFound:
        return Text::tr("This source does not have the model. Choose another source.");
    case ErrorCode::InvalidArgument:
        return Text::tr("It cannot be downloaded from there. Check the source's address.");
    case ErrorCode::CorruptData:
        return Text::tr("Something other than the model arrived and was thrown away. Choose another source.");
    default:
        return Text::tr("The download broke off. Check the network and the free space, or choose another "
                        "source; the next try goes on from what has arrived.");
    }
}

QString addAdvice(ErrorCode code)
{
    switch (code) {
    case ErrorCode::Cancelled:
        return Text::tr("Stopped. Nothing was added.");
    case ErrorCode::InvalidArgument:
    case ErrorCode::NotFound:
        return Text::tr("It was not added. Choose another file or folder.");
    case ErrorCode::Io:
        return Text::tr("It was not added. Check that it can be read, and the free space.");
    default:
        return Text::tr("This is no complete model. Copy or pack it again.");
    }
}

QString stayedText(services::TrashTrouble trouble)
{
    switch (trouble) {
    case services::TrashTrouble::Away:
        return Text::tr(
            "%1 was not moved to the trash: its disk is not there now. Connect it and try again.");
    case services::TrashTrouble::Gone:
        return Text::tr(
            "%1 was not moved to the trash: it is not there any more. There is nothing you need to "
            "do.");
    case services::TrashTrouble::Changed:
        return Text::tr(
            "%1 was not moved to the trash: it was changed since it was last looked at. Look at it "
            "again, and try again if it is to go.");
    case services::TrashTrouble::Name:
        return Text::tr(
            "%1 was not moved to the trash, which cannot keep a name that is not UTF-8. Rename it "
            "in the file manager and try again.");
    case services::TrashTrouble::ReadOnly:
        return Text::tr(
            "%1 was not moved to the trash: its folder cannot be written. Give yourself the right "
            "to write there and try again.");
    case services::TrashTrouble::NoTrash:
        return Text::tr(
            "%1 was not moved to the trash: the system has none for its disk, or may not move it. "
            "Delete it in the file manager, where that is for good.");
    case services::TrashTrouble::NotInTrash:
        return Text::tr(
            "%1 was not put back: it is no longer in the trash, which was emptied. Take it from a "
            "copy, if you have one.");
    case services::TrashTrouble::Taken:
        return Text::tr("%1 was not put back: another file is there by now. It stays in the trash; move the "
                        "other file away and take it from there in the file manager.");
    case services::TrashTrouble::NotBack:
        return Text::tr(
            "%1 was not put back: its place cannot be written. It stays in the trash; take it from "
            "there in the file manager.");
    }
    return {};
}

} // namespace

QString errorText(ErrorCode code)
{
    switch (code) {
    case ErrorCode::InvalidArgument:
        return Text::tr("That cannot be done.");
    case ErrorCode::NotFound:
        return Text::tr("It is not there any more.");
    case ErrorCode::Io:
        return Text::tr("It cannot be read or written. Check the disk and its free space.");
    case ErrorCode::CorruptData:
        return Text::tr("The file is damaged.");
    case ErrorCode::Truncated:
        return Text::tr("The file is incomplete.");
    case ErrorCode::Unsupported:
        return Text::tr("This kind of file is not supported.");
    case ErrorCode::TooLarge:
        return Text::tr("It is too large.");
    case ErrorCode::OutOfMemory:
        return Text::tr("There is not enough memory.");
    case ErrorCode::Cancelled:
        return Text::tr("It was cancelled.");
    case ErrorCode::Internal:
        return Text::tr("Something went wrong inside Yingxun.");
    case ErrorCode::ReadOnly:
        return Text::tr("This library can only be read here.");
    }
    return {};
}

QString awayText(const VolumePlace &place)
{
    const QString label = QString::fromStdString(place.label);
    return label.isEmpty()
               ? Text::tr("This folder is not there now: its disk is not connected, or it was moved. Its "
                          "photos stay in the library, labels and all, and can still be found.")
               : Text::tr("The disk “%1” is not connected. Its photos stay in the library, labels and "
                          "all, and can still be found.")
                     .arg(label);
}

QString pollingText(services::PollingReason reason)
{
    switch (reason) {
    case services::PollingReason::NetworkShare:
        return Text::tr(
            "Looked at every minute: this file system, a network share or the like, does not tell "
            "what changes. There is nothing you need to do.");
    case services::PollingReason::WatchLimit:
        return Text::tr("Looked at every minute: it has more directories than the system watches. To see "
                        "changes at once, raise the limit: %1")
            .arg(u"sudo sysctl fs.inotify.max_user_watches=1048576"_s);
    case services::PollingReason::InstanceLimit:
        return Text::tr(
                   "Looked at every minute: other programs use all watchers that the system gives out. To "
                   "see changes at once, close some of them, or raise the limit: %1")
            .arg(u"sudo sysctl fs.inotify.max_user_instances=1024"_s);
    }
    return {};
}

QString stayedText(const QList<services::StayedFile> &files)
{
    const QString first = stayedText(files.first().trouble).arg(shownPath(files.first().path));
    if (files.size() == 1)
        return first;
    return first + u' ' +
           Text::tr("The same goes, for this or another reason, for %n more file(s).", nullptr,
                    int(files.size() - 1));
}

QString errorText(const Error &error)
{
    return Text::tr("%1 (%2)").arg(errorText(error.code), QString::fromStdString(error.message));
}

QString errorText(models::ModelWork work, const Error &error)
{
    QString advice;
    switch (work) {
    case models::ModelWork::Download:
        advice = downloadAdvice(error.code);
        break;
    case models::ModelWork::Add:
        advice = addAdvice(error.code);
        break;
    case models::ModelWork::Verify:
        advice = error.code == ErrorCode::CorruptData
                     ? Text::tr("The model is damaged. Remove it, and get it again.")
                     : errorText(error.code);
        break;
    case models::ModelWork::Remove:
        advice = Text::tr("The model was not removed. Try again when no other program uses it.");
        break;
    }
    return error.code == ErrorCode::Cancelled
               ? advice
               : Text::tr("%1 (%2)").arg(advice, QString::fromStdString(error.message));
}

} // namespace yingxun::ui

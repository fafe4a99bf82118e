// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/library/place.h"
#include "core/services/searcher.h"
#include "ui/photo_list_model.h"

#include <QHash>
#include <QObject>

#include <optional>

namespace yingxun::services {
class Librarian;
}

namespace yingxun::ui {

/// Decides what the grid shows: a place (everything, a directory, a hand-made label) and within it an
/// order (by time, by a description, by likeness to a photo, by a zero-shot label). Asks librarian and
/// searcher, and hands the listing to the model.
class PhotoBrowser : public QObject
{
    Q_OBJECT
public:
    enum class Order { Time, Text, Likeness, Matches };

    /// All borrowed; they outlive the browser.
    PhotoBrowser(services::Librarian *librarian, services::Searcher *searcher, PhotoListModel *model,
                 QObject *parent = nullptr);

    void showEverything();
    void showDirectory(const QString &directory); ///< Absolute.
    void showLabel(LabelId label, const QString &name);
    /// A query line, see query::parse(). Blank: back to the order of time. What is wrong changes nothing but
    /// lineRead().
    void searchText(const QString &text);
    void searchLike(const Photo &photo);
    /// Refines the search by what somebody said of its results; does nothing where !canRefine(). Another
    /// search forgets it.
    void refine(const query::Feedback &feedback);
    bool canRefine() const { return m_order == Order::Text && m_isRanked; } ///< It is for a meaning.
    const query::Feedback &feedback() const { return m_feedback; }
    /// The contents of `result` at or above `threshold`, in its order.
    void showMatches(const QString &label, const services::SearchResult &result, float threshold);
    /// Loads the photos and asks the question again; the grid keeps its place.
    void refresh();

    Order order() const { return m_order; }
    bool hasLoaded() const { return m_place != nullptr; }
    QString heading() const; ///< What is shown, for people.
    QString text() const { return m_text; }
    query::QueryProblem problem() const { return m_problem; } ///< Of the description or label word shown.
    QString problemText() const { return m_problemText.isEmpty() ? m_text : m_problemText; }
    bool isFiltered() const { return m_order == Order::Text && m_isFiltered; } ///< By the query line.
    LabelId label() const { return m_label; } ///< Of the place; none when it is no label.

Q_SIGNALS:
    void questionChanged(); ///< The next listing answers another question.
    void feedbackChanged();
    void shown(); ///< The model has a new listing.
    void lineRead(
        const std::optional<yingxun::query::SyntaxError> &error); ///< What is wrong with it, if anything.
    void libraryLoaded(const yingxun::library::LibraryIndex &library); ///< All photos, whatever is shown.

private:
    void setPlace(LabelId label, const QString &labelName, const QString &directory);
    void onPlaceLoaded(const library::SharedPlace &place);
    void onFound(const services::SearchResult &result);
    void ask();
    void setFeedback(const query::Feedback &feedback);
    library::Scope scope() const;
    bool isPlaceLoaded() const { return m_place && m_place->scope() == scope(); }
    void showByTime(std::shared_ptr<const std::vector<library::Row>> photos);
    void showRanked(const services::SearchResult &result, qsizetype count, Listing::Score kind);
    void showChosenMatches();

    services::Librarian *m_librarian;
    services::Searcher *m_searcher;
    PhotoListModel *m_model;

    library::SharedPlace m_place; ///< Null until it is loaded; then of the scope now or of the one before.

    LabelId m_label;
    QString m_labelName;
    QString m_directory;
    Order m_order = Order::Time;
    QString m_text; ///< The description, the liked photo's name, or the zero-shot label.
    query::QueryProblem m_problem = query::QueryProblem::None;
    QString m_problemText; ///< Empty: the text.
    bool m_isFiltered = false;
    bool m_isRanked = false; ///< By the line as it is now.
    query::Feedback m_feedback;
    library::Scope m_shownScope; ///< Of what the grid shows.
    ContentHash m_like;
    services::SearchResult m_matches;
    float m_threshold = 0;
};

} // namespace yingxun::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/photo_browser.h"

#include "core/query/relevance.h"
#include "core/services/librarian.h"
#include "core/services/path_text.h"
#include "ui/photo_paths.h"

#include <QDir>

#include <algorithm>
#include <utility>

namespace yingxun::ui {
namespace {

constexpr int kSearchLimit = 1000; // Nobody scrolls further.

} // namespace

PhotoBrowser::PhotoBrowser(services::Librarian *librarian, services::Searcher *searcher,
                           PhotoListModel *model, QObject *parent)
    : QObject(parent), m_librarian(librarian), m_searcher(searcher), m_model(model)
{
    connect(m_librarian, &services::Librarian::placeLoaded, this, &PhotoBrowser::onPlaceLoaded);
    connect(m_searcher, &services::Searcher::found, this, &PhotoBrowser::onFound);
    connect(m_searcher, &services::Searcher::calibrated, this, [this] {
        if (m_order == Order::Text)
            ask();
    });
}

void PhotoBrowser::showEverything()
{
    setPlace({}, {}, {});
}

void PhotoBrowser::showDirectory(const QString &directory)
{
    setPlace({}, {}, directory);
}

void PhotoBrowser::showLabel(LabelId label, const QString &name)
{
    setPlace(label, name, {});
}

void PhotoBrowser::setPlace(LabelId label, const QString &labelName, const QString &directory)
{
    m_label = label;
    m_labelName = labelName;
    m_directory = directory;
    if (m_order != Order::Text)
        m_order = Order::Time; // A description goes on in the new place; the rest was about the old one.
    Q_EMIT questionChanged();
    refresh();
}

void PhotoBrowser::searchText(const QString &text)
{
    const QString wanted = text.trimmed();
    if (m_order != Order::Text || wanted != m_text)
        setFeedback({});
    if (wanted.isEmpty()) {
        Q_EMIT lineRead({});
        if (m_order != Order::Text)
            return;
        m_order = Order::Time;
    } else {
        m_order = Order::Text;
    }
    m_isRanked = m_isRanked && wanted == m_text;
    m_text = wanted;
    Q_EMIT questionChanged();
    ask();
}

void PhotoBrowser::searchLike(const Photo &photo)
{
    setFeedback({});
    m_order = Order::Likeness;
    m_text = shownName(photo);
    m_like = photo.hash;
    Q_EMIT questionChanged();
    ask();
}

void PhotoBrowser::showMatches(const QString &label, const services::SearchResult &result, float threshold)
{
    const bool sameQuestion = m_order == Order::Matches && m_text == label && m_threshold == threshold;
    setFeedback({});
    m_order = Order::Matches;
    m_text = label;
    m_matches = result;
    m_threshold = threshold;
    if (!sameQuestion)
        Q_EMIT questionChanged();
    if (m_label || !m_directory.isEmpty()) {
        m_label = {};
        m_directory.clear();
        refresh(); // The labels are counted over the whole library.
    } else {
        ask();
    }
}

void PhotoBrowser::refine(const query::Feedback &feedback)
{
    if (!canRefine() || feedback == m_feedback)
        return;
    setFeedback(feedback);
    ask();
}

void PhotoBrowser::setFeedback(const query::Feedback &feedback)
{
    if (feedback == m_feedback)
        return;
    m_feedback = feedback;
    m_model->setMarks(feedback);
    Q_EMIT feedbackChanged();
}

void PhotoBrowser::refresh()
{
    m_librarian->loadPlace(scope());
}

library::Scope PhotoBrowser::scope() const
{
    library::Scope scope{.directory = services::pathOfText(m_directory)};
    if (m_label)
        scope.label = m_label;
    return scope;
}

void PhotoBrowser::onPlaceLoaded(const library::SharedPlace &place)
{
    m_place = place;
    m_searcher->setPlace(place);
    Q_EMIT libraryLoaded(place->library());
    ask();
}

void PhotoBrowser::ask()
{
    m_searcher->cancelSearch();
    if (!isPlaceLoaded())
        return; // Asked when it is.
    switch (m_order) {
    case Order::Time:
        showByTime(m_place->byTime());
        break;
    case Order::Text:
        m_searcher->searchText(m_text, kSearchLimit, m_feedback);
        break;
    case Order::Likeness:
        m_searcher->searchLike(m_like, kSearchLimit);
        break;
    case Order::Matches:
        showChosenMatches();
        break;
    }
}

void PhotoBrowser::onFound(const services::SearchResult &result)
{
    if (!isPlaceLoaded() || (m_order != Order::Text && m_order != Order::Likeness))
        return;
    if (m_order == Order::Text)
        Q_EMIT lineRead(result.error);
    m_isRanked = !result.error && !result.byTime && result.problem == query::QueryProblem::None;
    if (result.error) {
        m_isFiltered = true; // By a label that may be made yet.
        // What was found before stays while the line is being mended; not in another place.
        if (m_shownScope != m_place->scope())
            showByTime(m_place->byTime());
        return;
    }
    m_isFiltered = result.photos != nullptr;
    if (result.byTime)
        showByTime(result.byTime);
    else
        showRanked(result, result.contents.size(), Listing::Score::Similarity);
}

void PhotoBrowser::showChosenMatches()
{
    const auto end = std::find_if(m_matches.scores.cbegin(), m_matches.scores.cend(),
                                  [this](float score) { return score < m_threshold; });
    showRanked(m_matches, end - m_matches.scores.cbegin(), Listing::Score::Probability);
}

void PhotoBrowser::showByTime(std::shared_ptr<const std::vector<library::Row>> photos)
{
    m_shownScope = m_place->scope();
    Listing listing;
    listing.library = m_place->snapshot();
    listing.photos = std::move(photos);
    m_problem = query::QueryProblem::None;
    m_model->show(std::move(listing));
    Q_EMIT shown();
}

void PhotoBrowser::showRanked(const services::SearchResult &result, qsizetype count, Listing::Score kind)
{
    m_shownScope = m_place->scope();
    Listing listing;
    listing.library = m_place->snapshot();
    listing.kind = kind;
    listing.parts = result.parts;
    m_problem = result.problem;
    m_problemText = result.problemText;
    auto photos = std::make_shared<std::vector<library::Row>>();
    const auto matching = static_cast<qsizetype>(
        query::cutOf(std::span(result.relevances.begin(), result.relevances.end())).confident);
    for (qsizetype rank = 0; rank < count; ++rank) {
        // None where it is embedded, but not (or no longer) among the photos of this place.
        m_place->library().forEachWith(result.contents.at(rank), [&](library::Row row) {
            if (!m_place->holds(row) || (result.photos && !result.photos->contains(row)))
                return;
            photos->push_back(row);
            listing.scores.append(result.scores.at(rank));
            listing.moments.append(result.moments.value(rank, -1));
            if (!result.relevances.isEmpty())
                listing.relevances.append(result.relevances.at(rank));
            listing.partScores.append(result.partScores.value(rank));
        });
        if (!result.relevances.isEmpty() && rank < matching)
            listing.matching = static_cast<int>(photos->size());
    }
    if (!result.relevances.isEmpty())
        listing.matching = std::max(listing.matching, 0);
    listing.photos = std::move(photos);
    m_model->show(std::move(listing));
    Q_EMIT shown();
}

QString PhotoBrowser::heading() const
{
    QString place = tr("All photos");
    if (m_label)
        place = m_labelName;
    else if (!m_directory.isEmpty())
        place = QDir(shownPath(services::pathOfText(m_directory))).dirName();

    switch (m_order) {
    case Order::Time:
        return place;
    case Order::Text:
        return tr("“%1” in %2").arg(m_text, place);
    case Order::Likeness:
        return tr("Photos like %1").arg(m_text);
    case Order::Matches:
        return tr("Looks like “%1”").arg(m_text);
    }
    return place;
}

} // namespace yingxun::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

namespace yingxun::vectors {

/// A row whose score is known to lie between two numbers.
struct Candidate {
    float least;
    float most;
    std::int64_t row;
};

/// Of the rows that were seen, those that can be among the `limit` best; and some that turned out not to be.
class Candidates
{
public:
    explicit Candidates(std::size_t limit) : m_limit(limit), m_tidyAt(8 * limit + 1024) {}

    void see(const Candidate &one)
    {
        if (one.most < m_threshold)
            return; // `limit` others are better, whatever the numbers between turn out to be.
        m_rows.push_back(one);
        if (one.least > m_threshold)
            raise(one.least);
        if (m_rows.size() >= m_tidyAt)
            tidy();
    }

    std::vector<Candidate> take() && { return std::move(m_rows); }

private:
    void raise(float least)
    {
        if (m_best.size() == m_limit) {
            std::pop_heap(m_best.begin(), m_best.end(), std::greater<>());
            m_best.back() = least;
        } else {
            m_best.push_back(least);
        }
        std::push_heap(m_best.begin(), m_best.end(), std::greater<>());
        if (m_best.size() == m_limit)
            m_threshold = m_best.front();
    }

    void tidy()
    {
        std::erase_if(m_rows, [this](const Candidate &one) { return one.most < m_threshold; });
        m_tidyAt = std::max(m_tidyAt, 2 * m_rows.size());
    }

    std::size_t m_limit;
    std::size_t m_tidyAt;
    float m_threshold = -std::numeric_limits<float>::infinity();
    std::vector<float> m_best; ///< The `limit` highest `least`, the lowest of them in front.
    std::vector<Candidate> m_rows;
};

} // namespace yingxun::vectors

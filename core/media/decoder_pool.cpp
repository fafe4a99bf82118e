// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/media/decoder_pool.h"

#include <algorithm>
#include <string>
#include <thread>
#include <utility>

namespace yingxun::media {
namespace {

// Besides what pictures take: libraries, their threads' stacks, and a file of the largest size.
constexpr std::uint64_t kBesides = 3'000'000'000;
constexpr int kAttempts = 2;

} // namespace

DecoderPool::DecoderPool(std::filesystem::path program, DecoderLimits limits)
    : m_program(std::move(program)), m_opened(DecoderProcess::openedProgram(m_program)), m_limits(limits),
      m_mostIdle(std::max(1U, std::thread::hardware_concurrency()))
{
}

Result<Media> DecoderPool::read(const MediaFile &file, const Wants &wants, const std::stop_token &stop)
{
    const auto patience = file.kind() == MediaKind::Video ? m_limits.video : m_limits.picture;
    const std::string name = file.path().string();
    DecoderProcess::Outcome last;
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        auto process = take();
        if (!process)
            return process.propagate();
        auto outcome = process->read(file, wants, patience, stop);
        if (outcome.result) {
            giveBack(*std::move(process));
            return *std::move(outcome.result);
        }
        if (outcome.isCancelled)
            return fail(ErrorCode::Cancelled, "Decoding " + name + " was given up.");
        last = std::move(outcome);
    }
    if (last.isLate)
        return fail(ErrorCode::Internal, "Decoding " + name + " took longer than " +
                                             std::to_string(patience.count() / 1000) +
                                             " s, twice, and was given up. Is the file damaged?");
    if (last.isKilled)
        return fail(ErrorCode::OutOfMemory,
                    "The decoder of " + name + " was killed twice; memory may have been short.");
    return fail(ErrorCode::Internal, "The decoder crashed on " + name + " (" + last.lost +
                                         "). Nothing else was harmed; is the file damaged?");
}

Result<void> DecoderPool::prepare()
{
    auto process = take();
    if (!process)
        return process.propagate();
    giveBack(*std::move(process));
    return {};
}

Result<DecoderProcess> DecoderPool::take()
{
    {
        const std::scoped_lock lock(m_mutex);
        while (!m_idle.empty()) {
            DecoderProcess process = std::move(m_idle.back());
            m_idle.pop_back();
            if (process.isRunning())
                return process;
        }
    }
    return DecoderProcess::start(m_program, m_opened, image::DecodeBudget::ofProcess().capacity() + kBesides);
}

void DecoderPool::giveBack(DecoderProcess process)
{
    const std::scoped_lock lock(m_mutex);
    if (m_idle.size() < m_mostIdle)
        m_idle.push_back(std::move(process));
}

} // namespace yingxun::media

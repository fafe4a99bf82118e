// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/clip_encoder.h"

namespace yingxun::app {

Result<Embeddings> ClipEncoder::encodeImages(std::span<const std::uint8_t> rgb, int count)
{
    return m_model.encodeImages(rgb, count, m_stop);
}

Result<Embeddings> ClipEncoder::encodeTexts(std::span<const std::string> texts)
{
    return m_model.encodeTexts(texts);
}

} // namespace yingxun::app

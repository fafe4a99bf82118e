// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QIcon>

namespace yingxun::ui {

enum class Glyph { Add, Remove, Folder, Photos, Warning, Label, Search, Pause, Resume, Cancel, Close, Fit, Previous, Next };

/// A line drawing in the palette's text colour, sharp at every size and right in light and dark.
QIcon glyphIcon(Glyph glyph);

} // namespace yingxun::ui

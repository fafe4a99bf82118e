// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMetaObject>
#include <QObject>

#include <utility>

#ifdef __SANITIZE_THREAD__
#include <sanitizer/tsan_interface.h>
#endif

namespace yingxun::services {

/// Calls `function` from the event loop of the receiver's thread, unless the receiver has gone by then.
///
/// Qt orders what was written before against what is read after. Its own code is not instrumented, so the
/// thread sanitizer cannot see that and is told.
template<typename Function>
void runOnThreadOf(QObject *receiver, Function function)
{
#ifdef __SANITIZE_THREAD__
    static char order;
    __tsan_release(&order);
    auto told = [function = std::move(function)]() mutable {
        __tsan_acquire(&order);
        function();
    };
    QMetaObject::invokeMethod(receiver, std::move(told), Qt::QueuedConnection);
#else
    QMetaObject::invokeMethod(receiver, std::move(function), Qt::QueuedConnection);
#endif
}

} // namespace yingxun::services

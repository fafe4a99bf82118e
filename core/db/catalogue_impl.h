// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/db/access.h"
#include "core/db/catalogue.h"
#include "core/db/lock.h"
#include "core/db/sqlite.h"

namespace yingxun::db {

/// Two connections rather than one with ATTACH: each database's transactions are its own, as no operation
/// needs both to be atomic.
struct Catalogue::Impl {
    CatalogueLock lock; // Released last, when both databases are closed.
    Database user;
    Database cache;
    Access access = Access::ReadWrite;
};

} // namespace yingxun::db

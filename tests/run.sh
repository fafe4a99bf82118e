#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what is needed, builds everything with warnings as errors, checks the format, runs every test.
# usage: sh tests/run.sh [arguments for ctest]
set -eu
ROOT=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
BUILD=$ROOT/build/tests
. "$ROOT/app/setup.sh"

install_packages clang-format-14 clang-tidy-14 strace
check_blas

cd "$ROOT"
find app core ui tests \( -name '*.h' -o -name '*.cpp' \) ! -name unicode_tables.cpp -print0 |
    xargs -0 clang-format-14 --dry-run -Werror
cmake -S "$ROOT" -B "$BUILD" -G Ninja -DCMAKE_BUILD_TYPE=Release -DYINGXUN_WERROR=ON
ninja -C "$BUILD"
# The files whose mistakes would cost data; all others are looked at by hand.
find core/base core/db core/ingest core/library core/query core/vectors -name '*.cpp' -print0 |
    xargs -0 clang-tidy-14 -p "$BUILD" --quiet --warnings-as-errors='*' --extra-arg=-Wno-unknown-warning-option
exec ctest --test-dir "$BUILD" --output-on-failure -j2 "$@"

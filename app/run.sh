#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what is needed, builds, and starts Yingxun on the folders named (default: the Pictures folder).
# usage: sh app/run.sh [FOLDER…] [--query DESCRIPTION] …
set -eu
ROOT=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
BUILD=$ROOT/build/release
STAMP=$BUILD/.packages-installed
. "$ROOT/app/setup.sh"

mkdir -p "$BUILD"
if [ ! -f "$STAMP" ] || [ "$ROOT/app/setup.sh" -nt "$STAMP" ]; then
    install_packages
    check_blas
    touch "$STAMP"
fi
if [ ! -f "$BUILD/build.ninja" ]; then
    cmake -S "$ROOT" -B "$BUILD" -G Ninja -DCMAKE_BUILD_TYPE=Release >&2
fi
echo "Building Yingxun (the first time takes some minutes)…" >&2
ninja -C "$BUILD" yingxun yingxun-cli >&2
exec "$BUILD/app/yingxun" "$@"

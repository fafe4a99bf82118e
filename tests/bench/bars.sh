#!/usr/bin/env bash
# Prints, on a quiet machine, how the library of a million photos stands beside its bars:
#
#   tests/bench/bars.sh [BUILD_DIRECTORY] [PHOTOS]      (without: build/tests 1000000; some 15 minutes, 3 GB in /tmp)
set -euo pipefail
cd "$(dirname "$0")/../.."
programs=${1:-build/tests}/tests
photos=${2:-1000000}
export QT_QPA_PLATFORM=offscreen

echo "== the window. Bars: painted 1500 ms, stops 50 ms, one more 1000 ms, 600 MiB"
"$programs/bench_window" "$photos"
echo "== from the key to the pixels, of 100,000. Bar: 50 ms"
"$programs/bench_first_screen"
echo "== a key pressed. Bars: 40 ms with a folder and a label, zero-shot 300 MiB"
"$programs/bench_key" "$photos"
echo "== the best 1000 of all embeddings, beside the memory's own rate. Bars: 1.3 times that of the copy, a random 1 % in 6 ms"
"$programs/bench_search" --rows "$photos" --dimension 512
echo "== copies of one content"
"$programs/bench_copies"
echo "== files. Bars: walked in 60 s, looked through again in 15 s, stored as fast in a full catalogue, 0.9"
"$programs/bench_scan" "$photos"

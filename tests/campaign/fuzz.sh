#!/usr/bin/env bash
# Fuzzes every target for so many minutes of processor time (not of the clock, so that a busy machine
# counts for what it did), one after the other, and keeps what was found:
#
#   cmake --preset fuzz && cmake --build --preset fuzz
#   nice -n 19 tests/campaign/fuzz.sh 20                # or: fuzz.sh 20 pickle zip
#
# Interrupted, it goes on where it stopped: build/fuzz/campaign holds the corpus, the seconds spent so far and
# the inputs that made a target fail. Exit status 1 when there is such an input.
set -euo pipefail
cd "$(dirname "$0")/../.."
minutes=${1:-20}
shift || true
targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
    for program in build/fuzz/tests/fuzz_*; do
        targets+=("${program##*/fuzz_}")
    done
fi

campaign=build/fuzz/campaign
for target in "${targets[@]}"; do
    corpus=$campaign/$target
    mkdir -p "$corpus" "$campaign/found"
    spent_file=$campaign/$target.seconds
    spent=$(cat "$spent_file" 2>/dev/null || echo 0)
    while [ "$spent" -lt $((minutes * 60)) ]; do
        # A slice each time: a target that leaks or grows starts afresh, and an interruption costs a minute.
        TIMEFORMAT='%U %S'
        used=$({ time "build/fuzz/tests/fuzz_$target" -max_total_time=60 -timeout=5 -rss_limit_mb=2048 \
            -artifact_prefix="$campaign/found/$target-" "$corpus" "tests/fuzz/corpus/$target" \
            >>"$campaign/$target.log" 2>&1 || true; } 2>&1 | awk '{ print int($1 + $2 + 1) }')
        spent=$((spent + used))
        echo "$spent" >"$spent_file"
    done
    echo "$target: $spent s, $(find "$corpus" -type f | wc -l) inputs kept"
done

if [ -n "$(ls -A "$campaign/found")" ]; then
    echo "inputs that made a target fail:" "$campaign"/found/* >&2
    exit 1
fi

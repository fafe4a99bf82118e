#!/usr/bin/env bash
# Kills, damages and harasses the programs for so many rounds of each kind, each from another seed: what
# ctest does of tst_killed, tst_damaged_library, tst_hostile_folders and tst_untouched_photos a few times.
#
#   sh tests/run.sh                                     # builds
#   nice -n 19 tests/campaign/endurance.sh 20           # or: endurance.sh 20 killed hostile_folders
#
# A round of tst_killed kills the program ten times in each of its two jobs, and what takes milliseconds fifty
# times each: twenty rounds are two hundred kills of each job. Interrupted, it goes on where it stopped:
# build/tests/campaign holds the rounds done so far and a log of each round that failed. Exit status 1 when
# there is such a log.
set -euo pipefail
cd "$(dirname "$0")/../.."
rounds=${1:-20}
shift || true
kinds=("$@")
if [ ${#kinds[@]} -eq 0 ]; then
    kinds=(killed damaged_library hostile_folders untouched_photos)
fi

campaign=build/tests/campaign
mkdir -p "$campaign/failed"
export QT_QPA_PLATFORM=offscreen LC_ALL=C.UTF-8 XDG_CONFIG_HOME=$PWD/$campaign/config QTEST_FUNCTION_TIMEOUT=3600000
export YINGXUN_CAMPAIGN=1 YINGXUN_KILLS=50 YINGXUN_KILLED_RUNS=10 YINGXUN_ROUNDS=10
for kind in "${kinds[@]}"; do
    done_file=$campaign/$kind.rounds
    round=$(cat "$done_file" 2>/dev/null || echo 0)
    while [ "$round" -lt "$rounds" ]; do
        round=$((round + 1))
        log=$campaign/$kind.log
        YINGXUN_SEED=$round "build/tests/tests/tst_$kind" >"$log" 2>&1 ||
            cp "$log" "$campaign/failed/$kind-$round.log"
        echo "$round" >"$done_file"
    done
    echo "$kind: $round rounds"
done

if [ -n "$(ls -A "$campaign/failed")" ]; then
    echo "rounds that failed:" "$campaign"/failed/* >&2
    exit 1
fi

#!/bin/bash
# fuzz.sh - runs fuzz targets for a while each; a finding fails.
#
#   contrib/lint/fuzz.sh SECONDS build-fuzz/fuzz_json ...
#
# Seeds come from spec/fuzz/corpus/NAME (NAME without "fuzz_") when that folder
# exists; what a run learns stays in build-fuzz/corpus/NAME.
set -u
seconds=$1
shift
worst=0
for target in "$@"; do
	name=${target##*/fuzz_}
	learned=build-fuzz/corpus/$name
	seeds=spec/fuzz/corpus/$name
	log=build-fuzz/$name.log
	mkdir -p "$learned"
	[ -d "$seeds" ] || seeds=
	if "$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=4096 \
		-artifact_prefix="build-fuzz/$name-" -print_final_stats=1 \
		"$learned" $seeds >"$log" 2>&1 </dev/null; then
		runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
		cover=$(sed -n 's/.*cov: \([0-9]*\).*/\1/p' "$log" | tail -n 1)
		printf 'fuzz  %-16s %4d s  %10d runs  %6d edges  ok\n' \
			"$name" "$seconds" "${runs:-0}" "${cover:-0}"
	else
		worst=1
		printf 'fuzz  %-16s FINDING\n' "$name"
		grep -nE 'ERROR|runtime error|SUMMARY|artifact_prefix|Test unit' \
			"$log" | head -n 12
		echo "      (all of it: $log)"
	fi
done
exit $worst

#!/bin/bash
# check.sh - everything that `make check` runs, and one sum at the end.
#
# Each step writes to build/check/STEP.log; a failing one shows what failed.
# The last line is "N passed, N failed", summed over all runners. A step that
# ends badly without a failing test counts as one failure. SKIP="e2e lint"
# leaves steps out (they are named as skipped), for a quick look.
set -u
cd "$(dirname "$0")/../.."
logs=build/check
mkdir -p $logs
passed=0
failed=0
make="make --no-print-directory"

# note STEP STATUS PASSED FAILED
note() {
	local mark=ok
	local bad=$4
	if [ "$2" != 0 ] && [ "$bad" = 0 ]; then
		bad=1
	fi
	[ "$bad" = 0 ] || mark=FAILED
	printf '%-7s %-6s %5d passed %3d failed  %4d s\n' "$1" $mark "$3" \
		"$bad" $((SECONDS - began))
	passed=$((passed + $3))
	failed=$((failed + bad))
	if [ "$bad" != 0 ]; then
		show "$1"
	fi
}

# What a person needs of a failing step's log.
show() {
	case $1 in
	unit | spec) grep -n -A 12 -E '^ *not ok|^# |Error|error:|Wstat' \
		$logs/"$1".log | head -n 120 ;;
	e2e) sed -n '/failing tests:/,$p' $logs/e2e.log | head -n 300 ;;
	*) tail -n 60 $logs/"$1".log ;;
	esac
	echo "        (all of it: $logs/$1.log)"
}

count() {
	grep -cE "$1" "$2" || true
}

# A number that node's runner prints: "pass 12" after a mark of its own.
summed() {
	sed -n "s/^[^a-z]*$1 \([0-9][0-9]*\)\$/\1/p" "$2" |
		awk '{ n += $1 } END { print n + 0 }'
}

step() {
	local name=$1
	shift
	case " ${SKIP:-} " in *" $name "*)
		printf '%-7s skipped\n' "$name"
		return
		;;
	esac
	began=$SECONDS
	"$@" >$logs/"$name".log 2>&1 </dev/null
	local status=$?
	case $name in
	unit | spec)
		note "$name" $status \
			"$(count '^ *ok [0-9]' $logs/"$name".log)" \
			"$(count '^ *not ok [0-9]' $logs/"$name".log)"
		;;
	e2e)
		note e2e $status "$(summed pass $logs/e2e.log)" \
			"$(summed fail $logs/e2e.log)"
		;;
	*)
		if [ $status = 0 ]; then
			note "$name" 0 1 0
		else
			note "$name" $status 0 1
		fi
		;;
	esac
}

step build $make -j"$(nproc)" all
if [ $failed != 0 ]; then
	echo
	echo "$passed passed, $failed failed"
	exit 1
fi
step lint $make lint
step abi $make abi
step unit $make -j"$(nproc)" unit PROVE="prove -v -e ''"
step spec $make spec BUSTED="busted --lua=luajit -o TAP"
step e2e $make e2e

echo
echo "$passed passed, $failed failed"
[ $failed = 0 ]

#!/bin/bash
# node.sh - runs Node.js 22 or newer with the specs' packages installed.
#
#   spec/support/node.sh --test spec/e2e/*.test.mjs
#   spec/support/node.sh --which        prints the binary and stops
#
# The providers' SDKs need Node.js 22; where the system has an older one, the
# registry's own build of it is used (spec/node). Packages are installed when
# their lock file is newer than what is there.
set -eu
spec=$(cd "$(dirname "$0")/.." && pwd)

command -v npm >/dev/null || {
	echo "node.sh: npm is missing; run contrib/bootstrap --check" >&2
	exit 1
}

install_into() {
	local stamp="$1/node_modules/.stamp"
	if [ -e "$stamp" ] && cmp -s "$1/package-lock.json" "$stamp"; then
		return 0
	fi
	echo "node.sh: installing the packages of ${1#"$PWD"/}" >&2
	local log
	log=$(mktemp)
	if ! (cd "$1" && npm ci --no-audit --no-fund --loglevel=error \
		>"$log" 2>&1 </dev/null); then
		cat "$log" >&2
		exit 1
	fi
	rm -f "$log"
	cp "$1/package-lock.json" "$stamp"
}

major=$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/')
node=$(command -v node || true)
if [ "${major:-0}" -lt 22 ]; then
	install_into "$spec/node"
	for node in "$spec"/node/node_modules/node-linux-*/bin/node; do :; done
fi
install_into "$spec"
if [ "${1:-}" = --which ]; then
	echo "$node"
	exit 0
fi
exec "$node" "$@"

#!/bin/sh
# The command `marquee`. Node 26 may be installed only as a package of Marquee, so that directory comes first in the PATH.
# `exec` leaves one process: signals reach the supervisor itself.
src=$(dirname "$(readlink -f "$0")")
PATH="$src/../node_modules/.bin:$PATH"
export PATH
node "$src/preflight.js" && exec node "$src/marquee.ts" "$@"

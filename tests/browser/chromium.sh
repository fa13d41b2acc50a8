#!/bin/bash
# What $BROWSER names in the browser tests: starts chromium.mjs and returns at once, as a browser's starter does.
"${NODE:-node}" "$(dirname "${BASH_SOURCE[0]}")/chromium.mjs" "$1" >"$OAUTH_PAGE.log" 2>&1 &

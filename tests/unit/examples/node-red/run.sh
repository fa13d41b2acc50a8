#!/bin/sh
# run.sh NODE_RED FILE: a file of node:test with Node >= 20; 77 where there is none, or 1 in continuous integration where
# tests/run.sh has put it there.
own=$1/node_modules/node/bin/node
if [ -x "$own" ]; then node=$own; else node=${MAILSEND_NODE:-node}; fi
version=$("$node" --version 2>/dev/null | sed 's/^v//; s/\..*//')
if [ "${version:-0}" -lt 20 ] || [ ! -d "$1/node_modules/node-red" ]; then
    echo "NOT RUN: ${2##*/}: Node 20 or npm's package node-red is not installed (tests/run.sh does that)"
    if [ "${CI:-}" = true ] && [ "${MAILSEND_REQUIRE_NODE_RED:-}" = 1 ]; then exit 1; fi
    exit 77
fi
exec "$node" --test --test-reporter=spec "$2"

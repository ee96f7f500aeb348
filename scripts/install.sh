#!/bin/sh
# Installs what package-lock.json names, unless node_modules was made from this very file.
set -eu
cd "$(dirname "$0")/.."
made=node_modules/.made-from-lock
if cmp -s package-lock.json "$made" && [ -x node_modules/.bin/node ]; then exit 0; fi
echo "Installing what package-lock.json names (once) …" >&2
npm ci --no-audit --no-fund --loglevel=error >&2
cp package-lock.json "$made"

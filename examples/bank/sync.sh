#!/bin/sh
# ./sync.sh -e test2 -t test1   brings test2 to the versions that test1 has.
# Takes every flag of `rehome sync`, and works from any folder.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
# $REHOME, else the one that is installed here, else on PATH, else the one that was used here last.
for found in "${REHOME:-}" "$here/node_modules/.bin/rehome" rehome "$here/.rehome/rehome"; do
  if command -v "$found" >/dev/null 2>&1; then break; fi
done
REHOME=$found
if ! command -v "$REHOME" >/dev/null 2>&1; then
  echo "rehome is not installed: npm install rehome, or set REHOME to where it is" >&2
  exit 2
fi
exec "$REHOME" sync --workspace "$here" "$@"

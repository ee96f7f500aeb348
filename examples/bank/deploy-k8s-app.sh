#!/bin/sh
# ./deploy-k8s-app.sh -e test hcn:1.0.0   deploys hcn 1.0.0 to the home k8s of test: to test.k8s.
# Takes every flag of `rehome deploy`, and works from any folder.
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

# Puts .k8s behind the environment, however it is spelled: -e X, -eX, -e=X, --environment X, --environment=X.
home() {
  case $1 in
    *.k8s) printf '%s' "$1" ;;
    *) printf '%s.k8s' "$1" ;;
  esac
}
left=$#
value=no
while [ "$left" -gt 0 ]; do
  word=$1
  shift
  left=$((left - 1))
  if [ "$value" = yes ]; then
    word=$(home "$word")
    value=no
  else
    case $word in
      -e | --environment) value=yes ;;
      --environment=*) word=--environment=$(home "${word#--environment=}") ;;
      -e=*) word=-e$(home "${word#-e=}") ;;
      -e*) word=-e$(home "${word#-e}") ;;
    esac
  fi
  set -- "$@" "$word"
done
exec "$REHOME" deploy --workspace "$here" "$@"

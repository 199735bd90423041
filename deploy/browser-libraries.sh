#!/usr/bin/env bash
# Copies the libraries that pages load in the browser to where our own server serves them.
#
#   deploy/browser-libraries.sh            bring them, if npm is here and they are not
#
# There is one: zxing-wasm, which reads QR codes where the browser itself cannot. Without it the page takes a picture
# and the server reads that, so nothing that goes wrong here stops a set-up: no npm, no network, a file that is not the
# one that was tried. What is copied is held to the checksums beside package.json.

set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
made=$here/../build/browser
shipped=$here/../templates/static/vendor/zxing-wasm
from=$made/node_modules/zxing-wasm/dist

is_right() {
  (cd "$1" 2>/dev/null && sha256sum --check --status "$here/browser/SHA256SUMS" 2>/dev/null)
}

leave_it() {
  echo "Scanning without zxing-wasm: $1. Browsers that cannot read codes will take a picture instead."
  exit 0
}

trap 'rm -rf "${staging:-}"' EXIT
is_right "$shipped" && exit 0
command -v npm >/dev/null || exit 0
mkdir -p "$made"
cp "$here/browser/package.json" "$made/package.json"
npm install --prefix "$made" --no-package-lock --no-audit --no-fund --ignore-scripts --loglevel=silent \
  --fetch-retries=0 --fetch-timeout=20000 >/dev/null 2>&1 \
  || leave_it "npm could not bring it"
staging=$(mktemp -d "$made/staging.XXXXXX")
mkdir -p "$staging/reader"
cp "$from/es/reader/index.js" "$staging/reader/" 2>/dev/null \
  && cp "$from/es/share.js" "$from/reader/zxing_reader.wasm" "$from/../LICENSE" "$staging/" 2>/dev/null \
  || leave_it "it has another shape"
is_right "$staging" || leave_it "it is not the version that was tried"
rm -rf "$shipped"
mkdir -p "$(dirname "$shipped")"
mv "$staging" "$shipped"
chmod 755 "$shipped"

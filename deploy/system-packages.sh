#!/usr/bin/env bash
# Brings the system packages that Plaudit needs, and only those that are missing.
#
#   deploy/system-packages.sh run     what `make setup`, `make demo` and `make run` need
#   deploy/system-packages.sh test    what `make test` needs besides
#
# It asks the machine for each *thing* (a program, a shared library, a Python module), not for a package's name, so
# a Node or a Python that came some other way counts. On Debian and its relatives it installs what is missing, as
# root or through sudo, and says so; anywhere else it says what to install and stops with 1.

set -euo pipefail

# kind   what to look for          Debian package          Fedora and others know it as
RUN_NEEDS='
python   venv,ensurepip            python3-venv            python3 (3.11 or newer) with venv
library  libpango-1.0.so.0         libpango-1.0-0          pango
library  libpangoft2-1.0.so.0      libpangoft2-1.0-0       pango
library  libharfbuzz-subset.so.0   libharfbuzz-subset0     harfbuzz
file     /etc/ssl/certs            ca-certificates         ca-certificates
'
TEST_NEEDS='
program  chromium,chromium-browser,google-chrome  chromium       chromium
program  node,nodejs                              nodejs         nodejs (18 or newer)
program  npm                                      npm            npm
program  qpdf                                     qpdf           qpdf
library  libatomic.so.1                           libatomic1     libatomic
library  libstdc++.so.6                           libstdc++6     libstdc++
program  git                                      git            git
'

have_any_program() {
  local name
  for name in ${1//,/ }; do
    command -v "$name" >/dev/null && return 0
  done
  return 1
}

is_here() {
  local kind=$1 what=$2
  case $kind in
    program) have_any_program "$what" ;;
    library) PATH="$PATH:/sbin:/usr/sbin" ldconfig -p | grep -F "$what" >/dev/null ;;
    python) python3 -c "import ${what}" 2>/dev/null ;;
    file) [ -s "$what/ca-certificates.crt" ] || [ -s /etc/pki/tls/certs/ca-bundle.crt ] ;;
    *) echo "system-packages: no such kind of need: $kind" >&2; exit 64 ;;
  esac
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif [ -t 0 ]; then
    sudo "$@"
  else
    sudo -n "$@"
  fi
}

case ${1:-} in
  run) needs=$RUN_NEEDS ;;
  test) needs=$RUN_NEEDS$TEST_NEEDS ;;
  *) echo "usage: deploy/system-packages.sh run|test" >&2; exit 64 ;;
esac

missing=()
elsewhere=()
while read -r kind what package other_name; do
  [ -n "$kind" ] || continue
  is_here "$kind" "$what" && continue
  missing+=("$package")
  elsewhere+=("$other_name")
done <<<"$needs"

[ ${#missing[@]} -gt 0 ] || exit 0

if ! command -v apt-get >/dev/null; then
  echo "Plaudit needs these system packages, and installs them itself only on Debian and its relatives:" >&2
  printf '  %s\n' "${elsewhere[@]}" | sort -u >&2
  exit 1
fi
if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
  echo "Plaudit needs system packages, and there is neither root nor sudo. As root, run:" >&2
  echo "  apt-get update && apt-get install --no-install-recommends ${missing[*]}" >&2
  exit 1
fi

how=as\ root
[ "$(id -u)" = 0 ] || how="through sudo"
echo "Installing missing system packages ($how): ${missing[*]}"
as_root apt-get update -qq
as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
  -o Dpkg::Use-Pty=0 "${missing[@]}" >/dev/null

#!/usr/bin/env bash
# Clones this repository into a bare Debian 12 in a temporary folder and does there what a newcomer does:
# `make demo`, timed until the first record is verified, then `make test`. Needs root and debootstrap.

set -euo pipefail

usage() {
  cat <<'USAGE'
usage: deploy/try-on-bare-debian.sh [options]

  --working-tree       take the files as they are, not the last commit
  --like-this-machine  let the bare system use this machine's package mirror, proxies and certificate authorities
  --with-shared        put a copy of ../shared beside the clone, as on the project's own machines
  --base DIR           copy this ready bare system instead of making one (see --make-base)
  --make-base DIR      only make a bare system in DIR
  --as-user            do it as a person who is not root but may use sudo
  --only STEP          setup, demo or test: only this step (may be given again)
  --test-args WORDS    hand these words on to pytest
  --keep               leave the folder and say where it is
USAGE
}

suite=bookworm
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
working_tree='' as_user='' like_this_machine='' with_shared='' base='' make_base='' keep='' test_args=''
steps=()
while [ $# -gt 0 ]; do
  case $1 in
    --working-tree) working_tree=yes ;;
    --like-this-machine) like_this_machine=yes ;;
    --with-shared) with_shared=yes ;;
    --as-user) as_user=yes ;;
    --base) base=$2; shift ;;
    --make-base) make_base=$2; shift ;;
    --only) steps+=("$2"); shift ;;
    --test-args) test_args=$2; shift ;;
    --keep) keep=yes ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 64 ;;
  esac
  shift
done
[ ${#steps[@]} -gt 0 ] || steps=(demo test)

[ "$(id -u)" = 0 ] || { echo "This needs root: it makes a bare system and enters it." >&2; exit 1; }
command -v debootstrap >/dev/null || [ -n "$base" ] || { echo "This needs debootstrap." >&2; exit 1; }

# The first Debian mirror that this machine uses itself; nothing: debootstrap's own.
this_machines_mirror() {
  [ -n "$like_this_machine" ] || return 0
  apt-get indextargets --format '$(ORIGIN) $(SUITE) $(REPO_URI)' 2>/dev/null |
    awk '$1 == "Debian" && $2 !~ /security|updates/ {print $3; exit}'
}

make_bare_system() {
  echo "== A bare Debian ($suite) with git and make"
  debootstrap --variant=minbase --include=git,make "$suite" "$1" $(this_machines_mirror) >/dev/null
}

if [ -n "$make_base" ]; then
  make_bare_system "$make_base"
  exit 0
fi

root=$(mktemp -d -t plaudit-bare-debian.XXXXXX)
if [ -n "$keep" ]; then
  echo "In $root"
else
  # Mounts are made only inside the name space of `inside`, so nothing but our own files is here to be removed.
  trap 'rm -rf --one-file-system "$root"' EXIT
fi

if [ -n "$base" ]; then cp -a "$base/." "$root/"; else make_bare_system "$root"; fi
cp /etc/resolv.conf "$root/etc/resolv.conf"

# Variables of the bare system: none of this machine's, unless asked for by name.
environment=("HOME=/root" "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" "CI=true")
host_authorities=/etc/ssl/certs/ca-certificates.crt
host_authorities_inside=/etc/ssl/host-authorities.pem

copy_apt_settings() {
  rm -f "$root/etc/apt/sources.list"
  cp -r /etc/apt/sources.list* "$root/etc/apt/"
  grep -lrE '^ *Acquire' /etc/apt/apt.conf* 2>/dev/null | xargs -r cp -t "$root/etc/apt/apt.conf.d/"
}

copy_authorities() {
  local name
  cp "$host_authorities" "$root$host_authorities_inside"
  for name in SSL_CERT_FILE PIP_CERT REQUESTS_CA_BUNDLE CURL_CA_BUNDLE NODE_EXTRA_CA_CERTS GIT_SSL_CAINFO; do
    environment+=("$name=$host_authorities_inside")
  done
}

copy_package_settings() {
  local name index
  for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
    [ -z "${!name:-}" ] || environment+=("$name=${!name}")
  done
  index=$(python3 -m pip config get global.index-url 2>/dev/null || true)
  [ -z "$index" ] || environment+=("PIP_INDEX_URL=$index" "UV_DEFAULT_INDEX=$index")
  [ ! -f ~/.npmrc ] || cp ~/.npmrc "$root/root/.npmrc"
}

if [ -n "$like_this_machine" ]; then
  copy_apt_settings
  copy_authorities
  copy_package_settings
fi

clone=/srv/plaudit
mkdir -p "$root$clone"
if [ -n "$working_tree" ]; then
  git -C "$repository" ls-files -z --cached --others --exclude-standard |
    (cd "$repository" && xargs -0 -r ls -d 2>/dev/null | tar -cf - -T -) | tar -xf - -C "$root$clone"
  git -C "$root$clone" init -q
  git -C "$root$clone" add -A
else
  git clone -q "$repository" "$root$clone"
fi
if [ -n "$with_shared" ]; then
  cp -r "$repository/../shared" "$root/srv/shared"
fi

# Runs words in the bare system, with its own processes and mounts, no terminal and no input.
inside() {
  unshare --mount --pid --fork --kill-child bash -c '
    set -e
    root=$1; shift
    mount --make-rprivate /
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mount -t tmpfs tmpfs "$root/dev/shm"
    mount -t tmpfs tmpfs "$root/tmp"
    exec chroot "$root" "$@"
  ' - "$root" env -i "${environment[@]}" "$@" </dev/null
}

# Words in front of the newcomer's own: none for root.
newcomer=()
if [ -n "$as_user" ]; then
  inside bash -c 'apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends sudo' \
    >/dev/null 2>&1
  inside useradd --create-home newcomer
  echo 'newcomer ALL=(ALL) NOPASSWD: ALL' >"$root/etc/sudoers.d/newcomer"
  inside chown -R newcomer "$clone"
  [ ! -f "$root/root/.npmrc" ] || cp "$root/root/.npmrc" "$root/home/newcomer/.npmrc"
  inside chown -R newcomer /home/newcomer
  newcomer=(runuser -u newcomer -- env HOME=/home/newcomer USER=newcomer)
fi

timed() {
  local name=$1 before after
  shift
  echo "== $name"
  before=$(date +%s.%N)
  "$@"
  after=$(date +%s.%N)
  printf '== %s took %.1f s\n' "$name" "$(echo "$after $before" | awk '{print $1 - $2}')"
}

for step in "${steps[@]}"; do
  case $step in
    setup) timed "make setup" inside "${newcomer[@]}" make -C "$clone" setup ;;
    demo) timed "make demo" inside "${newcomer[@]}" make -C "$clone" demo DEMO_ARGS=--no-serve ;;
    test) timed "make test" inside "${newcomer[@]}" make -C "$clone" test PYTEST_ARGS="$test_args" ;;
    *) usage >&2; exit 64 ;;
  esac
done

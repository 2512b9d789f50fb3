#!/bin/sh
# What the tests need beside Python. Installs what is missing on Debian as root or with sudo; elsewhere
# it names what is missing and stops.
set -eu

missing=
need() { # need COMMAND PACKAGE
    command -v "$1" >/dev/null 2>&1 || missing="$missing $2"
}
need chromium chromium
need bwrap bubblewrap
need npm npm
need hunspell hunspell
command -v initdb >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
[ -e /usr/share/hunspell/en_GB.dic ] || missing="$missing hunspell-en-gb"
fc-list 2>/dev/null | grep -q . || missing="$missing fontconfig fonts-dejavu-core"

[ -n "$missing" ] || exit 0
command="apt-get install --yes --no-install-recommends$missing"
if ! command -v apt-get >/dev/null 2>&1; then
    echo "missing:$missing (names of Debian packages); please install them" >&2
    exit 1
fi
if [ "$(id -u)" = 0 ]; then
    sudo=
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    sudo=sudo
else
    echo "missing:$missing; please run as root: $command" >&2
    exit 1
fi
echo "installing:$missing"
export DEBIAN_FRONTEND=noninteractive
$sudo apt-get update -qq
$sudo $command -qq >/dev/null

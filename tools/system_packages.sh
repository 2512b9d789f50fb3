#!/bin/sh
# What the tests need beside Python, or with the word “site” what “make site” needs. Installs what is missing
# on Debian as root or with sudo; elsewhere it names what is missing and stops.
set -eu

missing=
need() { # need COMMAND PACKAGE
    command -v "$1" >/dev/null 2>&1 || missing="$missing $2"
}
need_font() { # need_font FAMILY PACKAGE
    fc-list "$1" 2>/dev/null | grep -q . || missing="$missing $2"
}
need npm npm
need rsvg-convert librsvg2-bin
if [ "${1:-}" = site ]; then
    need xelatex "texlive-xetex texlive-latex-extra texlive-fonts-recommended lmodern"
    [ -e /usr/share/texlive/texmf-dist/tex/generic/hyph-utf8/patterns/tex/hyph-et.tex ] ||
        missing="$missing texlive-lang-european texlive-lang-cyrillic"
    need latexmk latexmk
    need epubcheck epubcheck
    need_font "Linux Libertine O" fonts-linuxlibertine
    need_font "DejaVu Sans Mono" "fontconfig fonts-dejavu-core"
    need_font "Droid Sans Fallback" fonts-droid-fallback
else
    need chromium-headless-shell chromium-headless-shell
    need bwrap bubblewrap
    need hunspell hunspell
    command -v initdb >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
    [ -e /usr/share/hunspell/en_GB.dic ] || missing="$missing hunspell-en-gb"
    fc-list 2>/dev/null | grep -q . || missing="$missing fontconfig fonts-dejavu-core"
fi

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

#!/usr/bin/env bash
# gVisor's runsc from Debian's backports, unpacked into the folder DEST; nothing is installed.
# The mirror is taken from this machine's own apt sources, so that no host name stands here.
set -euo pipefail
dest=${1:?the folder that runsc is put into}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$dest" "$work"/{lists/partial,cache/archives/partial}
uri=$(sed -nE 's/^URIs: *//p; s/^deb +(\[[^]]*\] +)?([^ ]+) +bookworm +main.*/\2/p' \
  /etc/apt/sources.list /etc/apt/sources.list.d/*.{list,sources} 2>/dev/null \
  | sed -n '/debian/{p;q}' || true)
[ -n "$uri" ] || { echo "no source of Debian 12 is known to this machine" >&2; exit 1; }
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
echo "deb [signed-by=$keyring] $uri bookworm-backports main" > "$work/backports.list"
apt=(apt-get -qq -o "Dir::Etc::SourceList=$work/backports.list" -o Dir::Etc::SourceParts=/dev/null
  -o "Dir::State::Lists=$work/lists" -o "Dir::Cache=$work/cache")
"${apt[@]}" update
(cd "$work" && "${apt[@]}" download runsc)
dpkg-deb -x "$work"/runsc_*.deb "$work/root"
install -m 0755 "$work/root/usr/bin/runsc" "$dest/runsc"

#!/usr/bin/env bash
# A real Blender window on a machine without a display: set up, then photograph.
#
#   tools/blender_window.sh setup            makes the chroot in .blender-window/ (2 GB, some minutes)
#   tools/blender_window.sh run SCRIPT [...] starts Blender there under Xvfb and runs SCRIPT inside its window
#   tools/blender_window.sh pictures         the whole flow of tests/window, pictures into docs/pictures/
#
# Needs root (chroot), debootstrap, Xvfb; the mirror is the one this machine's
# own apt uses. Debian's sid carries a current Blender; only the photographs need it.
set -euo pipefail

repo=$(cd "$(dirname "$0")/.." && pwd)
root=${ARP_WINDOW_ROOT:-$repo/.blender-window}

mirror() {
    # Both apt formats: deb822 ("URIs: …") and one-line ("deb … URL suite").
    local line
    line=$(cat /etc/apt/sources.list.d/*.sources 2>/dev/null | awk '/^URIs:/ {print $2; exit}')
    if [[ -z $line ]]; then
        line=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null |
            grep -E '^deb ' | grep -oE 'https?://[^ ]+' | head -n 1)
    fi
    [[ -n $line ]] || { echo "No Debian mirror found in this machine's apt sources." >&2; exit 1; }
    echo "${line%/}"
}

setup() {
    if [[ -x $root/usr/bin/blender ]]; then
        echo "Blender is already set up in $root"
        return
    fi
    command -v debootstrap >/dev/null || { echo "debootstrap is missing: apt-get install debootstrap" >&2; exit 1; }
    if [[ ! -e $root/etc/debian_version ]]; then
        debootstrap --variant=minbase sid "$root" "$(mirror)"
    fi
    # A mirror may lag behind the validity its index states; packages stay signed.
    echo 'Acquire::Check-Valid-Until "false";' >"$root/etc/apt/apt.conf.d/90valid"
    cp /etc/resolv.conf "$root/etc/resolv.conf"
    [[ -d /etc/apt/apt.conf.d ]] && grep -rhi 'proxy' /etc/apt/apt.conf.d >"$root/etc/apt/apt.conf.d/91proxy" || true
    chroot "$root" env DEBIAN_FRONTEND=noninteractive apt-get update
    chroot "$root" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
        blender libgl1-mesa-dri libegl1 xdotool scrot \
        python3-numpy python3-cattr python3-requests python3-zstandard fonts-noto-cjk
}

case ${1:-} in
setup) setup ;;
*) sed -n '2,10p' "$0" ;;
esac

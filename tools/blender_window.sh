#!/usr/bin/env bash
# A real Blender window on a machine without a display: set up, then photograph.
#
#   tools/blender_window.sh                  sets up what is missing and runs tests/window
#   tools/blender_window.sh setup            makes the chroot in .blender-window/ (2 GB, some minutes)
#   tools/blender_window.sh pictures IMAGE   the whole flow of tests/window/show.py, pictures into docs/pictures/
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
        blender libgl1 libglx-mesa0 libgl1-mesa-dri libegl1 xdotool scrot \
        python3-numpy python3-cattr python3-requests python3-zstandard fonts-noto-cjk
}

shrink() { # FROM TO: losslessly; colours carry meaning here, so none is merged with its neighbour
    "${ARP_PYTHON:-$repo/.venv/bin/python}" -c '
import sys
from PIL import Image
Image.open(sys.argv[1]).convert("RGB").save(sys.argv[2], optimize=True)
' "$1" "$2"
}

pictures() {
    [[ -x $root/usr/bin/blender ]] || { echo "Run 'tools/blender_window.sh setup' first." >&2; exit 1; }
    local image=${1:?a picture to start from} python=${ARP_PYTHON:-$repo/.venv/bin/python}
    local out=${ARP_WINDOW_OUT:-$repo/docs/pictures} display=${ARP_WINDOW_DISPLAY:-:77}
    local inside=/arp-window work=$root/arp-window size=${ARP_WINDOW_SIZE:-1600x1200}
    rm -rf "$work"
    mkdir -p "$work"/{ask,done,project,user,dist} "$out"
    cp "$image" "$work/$(basename "$image")"
    cp "$repo/tests/window/show.py" "$work/show.py"

    # The zip for the Python of that Blender
    local version
    version=$(chroot "$root" python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    "$python" "$repo/tools/build_extension.py" --python "$version" --out "$work/dist" >/dev/null
    cp "$work"/dist/*.zip "$work/asset_routing.zip"

    # A real bridge beside it: the chroot shares this machine's loopback
    env ARP_HOME="$work/home" PYTHONPATH="$repo/core:$repo/server_bridge" \
        "$python" -m arp_bridge bridge >"$work/bridge.log" 2>&1 &
    local bridge=$!
    Xvfb "$display" -screen 0 "${size}x24" -nolisten tcp -ac >"$work/xvfb.log" 2>&1 &
    local screen=$!
    # shellcheck disable=SC2064  # these processes, as they are named now
    trap "kill $bridge $screen 2>/dev/null || true" EXIT
    for _ in $(seq 100); do [[ -e $work/home/bridge.json ]] && break; sleep 0.1; done

    chroot "$root" env DISPLAY="$display" LIBGL_ALWAYS_SOFTWARE=1 HOME=/root LANG=C.UTF-8 \
        ARP_HOME=$inside/home ARP_WINDOW_LIGHT="${ARP_WINDOW_LIGHT:-}" ARP_WINDOW_WORK=$inside ARP_WINDOW_IMAGE="$(basename "$image")" \
        ARP_WINDOW_HEIGHT="${ARP_WINDOW_HEIGHT:-0.3}" ARP_WINDOW_SCALE="${ARP_WINDOW_SCALE:-1.1}" \
        BLENDER_USER_RESOURCES=$inside/user \
        blender --factory-startup -noaudio --window-geometry 0 0 "${size%x*}" "${size#*x}" --python $inside/show.py \
        >"$work/blender.log" 2>&1 &
    local blender=$!
    # shellcheck disable=SC2064  # the same
    trap "kill $blender $bridge $screen 2>/dev/null || true" EXIT
    local asked name
    for _ in $(seq 6000); do
        for asked in "$work"/ask/*; do
            [[ -e $asked ]] || continue
            name=$(basename "$asked")
            rm "$asked"
            case $name in
            end) return 0 ;;
            failed) cat "$work/blender.log" >&2; return 1 ;;
            *) DISPLAY=$display scrot --overwrite "$work/$name.png"
                shrink "$work/$name.png" "$out/blender-panel-$name.png"
                touch "$work/done/$name" ;;
            esac
        done
        kill -0 "$blender" 2>/dev/null || { cat "$work/blender.log" >&2; return 1; }
        sleep 0.1
    done
    echo "Blender did not get through in ten minutes." >&2
    return 1
}

case ${1:-test} in
test) setup && "${ARP_PYTHON:-$repo/.venv/bin/python}" -m pytest "$repo/tests/window" ;;
setup) setup ;;
pictures) pictures "${2:-}" ;;
*) sed -n '2,11p' "$0" ;;
esac

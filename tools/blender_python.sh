#!/usr/bin/env bash
# Blender as a Python module, in an environment of its own: .venv-blender-VERSION.
#
#   tools/blender_python.sh 4.5            with the repository's Python 3.11
#   tools/blender_python.sh 5.2            with Python 3.13 (PYTHON313 names one)
#
# About 1 GB each. Does nothing where it is there already; fails with a reason where it cannot be had.
set -uo pipefail
cd "$(dirname "$0")/.."

version=${1:?a Blender version, 4.5 or 5.2}
case $version in
4.5) python=.venv/bin/python ;;
5.2) python=${PYTHON313:-} ;;
*) echo "Blender $version is not among the versions this repository tests with: 4.5, 5.2" >&2; exit 2 ;;
esac
folder=.venv-blender-$version
lock=requirements/blender-$version.lock

if [ -e "$folder/.ready" ] && [ ! "$lock" -nt "$folder/.ready" ]; then exit 0; fi
if ! command -v "${python:-no python}" >/dev/null; then
    echo "Blender $version needs a Python that is not here; for 5.2 set PYTHON313 to a Python 3.13" >&2
    exit 1
fi
echo "Installing Blender $version as a Python module (about 1 GB)"
if "$python" -m venv "$folder" &&
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check -r "$lock"; then
    touch "$folder/.ready"
else
    echo "Blender $version could not be installed; pip's reason stands above" >&2
    exit 1
fi

#!/usr/bin/env bash
# Every test: on Python 3.11, inside real Blender 4.5 and 5.2, and on Python 3.13 where there is one.
# What cannot be had here is skipped loudly, with its reason.
set -uo pipefail
cd "$(dirname "$0")/.."
status=0

say() { printf '\n=== %s\n' "$*"; }

# A Blender module for one Python, in an environment of its own.
blender() { # VERSION PYTHON
    local version=$1 python=$2 folder=".venv-blender-$1"
    if [ -e "$folder/.ready" ] && [ "$folder/.ready" -nt "requirements/blender-$version.lock" ]; then return 0; fi
    if [ -z "$python" ]; then say "SKIPPED: Blender $version needs a Python that is not here"; return 0; fi
    say "Installing Blender $version as a Python module (about 1 GB)"
    if "$python" -m venv "$folder" &&
        "$folder/bin/python" -m pip install --quiet --disable-pip-version-check -r "requirements/blender-$version.lock"; then
        touch "$folder/.ready"
    else
        say "SKIPPED: Blender $version could not be installed; its tests are skipped"
    fi
}

blender 4.5 .venv/bin/python
blender 5.2 "${PYTHON313:-}"

say "Python $(.venv/bin/python -c 'import platform; print(platform.python_version())'), all tests"
.venv/bin/python -m pytest -n 2 --dist loadgroup "$@" || status=1

if [ -n "${PYTHON313:-}" ]; then
    if [ ! -e .venv-3.13/.ready ] || [ requirements/dev.lock -nt .venv-3.13/.ready ]; then
        say "Installing on Python 3.13"
        "$PYTHON313" -m venv .venv-3.13 &&
            .venv-3.13/bin/python -m pip install --quiet --disable-pip-version-check -r requirements/dev.lock &&
            .venv-3.13/bin/python -m pip install --quiet --disable-pip-version-check --no-deps -e . &&
            touch .venv-3.13/.ready
    fi
    if [ -e .venv-3.13/.ready ]; then
        say "Python 3.13, core, capabilities and bridge"
        .venv-3.13/bin/python -m pytest -n 2 --dist loadgroup tests/core tests/capabilities tests/bridge "$@" || status=1
    else
        say "SKIPPED: the packages could not be installed on Python 3.13"
    fi
else
    say "SKIPPED: no Python 3.13 here; set PYTHON313 to one"
fi
exit $status

#!/usr/bin/env bash
# Every test: on Python 3.11, inside real Blender 4.5 and 5.2, and on Python 3.13 where there is one.
# What cannot be had here is skipped loudly, with its reason.
set -uo pipefail
cd "$(dirname "$0")/.."
status=0

say() { printf '\n=== %s\n' "$*"; }

for version in 4.5 5.2; do
    PYTHON313="${PYTHON313:-}" tools/blender_python.sh "$version" ||
        say "SKIPPED: no Blender $version here, for the reason above; its tests are skipped"
done

say "Python $(.venv/bin/python -c 'import platform; print(platform.python_version())'), all tests"
say "NOT HERE: tests/window photographs a Blender window; that is 'make test-window'"
.venv/bin/python -m pytest -n 2 --dist loadgroup --ignore tests/window "$@" || status=1

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

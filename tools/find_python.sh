#!/usr/bin/env bash
# Prints a Python of the given version (3.11, 3.13) that really starts: a name on PATH can be
# a version manager's shim for a Python that is not chosen. Prints nothing where there is none.
version=$1
for python in "python$version" "$HOME/.pyenv/versions/$version".*/bin/python; do
    found=$(command -v "$python") || continue
    if "$found" -c "import sys; sys.exit('%d.%d' % sys.version_info[:2] != '$version')" 2>/dev/null; then
        echo "$found"
        exit 0
    fi
done

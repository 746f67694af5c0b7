#!/bin/sh
# Make the virtual environment $1 from a Python that is new enough: $PYTHON where it is set.
set -eu

usable='import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))'

for python in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
    if "$python" -c "$usable" 2>/dev/null; then
        exec "$python" -m venv "$1"
    fi
done

echo "Python 3.11 or newer, with its venv module, was not found as ${PYTHON:-python3, python3.13," \
    "python3.12 or python3.11}." >&2
echo "Install it (Debian and Ubuntu: apt-get install python3 python3-venv), or say where it is:" \
    "make PYTHON=/path/to/python3" >&2
exit 1

"""Lets the unit tests import the helper modules that lie beside them."""

import sys
from pathlib import Path

sys.path += [
    str(Path(__file__).parent / folder) for folder in ("engine", "images", "runtime", "widgets")
]

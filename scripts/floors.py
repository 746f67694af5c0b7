"""Print constraints that pin each runtime dependency to the lowest that pyproject.toml allows."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

PYPROJECT = Path(__file__).parents[1] / "pyproject.toml"


def floors(dependencies: list[str]) -> list[str]:
    """Turn every ``name>=version`` into ``name==version``."""
    pinned = []
    for dependency in dependencies:
        found = re.match(r"([\w-]+)>=([\d.]+)", dependency)
        if found is None:
            raise ValueError(f"{dependency!r} has no lower bound; write it as name>=version.")
        pinned.append("{}=={}".format(*found.groups()))
    return pinned


if __name__ == "__main__":
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    print("\n".join(floors(project["dependencies"])))

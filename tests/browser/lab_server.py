"""A JupyterLab server of a test's own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nbformat

SETTINGS = {
    # Without it JupyterLab drops the state of widgets when it saves a notebook.
    "@jupyter-widgets/jupyterlab-manager/plugin": {"saveState": True},
    "@jupyterlab/apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/docmanager-extension/plugin": {"autosave": False},
    # Every cell is in the page, in sight or not.
    "@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"},
}


@dataclass(frozen=True)
class Lab:
    """A running server: where it listens, and the folder it serves."""

    url: str
    folder: Path

    def write(self, name: str, cells: Sequence[str]) -> Path:
        """Write a notebook of code cells that JupyterLab opens without asking for a kernel."""
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(source) for source in cells],
            metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        )
        path = self.folder / f"{name}.ipynb"
        nbformat.write(notebook, path)
        return path


@contextmanager
def serve(folder: Path) -> Iterator[Lab]:
    """Run ``jupyter lab`` on a free port, with settings and state of its own in ``folder``."""
    notebooks, settings = folder / "notebooks", folder / "settings"
    notebooks.mkdir()
    for plugin, values in SETTINGS.items():
        path = settings / f"{plugin}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values), encoding="utf-8")
    log = folder / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root"),
                *("--ServerApp.ip=127.0.0.1", "--ServerApp.port=0"),
                f"--ServerApp.root_dir={notebooks}",
                "--IdentityProvider.token=",
                "--LabApp.expose_app_in_browser=True",
                "--JupyterNotebookApp.expose_app_in_browser=True",
                "--LabApp.extension_manager=readonly",
                f"--LabApp.user_settings_dir={settings}",
                f"--LabApp.workspaces_dir={folder / 'workspaces'}",
            ],
            env=os.environ
            | {
                "JUPYTER_CONFIG_DIR": str(folder / "config"),
                "JUPYTER_DATA_DIR": str(folder / "data"),
                "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
                "IPYTHONDIR": str(folder / "ipython"),
            },
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield Lab(wait_for_url(server, folder / "runtime", log), notebooks)
    finally:
        server.terminate()
        server.wait(timeout=30)


def wait_for_url(server: subprocess.Popen[bytes], runtime: Path, log: Path) -> str:
    """Return the server's address once it answers; it writes its port to its runtime folder."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        for path in runtime.glob(f"jpserver-{server.pid}.json"):
            try:
                url = json.loads(path.read_text(encoding="utf-8"))["url"].rstrip("/")
                with urllib.request.urlopen(f"{url}/api/status"):
                    return url
            except (OSError, json.JSONDecodeError):
                pass  # half written, or not listening yet
        time.sleep(0.1)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text(encoding='utf-8')}")

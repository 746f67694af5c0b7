"""The README says what the package is: its methods, its commands, its files."""

import re
from pathlib import Path

import pytest

from tfinterp_widgets.engine.methods import METHODS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


@pytest.mark.parametrize("name", METHODS)
def test_every_method_is_in_the_table(name):
    assert f"| `{name}` |" in README


def test_links_lead_to_files_that_exist():
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert links
    for link in links:
        assert (ROOT / link).exists(), link


def test_its_commands_are_targets_of_the_makefile():
    makefile = (ROOT / "Makefile").read_text()
    commands = re.findall(r"^make ([\w-]+)", README, flags=re.MULTILINE)
    assert commands == ["demo", "test"]
    for command in commands:
        assert f"\n{command}:" in makefile

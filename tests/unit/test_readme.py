"""The README says what the package is: its methods, its commands, its files."""

import re
import runpy
from pathlib import Path

import numpy as np
import pytest

import tfinterp_widgets as tw
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


def code_under(heading, folder):
    """The first piece of Python below a heading, as a script."""
    script = folder / "readme.py"
    script.write_text(README.partition(heading)[2].partition("```python\n")[2].partition("```")[0])
    return str(script)


def test_its_code_for_a_table_runs(tmp_path):
    credit = tw.samples.german_credit()
    given = {name: getattr(credit, name) for name in ("model", "X_test", "y_test", "preprocess")}

    made = runpy.run_path(code_under("## Your own table", tmp_path), {"tw": tw, **given})

    assert len(made["importance"].to_frame()) == 20
    assert len(made["curve"].individual) == 50
    for widget in (made["bars"], made["rows"]):
        widget.explain()
        widget.wait()
        assert widget.status["state"] == "done"
        widget.close()


def test_its_code_for_slices_runs(tmp_path):
    credit = tw.samples.german_credit()
    scores = np.asarray(credit.model(credit.preprocess(credit.X_test)))[:, 0]
    rows = tw.TabularExplorer(credit.model, credit.X_test, preprocess=credit.preprocess)
    given = {"X_test": credit.X_test, "labels": credit.y_test, "scores": scores, "rows": rows}

    made = runpy.run_path(code_under("## Worse for whom?", tmp_path), {"tw": tw, **given})

    assert made["table"].metrics[:3] == ("accuracy", "auc", "fpr")
    made["explorer"].explain()
    made["explorer"].wait()
    assert made["explorer"].status["state"] == "done"

"""The README says what the package is: its methods, its commands, its files."""

import ast
import dataclasses
import inspect
import re
import runpy
from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image

import tfinterp_widgets as tw
from tfinterp_widgets.engine.methods import METHODS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def rows():
    """The rows of the README's table of methods, by the method's name, and the family of each."""
    table = README.partition("| method | answers; paper |")[2].partition("\n\n")[0]
    family, found = "", {}
    for line in table.splitlines()[2:]:
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if cells[0].startswith("**"):
            family = cells[0].strip("*")
        else:
            answers, source = cells[1].split("<br>")
            found[cells[0].strip("`")] = family, answers, *cells[2:], source.strip("*")
    return found


def test_the_table_has_all_methods_in_the_registrys_order():
    assert list(rows()) == list(METHODS)


@pytest.mark.parametrize("name", METHODS)
def test_a_methods_row_tells_its_family_parameters_and_paper(name):
    family, answers, evaluations, parameters, source = rows()[name]
    assert family == METHODS[name].family
    assert answers
    assert evaluations
    expected = {field.name: field.default for field in dataclasses.fields(METHODS[name])}
    written = dict(part.partition("=")[::2] for part in re.findall(r"`([^`]+)`", parameters))
    assert list(written) == list(expected)
    for parameter, value in written.items():
        if parameter != "baseline" and value:  # 0 stands for Constant(0.0)
            assert ast.literal_eval(value) == expected[parameter]
    author, year = re.match(r"(\w+).* (\d{4})", source).groups()
    assert re.search(rf"{author}.*{year}", inspect.getdoc(METHODS[name]), flags=re.DOTALL)


@pytest.mark.parametrize("name", METHODS)
def test_the_page_on_methods_has_a_section_for_each(name):
    page = (ROOT / "docs" / "methods.md").read_text()
    section = page.partition(f"\n### {name}\n")[2].partition("\n#")[0]
    assert "**Cost**" in section
    assert f"`{name}`" in page.partition("## Which inputs?")[2].partition("\n## ")[0]


def test_links_lead_to_files_that_exist():
    for page in (ROOT / "README.md", ROOT / "docs" / "methods.md"):
        links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text())
        assert links
        for link in links:
            assert (page.parent / link).exists(), link


def test_every_notebook_is_told_of():
    for notebook in (ROOT / "notebooks").glob("*.ipynb"):
        assert f"](notebooks/{notebook.name})" in README


def test_its_commands_are_targets_of_the_makefile():
    makefile = (ROOT / "Makefile").read_text()
    commands = re.findall(r"^make ([\w-]+)", README, flags=re.MULTILINE)
    assert commands == ["demo", "test"]
    for command in commands:
        assert f"\n{command}:" in makefile


def code_under(heading, folder, number=0):
    """A piece of Python below a heading, the first unless told, as a script."""
    pieces = re.findall(r"```python\n(.*?)```", README.partition(heading)[2], flags=re.DOTALL)
    script = folder / "readme.py"
    script.write_text(pieces[number])
    return str(script)


def test_its_first_answer_is_what_it_says(tmp_path):
    made = runpy.run_path(code_under("## Try it, install it", tmp_path))

    answer = made["answer"]
    said = re.search(r"target (\d+) by .*?score ([\d.]+),\s+.*?error ([\d.]+)%", README, re.DOTALL)
    target, score, error = map(float, said.groups())
    assert answer.target == target
    assert answer.score == pytest.approx(score, abs=0.01)
    assert answer.relative_error == pytest.approx(error / 100, abs=0.005)
    made["explorer"].close()


def test_its_code_for_a_model_of_ones_own_runs(tmp_path, monkeypatch):
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input((16, 16, 3)),
            keras.layers.Conv2D(4, 3, activation="relu"),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(300),
        ]
    )
    images = np.random.default_rng(0).integers(0, 256, (2, 16, 16, 3), np.uint8)
    given = {"model": model, "preprocess": lambda batch: batch / 255, "tw": tw}
    given |= {"images": images, "labels": [3, 5]}
    monkeypatch.chdir(tmp_path)
    Image.fromarray(images[0]).save("cat.jpg")

    made = runpy.run_path(code_under("## Your own model", tmp_path, number=1), given)

    assert made["b"].target == (285, 281)
    assert made["b"].score == pytest.approx(made["cat"].score - made["tabby"].score, abs=1e-4)
    assert [answer.target for answer in made["each"]] == [3, 5]
    assert made["estimate"].final


def test_what_it_says_an_answer_has_is_there():
    table = README.partition("An answer says how far to trust it:")[2].partition("\n\n## ")[0]
    names = re.findall(r"`a\.(\w+)", table)
    assert len(names) == 10
    for name in names:
        assert hasattr(tw.Attribution, name) or name in tw.Attribution.__dataclass_fields__


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

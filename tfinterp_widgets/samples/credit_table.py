"""The German credit table: its columns, what its codes mean, and its rows.

The rows are those of UCI's file, letter for letter. The meaning of the codes is not: in eight
columns UCI's description gives them the wrong labels (checking_account, credit_history, purpose,
savings, sex, property, housing, foreign_worker). The labels here are those that Grömping (2019)
found in the literature of the bank's time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

_FILE = files("tfinterp_widgets.samples") / "data" / "german_credit.data.gz"
_GOOD = 1  # UCI codes the outcome as 1 for good and 2 for bad


@dataclass(frozen=True)
class Column:
    """A column of the table.

    Attributes
    ----------
    name
        What the table calls it.
    levels
        Code in UCI's file to label, in the order of the codes; empty for a number.
    ordered
        Whether the order of the labels means anything.
    """

    name: str
    levels: Mapping[str, str] = field(default_factory=dict)
    ordered: bool = False


COLUMNS = (
    Column(
        "checking_account",
        {"A11": "none", "A12": "< 0 DM", "A13": "0 to 200 DM", "A14": ">= 200 DM, salary"},
    ),
    Column("duration"),  # months
    Column(
        "credit_history",
        {
            "A30": "delayed in the past",
            "A31": "critical, or credits elsewhere",
            "A32": "no credits, or all paid back",
            "A33": "paid back duly till now",
            "A34": "all paid back at this bank",
        },
    ),
    Column(
        "purpose",
        {
            "A40": "others",
            "A41": "car (new)",
            "A42": "car (used)",
            "A43": "furniture/equipment",
            "A44": "radio/television",
            "A45": "domestic appliances",
            "A46": "repairs",
            "A48": "vacation",  # A47, education, has no rows
            "A49": "retraining",
            "A410": "business",
        },
    ),
    Column("credit_amount"),  # Deutsche Mark, after a monotonic transformation nobody has kept
    Column(
        "savings",
        {
            "A61": "unknown or none",
            "A62": "< 100 DM",
            "A63": "100 to 500 DM",
            "A64": "500 to 1000 DM",
            "A65": ">= 1000 DM",
        },
    ),
    Column(
        "employment",
        {
            "A71": "unemployed",
            "A72": "< 1 year",
            "A73": "1 to 4 years",
            "A74": "4 to 7 years",
            "A75": ">= 7 years",
        },
        ordered=True,
    ),
    Column(  # of the disposable income
        "installment_rate",
        {"1": ">= 35 %", "2": "25 to 35 %", "3": "20 to 25 %", "4": "< 20 %"},
        ordered=True,
    ),
    Column(
        "sex",
        {
            "A91": "male: divorced, separated",
            "A92": "female: not single, or male: single",
            "A93": "male: married, widowed",
            "A94": "female: single",
        },
    ),
    Column("other_debtors", {"A101": "none", "A102": "co-applicant", "A103": "guarantor"}),
    Column(  # at the present address
        "residence",
        {"1": "< 1 year", "2": "1 to 4 years", "3": "4 to 7 years", "4": ">= 7 years"},
        ordered=True,
    ),
    Column(
        "property",
        {
            "A121": "unknown or none",
            "A122": "car or other",
            "A123": "building savings, life insurance",
            "A124": "real estate",
        },
    ),
    Column("age"),  # years
    Column("other_installment_plans", {"A141": "bank", "A142": "stores", "A143": "none"}),
    Column("housing", {"A151": "for free", "A152": "rent", "A153": "own"}),
    Column(  # at this bank, this one included
        "existing_credits", {"1": "1", "2": "2 or 3", "3": "4 or 5", "4": ">= 6"}, ordered=True
    ),
    Column(
        "job",
        {
            "A171": "unskilled, non-resident",
            "A172": "unskilled, resident",
            "A173": "skilled",
            "A174": "manager, highly qualified",
        },
        ordered=True,
    ),
    Column("dependents", {"1": "0 to 2", "2": ">= 3"}, ordered=True),
    Column("telephone", {"A191": "no", "A192": "yes"}),
    Column("foreign_worker", {"A201": "no", "A202": "yes"}),
)


def read_table() -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """Read the 1,000 rows.

    Returns
    -------
    table : pandas.DataFrame
        ``(1000, 20)`` in UCI's order of rows: three columns of int64, the others categorical.
    good : ndarray
        ``(1000,)`` int64: 1 where the credit was paid back, 0 where it was not.
    """
    import pandas as pd

    codes = {column.name: str for column in COLUMNS if column.levels}
    names = [*(column.name for column in COLUMNS), "outcome"]
    with as_file(_FILE) as path:
        table = pd.read_csv(path, sep=" ", names=names, dtype=codes, compression="gzip")
    good = (table.pop("outcome") == _GOOD).to_numpy(np.int64)
    for column in COLUMNS:
        if column.levels:
            kind = pd.CategoricalDtype(list(column.levels), ordered=column.ordered)
            coded = table[column.name].astype(kind)
            table[column.name] = coded.cat.rename_categories(dict(column.levels))
    return table, good

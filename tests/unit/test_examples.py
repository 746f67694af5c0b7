"""The examples in docstrings do what they say; those that need a model of one's own are skipped."""

import ast
import doctest
import importlib
import itertools
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

PACKAGE = Path(__file__).parents[2] / "tfinterp_widgets"


DOCUMENTED = ast.Module | ast.ClassDef | ast.FunctionDef


def modules_with_examples():
    """The names of all modules with an example that is not skipped."""
    for path in sorted(PACKAGE.rglob("*.py")):
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        texts = [ast.get_docstring(node) or "" for node in nodes if isinstance(node, DOCUMENTED)]
        examples = itertools.chain(*map(doctest.DocTestParser().get_examples, texts))
        if not all(each.options.get(doctest.SKIP) for each in examples):
            parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
            yield ".".join(parts).removesuffix(".__init__")


@pytest.mark.parametrize("name", [*modules_with_examples()])
def test_examples_do_what_they_say(name):
    module = importlib.import_module(name)
    names = {"np": np, "tf": tf}  # which examples take for granted
    results = doctest.testmod(module, extraglobs=names, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert results.attempted > 0
    assert results.failed == 0

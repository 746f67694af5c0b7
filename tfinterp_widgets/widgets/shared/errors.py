"""What a person reads when a run has failed."""

from __future__ import annotations

import re

from tfinterp_widgets.wire import to_text

_LONGEST_MESSAGE = 1_000
# What makes text bold or coloured in a terminal, as Keras does in its errors.
_ANSI_ESCAPE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
# TensorFlow's errors tell the stack, each place with its source, before and after the cause.
_STACK_HEAD = re.compile(r"^Traceback|( defined at)? \(most recent call last\):$", re.MULTILINE)
_STACK_PLACE = re.compile(r'^ +File ".*", line \d+, in .*(\n {4,}.*)*', re.MULTILINE)


def explain(error: BaseException | None) -> str:
    """Say what went wrong: our own errors are sentences, others need their type to be read."""
    ours = isinstance(error, TypeError | ValueError) and str(error)
    text = str(error) if ours else f"{type(error).__name__}: {error}"
    whole = " ".join([text, *getattr(error, "__notes__", ())])
    return _shorten(_without_stack(to_text(_ANSI_ESCAPE.sub("", whole))))


def _without_stack(text: str) -> str:
    """Leave out the places in the code, and what is then said twice."""
    if _STACK_PLACE.search(text) is None:
        return text
    lines = _STACK_HEAD.sub("", _STACK_PLACE.sub("", text)).splitlines()
    return "\n".join(dict.fromkeys(filter(None, map(str.strip, lines))))


def _shorten(text: str) -> str:
    """Keep the head, which says what failed, and more of the end, where the cause is."""
    if len(text) <= _LONGEST_MESSAGE:
        return text
    head = _LONGEST_MESSAGE // 3
    return f"{text[:head]} ... {text[head + 5 - _LONGEST_MESSAGE :]}"

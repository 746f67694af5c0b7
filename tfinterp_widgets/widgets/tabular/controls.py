"""The controls of the tabular explorer, each tied to the trait that it sets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets

from tfinterp_widgets.widgets.shared import choices
from tfinterp_widgets.widgets.shared.fields import bar, field

if TYPE_CHECKING:
    from tfinterp_widgets.widgets.tabular_explorer import TabularExplorer

BASELINES = {
    "median": "Median row",
    "mean": "Mean row",
    "zero": "Zero",
    "row": "Another row",
}
_TIED = ("view", "method", "target", "baseline", "baseline_row", "steps", "sample", "top")


class Controls:
    """The header and the footer."""

    def __init__(self, explorer: TabularExplorer) -> None:
        self._explorer = explorer
        self._listening = True
        self._classes: list[str] = []
        self.view = field(
            ipywidgets.ToggleButtons(
                description="Explain", options=[("One row", "row"), ("Many rows", "global")]
            )
        )
        methods = [(entry["label"], entry["name"]) for entry in choices.method_entries()]
        self.method = field(ipywidgets.Dropdown(description="Method", options=methods))
        self.target = field(ipywidgets.Dropdown(description="Target", options=[("", None)]))
        baselines = [(label, name) for name, label in BASELINES.items()]
        self.baseline = field(ipywidgets.Dropdown(description="Baseline", options=baselines))
        last = len(explorer._rows) - 1
        self.baseline_row = field(ipywidgets.BoundedIntText(description="Its row", min=0, max=last))
        self.steps = field(ipywidgets.BoundedIntText(description="Steps", min=1, max=4096))
        self.sample = field(
            ipywidgets.BoundedIntText(description="Rows", min=1, max=100_000, step=50)
        )
        self.top = field(ipywidgets.BoundedIntText(description="Columns", min=1, max=200))
        self.cancel = ipywidgets.Button(description="Cancel")
        self.again = ipywidgets.Button(description="Try again")
        self.state = ipywidgets.HTML(layout={"flex": "1 1 240px"})
        self.header = bar("tfi-controls", *(getattr(self, name) for name in _TIED))
        self.footer = bar("tfi-footer", self.state, self.cancel, self.again)
        self.method.layout.width = "170px"
        self.target.layout.width = self.baseline.layout.width = "116px"
        for number in (self.baseline_row, self.steps, self.sample, self.top):
            number.layout.width = "66px"
        self.offer_targets([])
        for name in _TIED:
            self._tie(name)
        self.cancel.on_click(lambda _: explorer.cancel())
        self.again.on_click(lambda _: explorer.explain())

    def offer_targets(self, names: list[str]) -> None:
        """Offer classes as targets; none where the model has one output."""
        self._classes, target = names, self._explorer.target
        options: list[tuple[str, Any]] = [("Top class", None)]
        options += [(name, index) for index, name in enumerate(names)]
        if target not in [value for _, value in options]:
            pair = target if isinstance(target, tuple) else (target,)
            label = " − ".join(names[k] if k < len(names) else f"class {k}" for k in pair)
            options.append((label, target))
        with self._silently():
            self.target.options = options
            self.target.value = target
        self.target.layout.display = None if len(options) > 2 else "none"

    def show(self, names: frozenset[str]) -> None:
        """Bring controls in line with their traits."""
        explorer = self._explorer
        for name in names & set(_TIED):
            value = getattr(explorer, name)
            if name == "target" and value not in [each for _, each in self.target.options]:
                self.offer_targets(self._classes)
                continue
            with self._silently():
                getattr(self, name).value = choices.name_of(value) if name == "method" else value
        has_steps = "steps" in choices.own_controls(explorer.method)
        has_baseline = "baseline" in choices.own_controls(explorer.method)
        show_if(self.steps, has_steps)
        show_if(self.baseline, has_baseline)
        show_if(self.baseline_row, has_baseline and explorer.baseline == "row")
        show_if(self.sample, explorer.view == "global")

    def show_state(self, state: str, html: str) -> None:
        """Show how the run goes, and the buttons that fit."""
        self.state.value = html
        show_if(self.cancel, state == "running")
        show_if(self.again, state in ("error", "cancelled"))

    def _tie(self, name: str) -> None:
        control = getattr(self, name)

        def choose(change: Any) -> None:
            with self._explorer._exclusively():
                if self._listening:
                    setattr(self._explorer, name, change["new"])
                    self.show(frozenset((name,)))  # where the trait did not take it

        control.observe(choose, "value")

    def _silently(self) -> _Silence:
        return _Silence(self)


class _Silence:
    """While it lasts, changes of controls are the explorer's own, and set no trait."""

    def __init__(self, controls: Controls) -> None:
        self._controls = controls

    def __enter__(self) -> None:
        self._before, self._controls._listening = self._controls._listening, False

    def __exit__(self, *_: object) -> None:
        self._controls._listening = self._before


def show_if(widget: Any, shown: bool) -> None:
    """Show a widget, or leave it out."""
    widget.layout.display = None if shown else "none"

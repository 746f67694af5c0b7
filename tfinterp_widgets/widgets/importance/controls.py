"""The controls of the importance widget, each tied to the trait that it sets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets

from tfinterp_widgets.evaluation.metrics.metrics import METRICS, MetricDefinition
from tfinterp_widgets.pictures.numbers import shortened
from tfinterp_widgets.widgets.importance.state import metric_title, target_among
from tfinterp_widgets.widgets.importance.words import output_names
from tfinterp_widgets.widgets.shared.fields import bar, field

if TYPE_CHECKING:
    from tfinterp_widgets.widgets.permutation_importance import PermutationImportance

GIVEN = "(given)"
"""Stands in the menu for a metric that is an object."""


class Controls:
    """The header, the footer, and the button that shuffles."""

    def __init__(self, widget: PermutationImportance) -> None:
        self._widget = widget
        self._listening = True
        self._given: Any = None  # the last metric that was an object
        self._fitting: tuple[MetricDefinition, ...] = tuple(METRICS.values())
        self.metric = field(ipywidgets.Dropdown(description="Metric", options=self._metrics()))
        self.repeats = field(
            ipywidgets.IntSlider(description="Repeats", min=1, max=100, continuous_update=False)
        )
        self.repeats.add_class("tfi-long")
        self.repeats.tooltip = "How often each column is shuffled; the intervals are over rows"
        self.data = field(
            ipywidgets.ToggleButtons(
                description="Data", options=[("Test", "test"), ("Train", "train")]
            )
        )
        self.grouped = ipywidgets.Checkbox(description="Group correlated", indent=False)
        self.grouped.tooltip = "Shuffle correlated columns together"
        self.correlation = field(
            ipywidgets.FloatSlider(
                description="Spearman |ρ| from", min=0.05, max=1, step=0.05, continuous_update=False
            )
        )
        self.correlation.tooltip = (
            "Columns are shuffled together whose rank correlation, positive or negative, is this "
            "or more: 1 where one column orders the rows as the other does, 0 without any relation"
        )
        grouping = bar("tfi-pair", self.grouped, self.correlation)
        self.top = field(ipywidgets.BoundedIntText(description="Show", min=1, max=200))
        self.top.add_class("tfi-short")
        self.search = field(ipywidgets.Text(description="Search", placeholder="column"))
        self.target = field(ipywidgets.Dropdown(description="Target"))
        self.target.tooltip = "Which of the model's outputs the curves are of"
        self._targets = 0  # outputs that are offered
        self.shuffle = ipywidgets.Button(description="Shuffle")
        self.cancel = ipywidgets.Button(description="Cancel")
        self.again = ipywidgets.Button(description="Try again")
        self.state = ipywidgets.HTML(layout={"flex": "1 1 240px"})
        self.header = bar(
            "tfi-controls", self.metric, self.repeats, self.data, self.target, self.top,
            self.search, grouping,
        )  # fmt: skip
        self.footer = bar("tfi-footer", self.state, self.cancel, self.again)
        self.data.layout.display = None if len(widget._parts) > 1 else "none"
        for name in ("repeats", "data", "grouped", "correlation", "top", "search"):
            self._tie(name, getattr(self, name))
        self.show("target")
        self.target.observe(self._choose_target, "value")
        self.metric.observe(self._choose_metric, "value")
        self.cancel.on_click(lambda _: widget.cancel())
        self.again.on_click(lambda _: widget.explain())
        self.shuffle.on_click(lambda _: widget.shuffle())

    def offer(self, fitting: tuple[MetricDefinition, ...]) -> None:
        """Offer the metrics that fit the model's outputs, the one that "auto" picks first."""
        if fitting != self._fitting:
            self._fitting = fitting
            self.show("metric")

    def offer_targets(self) -> None:
        """Offer the model's outputs, as soon as they are known."""
        if self._targets != self._widget._outputs:
            self.show("target")

    def show(self, name: str) -> None:
        """Bring a control in line with its trait."""
        value = getattr(self._widget, name)
        if name == "metric":
            self._show_metric(value)
        elif name == "target":
            self._show_target()
        else:
            getattr(self, name).value = value
        if name == "grouped":
            self.correlation.layout.display = None if value else "none"

    def name_shuffle(self, feature: str) -> None:
        """Say what the button shuffles: a column, or all of its group."""
        self.shuffle.description = f"Shuffle {shortened(feature, 34)}"
        self.shuffle.tooltip = f"Show one shuffle of {feature} in a few rows"

    def show_state(self, state: str, html: str) -> None:
        """Show how the run goes, and the buttons that fit."""
        failed = state in ("error", "cancelled") and not self._widget._refused
        self.state.value = html
        self.cancel.layout.display = None if state == "running" else "none"
        self.again.layout.display = None if failed else "none"

    def _show_metric(self, value: Any) -> None:
        if not isinstance(value, str):
            self._given, value = value, GIVEN
        options = self._metrics()
        if value not in [key for _, key in options]:
            options.append((METRICS[value].label, value))
        self._listening = False  # other options make another choice for a moment
        try:
            if list(self.metric.options) != options:
                self.metric.options = options
            self.metric.value = value
        finally:
            self._listening = True

    def _show_target(self) -> None:
        outputs = self._targets = self._widget._outputs
        self.target.layout.display = None if outputs > 1 else "none"
        target = target_among(self._widget.target, outputs)
        self._listening = False
        try:
            names = output_names(outputs, self._widget._class_names)
            self.target.options = [(shortened(name, 30), k) for k, name in enumerate(names)]
            self.target.value = target if 0 <= target < outputs else None
        finally:
            self._listening = True

    def _metrics(self) -> list[tuple[str, str]]:
        auto = f"auto: {self._fitting[0].label}" if len(self._fitting) < len(METRICS) else "auto"
        options = [(auto, "auto"), *((metric.label, metric.name) for metric in self._fitting)]
        return options + ([(metric_title(self._given), GIVEN)] if self._given is not None else [])

    def _tie(self, name: str, control: Any) -> None:
        def choose(change: Any) -> None:
            setattr(self._widget, name, change["new"])
            self.show(name)  # where the trait did not take it

        self.show(name)
        control.observe(choose, "value")

    def _choose_metric(self, change: Any) -> None:
        with self._widget._exclusively():  # see `Board._choose_name`
            if self._listening and change["new"] is not None:
                value = self._given if change["new"] == GIVEN else change["new"]
                if value is not self._widget.metric:
                    self._widget.metric = value

    def _choose_target(self, change: Any) -> None:
        with self._widget._exclusively():  # see `Board._choose_name`
            if self._listening and change["new"] is not None:
                self._widget.target = change["new"]

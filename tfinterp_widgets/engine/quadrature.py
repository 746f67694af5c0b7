"""Quadrature rules on [0, 1]: where a path is evaluated, and what each evaluation weighs.

Every rule approximates the integral of g by ``scale(n) * sum_k share_k * g(alpha_k)``. Splitting
the weight in two keeps halving simple: where a rule *nests*, the nodes of n are among those of 2n
and their shares are the same, so one running sum of ``share * g`` serves every level, and only the
scale differs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import roots_legendre

Nodes = NDArray[np.float64]


@dataclass(frozen=True)
class Rule:
    """A family of quadrature rules on [0, 1], one for every number of steps.

    Attributes
    ----------
    name : str
        What users call it.
    nests : bool
        Whether the nodes of n steps are among those of 2n, with the same shares.
    terms : callable
        ``terms(n) -> (alphas, shares)``, two float64 arrays of equal length, alphas ascending.
    scale : callable
        ``scale(n) -> float``, the factor common to all weights of n steps.
    """

    name: str
    nests: bool
    terms: Callable[[int], tuple[Nodes, Nodes]]
    scale: Callable[[int], float]

    def alphas(self, steps: int) -> Nodes:
        """Nodes in [0, 1], ascending."""
        return self.terms(steps)[0]

    def weights(self, steps: int) -> Nodes:
        """Weights of the nodes; they sum to 1."""
        return self.terms(steps)[1] * self.scale(steps)

    def levels(self, steps: int) -> list[int]:
        """Step counts whose exact result comes along on the way to `steps`, which is last."""
        levels = [steps]
        while self.nests and levels[0] % 2 == 0:
            levels.insert(0, levels[0] // 2)
        return levels


def _graded(n: int) -> tuple[Nodes, Nodes]:
    # alpha = t², so d alpha = 2t dt: the trapezoid in t. Its node at t = 0 weighs 0, so it is left
    # out: at alpha = 0, ties of ReLU and max-pooling make the gradient arbitrary.
    t = np.arange(1, n + 1) / n
    shares = 2 * t
    shares[-1] /= 2
    return t**2, shares


def _trapezoid(n: int) -> tuple[Nodes, Nodes]:
    shares = np.ones(n + 1)
    shares[[0, -1]] = 0.5
    return np.arange(n + 1) / n, shares


def _midpoint(n: int) -> tuple[Nodes, Nodes]:
    return (np.arange(n) + 0.5) / n, np.ones(n)


def _left(n: int) -> tuple[Nodes, Nodes]:
    return np.arange(n) / n, np.ones(n)


def _right(n: int) -> tuple[Nodes, Nodes]:
    return np.arange(1, n + 1) / n, np.ones(n)


def _endpoint_mean(n: int) -> tuple[Nodes, Nodes]:
    return np.arange(n + 1) / n, np.ones(n + 1)


@lru_cache(maxsize=16)
def _gauss_legendre(n: int) -> tuple[Nodes, Nodes]:
    roots, weights = roots_legendre(n)
    return (roots + 1) / 2, weights / 2


def _one_over(n: int) -> float:
    return 1 / n


RULES: dict[str, Rule] = {
    rule.name: rule
    for rule in (
        Rule("graded", True, _graded, _one_over),
        Rule("trapezoid", True, _trapezoid, _one_over),
        Rule("midpoint", False, _midpoint, _one_over),
        Rule("left", True, _left, _one_over),
        Rule("right", True, _right, _one_over),
        Rule("gauss-legendre", False, _gauss_legendre, lambda _: 1.0),
        Rule("endpoint-mean", True, _endpoint_mean, lambda n: 1 / (n + 1)),
    )
}


@dataclass(frozen=True)
class Plan:
    """The nodes still to be differentiated to reach `steps`, in the order in which to do it.

    Attributes
    ----------
    start : int or None
        The level already known, from which the sums go on.
    alphas, shares : ndarray
        The new nodes: level by level and, within a level, spread over the path.
    ends : dict of int to int
        For each level still to come, how many of the new nodes it takes; ascending.
    """

    start: int | None
    alphas: Nodes
    shares: Nodes
    ends: dict[int, int]

    def parts(self, begin: int, end: int) -> list[tuple[int, int, int | None]]:
        """Cut nodes begin to end where levels end: (begin, end, level completed there or None)."""
        parts: list[tuple[int, int, int | None]] = []
        for level, stop in self.ends.items():
            if begin < stop <= end:
                parts.append((begin, stop, level))
                begin = stop
        return [*parts, (begin, end, None)] if begin < end else parts


def plan(rule: Rule, steps: int, known: Collection[int] = ()) -> Plan:
    """Plan the way to `steps`, from the largest of its levels that is already known."""
    levels = rule.levels(steps)
    start = max((level for level in levels if level in known), default=None)
    have = rule.alphas(start) if start else np.empty(0)
    alphas, shares, ends = [np.empty(0)], [np.empty(0)], {}
    count = 0
    for level in levels:
        if start and level <= start:
            continue
        nodes, node_shares = rule.terms(level)
        # k/n and 2k/2n are the same float, so nodes that two levels share compare equal.
        new = np.flatnonzero(~np.isin(nodes, have))
        new = new[spread_out(new.size)]
        alphas.append(nodes[new])
        shares.append(node_shares[new])
        count += new.size
        ends[level] = count
        have = nodes
    return Plan(start, np.concatenate(alphas), np.concatenate(shares), ends)


def spread_out(count: int) -> NDArray[np.intp]:
    """Order 0..count-1 so that every prefix is spread over the whole range (bit reversal)."""
    bits = max(count - 1, 0).bit_length()
    order = np.zeros(1, dtype=np.intp)
    for bit in range(bits):
        order = np.concatenate([order, order + (1 << (bits - 1 - bit))])
    return order[order < count]

"""The smallest explanation by integer programming (scipy's HiGHS): what the exact search is tested by.

Belongs here: the same question put to another method. Nothing of the product imports scipy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from schemas.identities import Equation


def smallest_supports(
    equations: Sequence[Equation], values: Mapping[str, int], locked: frozenset[str] = frozenset(), most: int = 60
) -> tuple[int, set[frozenset[str]]]:
    """The least number of cells to change, and every set of so many cells that can do it (at most ``most`` sets)."""
    cells = sorted({a for e in equations for a in (*e.left, *e.right)})
    n, at = len(cells), {a: i for i, a in enumerate(cells)}
    printed = np.array([values[a] for a in cells], dtype=float)
    reach = float(max(printed.sum(), 10.0)) * 2
    # Variables: the new values (continuous: the sums keep them whole), then 0 or 1 for each cell that differs from what is printed.
    sums = np.zeros((len(equations), 2 * n))
    for row, equation in enumerate(equations):
        for a in equation.left:
            sums[row, at[a]] += 1
        for a in equation.right:
            sums[row, at[a]] -= 1
    eye = np.eye(n)
    constraints = [
        LinearConstraint(sums, 0, 0),
        LinearConstraint(np.hstack([eye, -reach * eye]), -np.inf, printed),
        LinearConstraint(np.hstack([-eye, -reach * eye]), -np.inf, -printed),
    ]
    changeable = np.array([0.0 if a in locked else 1.0 for a in cells])
    bounds = Bounds(np.zeros(2 * n), np.concatenate([np.full(n, reach), changeable]))
    cost = np.concatenate([np.zeros(n), np.ones(n)])
    found: set[frozenset[str]] = set()
    size = 0
    while len(found) < most:
        result = milp(cost, constraints=constraints, bounds=bounds, integrality=cost)
        if result.x is None:
            break
        support = frozenset(a for i, a in enumerate(cells) if result.x[n + i] > 0.5)
        if found and len(support) > size:
            break
        if not support:
            break
        # The solver's tolerance may let a larger one come first.
        if len(support) < size:
            found.clear()
        size = len(support)
        found.add(support)
        cut = np.zeros(2 * n)
        for a in support:
            cut[n + at[a]] = 1
        constraints.append(LinearConstraint(cut, -np.inf, size - 1))
    return size, found

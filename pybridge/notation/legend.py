r"""What the signs of the paper stand for.

In: a formula that ``render.paper`` wrote.  Out: a few words for each sign in it.
"""

from __future__ import annotations

import re

_ALONE = r"(?<![A-Za-z\\]){}(?![A-Za-z'])"
_GREEK = r"\\(?:alpha|kappa|nu|sigma|rho|varphi|iota)"
_SIGNS = {
    _ALONE.format("m"): "m is the size of the batch",
    r"\\mu(?![A-Za-z])": "μ the mean of the batch",
    r"(?<!\\lvert )\\sigma(?![A-Za-z])": "σ what the batch is divided by",
    r"\\(?:wide)?hat{": "ŷ the batch normalized",
    r"{\\partial z": "g = ∂L/∂z the gradient of the loss at the output z",
    r"\\mathbf{1}": "1 the vector of ones",
    r"(?<![A-Za-z\\{])J[_^\\]": "J(y)ᵀ g what the backward pass makes of g (J is the Jacobian of the layer)",
    r"\\odot": "⊙ the product entry by entry",
    r"_{(?:[^{}]*, )?\\cdot": "· all positions",
    r"\\operatorname{RMS}": "RMS(y)² the mean of the squares",
    r"\\operatorname{EMA}": "EMA_q(a, b) = (1 - q) a + q b the moving average",
    r"\\operatorname{Var}_{(?!\\mathrm)": "Var with m - 1 in the denominator the unbiased variance",
    r"\\mathrm{merged}": "merged what two batches have together",
    rf"\\lvert {_GREEK} \\rvert": "|κ| how many positions there are of the kind κ",
    r"\\dagger": "† the adjoint",
}
"""By a pattern that finds a sign, in the order in which a reader needs them."""


def legend(latex: str) -> str:
    r"""What the signs in a formula stand for, in one line; empty where it has none that needs words.

    Examples
    --------
    >>> legend(r"\mathbf{1} \odot \hat{y}")
    'ŷ the batch normalized; 1 the vector of ones; ⊙ the product entry by entry'
    """
    return "; ".join(words for sign, words in _SIGNS.items() if re.search(sign, latex))

# %% [markdown]
# # How does (5) become (6)?
#
# Batch normalization of $y \in \mathbb{R}^m$ puts out $z = \gamma \hat{y} + \beta$, with $\hat{y} = (y - \mu) / \sigma$. Let
# $g$ be the gradient of the loss at $z$, $\mu_g$ the mean of $g$, $v = g - \mu_g \mathbf{1}$, and $u = \hat{y} / \lVert \hat{y}
# \rVert$. For $\varepsilon = 0$ the squared length of the gradient at $y$ is
#
# $$\frac{\gamma^2}{\sigma^2} \, \lVert v - \langle v, u \rangle \, u \rVert^2 \quad (5) \qquad = \qquad
# \frac{\gamma^2}{\sigma^2} \left( \lVert v \rVert^2 - \langle v, u \rangle^2 \right) \quad (6)$$
#
# Where does the vector $u$ go? Both lines are theorems that Lean has checked; `pybridge` has their statements.

# %%
import matplotlib.pyplot as plt
import numpy as np

import pybridge
from pybridge.testing import KernelError, assert_computes, assert_satisfies

export = pybridge.load()
for equation in ("(5)", "(6)"):
    for theorem in export.stated(equation):
        print(f"({theorem.equation}) {theorem.file}:{theorem.line}\n{theorem.statement}\n")

# %% [markdown]
# **The Pythagorean lemma.** $v - \langle v, u \rangle \, u$ is what is left of $v$ when its part along $u$ is taken off. The
# two are orthogonal, so their squared lengths add up to $\lVert v \rVert^2$; and the part along $u$ has the length $\lvert
# \langle v, u \rangle \rvert$, since $u$ has length 1. So $\lVert v - \langle v, u \rangle \, u \rVert^2 = \lVert v \rVert^2 -
# \langle v, u \rangle^2$: a right triangle. Here it is, for six numbers.

# %%
rng = np.random.default_rng(7)
y, g = rng.normal(size=(2, 6))
g = g + 0.8 * y  # so that g has a part along ŷ that can be seen
y_hat = pybridge.oracle("normalize")(eps=0, y=y)  # the Lean definition, as a NumPy function
v, u = g - g.mean(), y_hat / np.linalg.norm(y_hat)
along, left = v @ u, np.linalg.norm(v - (v @ u) * u)
print(f"what is left, squared:         {left**2:.12f}")
print(f"the difference of two squares: {v @ v - along**2:.12f}")

figure, axes = plt.subplots(figsize=(5, 3.2))
corner, foot, tip = (0, 0), (along, 0), (along, left)
sides = {
    "⟨v, u⟩ u": (corner, foot, "tab:green"),
    "what is left": (foot, tip, "tab:blue"),
    "v = g - μ_g 1": (corner, tip, "black"),
}
for label, (start, end, colour) in sides.items():
    axes.plot(*zip(start, end, strict=True), color=colour, linewidth=2.5, label=label)
axes.set(aspect="equal", xlabel="along ŷ", ylabel="orthogonal to ŷ", title="From (5) to (6), to scale")
axes.legend()
plt.show()

# %% [markdown]
# **(7), and its ε.** The same lemma along $\mathbf{1}$ gives $\lVert v \rVert^2 = \lVert g \rVert^2 - \langle \mathbf{1}, g
# \rangle^2 / m$, and so (7). It needs $\lVert \hat{y} \rVert^2 = m$, which holds for $\varepsilon = 0$ alone. Every framework
# runs with $\varepsilon > 0$; there (7) is false, and (7ε) true. Below, the statements are tried on batches, some of which went
# through the layers of a network while it was trained, in ball arithmetic: a refutation would be a proof.

# %%
for theorem in export.theorems.values():
    if theorem.equation[0].isdigit():
        report = pybridge.check(theorem, export, families=("integers", "recorded"), largest=512)
        name = theorem.name.removeprefix("BatchNorm.")
        verdict = type(report.verdict).__name__.lower()
        print(f"({theorem.equation:2}) {name:48} {verdict} on {sum(report.counted.values())} batches")

# %%
from pybridge.reporting.measure import ALL, EPSILONS, gaps, two_sides

figure, (first, second) = plt.subplots(1, 2, figsize=(10, 3.8), layout="constrained")
both = two_sides(export, ALL)
first.semilogy([one.left for one in both], "o", markersize=9, markerfacecolor="none", label="left side")
first.semilogy([one.right for one in both], "k.", label="right side")
first.set(title="Both sides of (7ε)", xlabel="recorded batch", ylabel="squared length")
first.legend()
for one in gaps(export):
    second.loglog(EPSILONS, one.shares, label=f"{one.record.layer}, channel {one.record.channel}")
second.set(title="(7), taken at ε > 0, is too large", xlabel="ε", ylabel="right side over left side, less 1")
second.legend(fontsize=8)
plt.show()

# %% [markdown]
# **Your own batch.** Put in your arrays and your backward pass. `assert_computes` compares it with the definition that the
# theorems are about, number by number, and allows what rounding can do and no more; `assert_satisfies` puts it into a theorem.

# %%
y = np.random.default_rng(0).normal(loc=0.02, scale=0.01, size=(64, 4)).astype(np.float32)  # rows, channels
g = np.random.default_rng(1).normal(size=(64, 4)).astype(np.float32)  # the gradient at the layer's output


def backward(y, g, gamma, eps):
    """Your kernel."""
    centred = y - y.mean(0)
    sigma = np.sqrt((centred**2).mean(0) + np.float32(eps))
    normalized = centred / sigma
    return gamma / sigma * (g - g.mean(0) - normalized * (g * normalized).mean(0))


given = {"gamma": np.float32(2), "eps": 1e-5, "y": y, "g": g, "axis": 0}
dy = backward(y, g, np.float32(2), 1e-5)
assert_computes("backward", dy, **given)
assert_satisfies("norm_sq_backward", computed={"backward": dy}, **given)
print(f"{dy.size} numbers are within the bound, and (7ε) holds of each channel")

# %%
try:
    assert_computes("backward", backward(y, g, np.float32(2), 0.0), **given)  # it forgets ε
except KernelError as error:
    print("\n".join(error.report[:5]))

/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public import Bridge.Attr
public import Mathlib.Analysis.InnerProductSpace.PiL2

/-!
# Batch normalization of one feature

A batch of one feature is a vector `y : EuclideanSpace ℝ ι` over a finite index type `ι`, with `m`,
the size of the batch, being `Fintype.card ι`. The definitions are in coordinates, as the paper and
every framework write them, with the biased variance. The paper has no `ε`; here it is a parameter,
and the paper's case is `ε = 0`. Division by zero gives zero, as everywhere in mathlib, so that the
definitions need no hypothesis; what is proved about them says which one it needs
(`0 < variance y + ε`).

| in the paper | here | |
|---|---|---|
| `1` | `BatchNorm.ones` | the vector of ones |
| `μ` | `BatchNorm.mean y` | mean over the batch |
| `σ²`, at `ε = 0` | `BatchNorm.variance y` | biased variance |
| `σ` | `BatchNorm.scale ε y` | `√(variance y + ε)`, so that `σ²` is `variance y + ε` elsewhere |
| `ŷ` | `BatchNorm.normalize ε y` | normalized batch |
| `z` | `BatchNorm.forward γ β ε y` | output of the layer |
| `∂L/∂y` | `BatchNorm.backward γ ε y g` | formula (1), with `g = ∂L/∂z` |
| `∂L/∂γ` | `BatchNorm.backwardGamma ε y g` | |
| `∂L/∂β` | `BatchNorm.backwardBeta g` | |

## References

* [S. Santurkar, D. Tsipras, A. Ilyas, A. Mądry, *How Does Batch Normalization Help Optimization?*
  (NeurIPS 2018)][santurkar2018]
-/

@[expose] public section

namespace BatchNorm

variable {ι : Type*} [Fintype ι]

/-- The vector of ones, `1` in the paper. -/
@[bridge]
def ones : EuclideanSpace ℝ ι :=
  WithLp.toLp 2 fun _ ↦ 1

/-- The mean `μ` of a batch. -/
@[bridge]
noncomputable def mean (y : EuclideanSpace ℝ ι) : ℝ :=
  (∑ i, y i) / Fintype.card ι

/-- The biased variance `σ²` of a batch: the mean of the squared deviations from the mean. -/
@[bridge]
noncomputable def variance (y : EuclideanSpace ℝ ι) : ℝ :=
  (∑ i, (y i - mean y) ^ 2) / Fintype.card ι

/-- What a batch is divided by: `√(variance y + ε)`, the standard deviation `σ` at `ε = 0`. -/
@[bridge]
noncomputable def scale (ε : ℝ) (y : EuclideanSpace ℝ ι) : ℝ :=
  √(variance y + ε)

/-- The normalized batch `ŷ`: its mean taken off, and divided by its scale. -/
@[bridge]
noncomputable def normalize (ε : ℝ) (y : EuclideanSpace ℝ ι) : EuclideanSpace ℝ ι :=
  WithLp.toLp 2 fun i ↦ (y i - mean y) / scale ε y

/-- The output `z = γ ŷ + β` of the layer. -/
@[bridge]
noncomputable def forward (γ β ε : ℝ) (y : EuclideanSpace ℝ ι) : EuclideanSpace ℝ ι :=
  WithLp.toLp 2 fun i ↦ γ * normalize ε y i + β

/-- Formula (1): the gradient of the loss at the layer's input `y`, from its gradient `g` at the
layer's output, in components. -/
@[bridge]
noncomputable def backward (γ ε : ℝ) (y g : EuclideanSpace ℝ ι) : EuclideanSpace ℝ ι :=
  WithLp.toLp 2 fun i ↦ γ / (Fintype.card ι * scale ε y) *
    (Fintype.card ι * g i - ∑ k, g k - normalize ε y i * ∑ k, g k * normalize ε y k)

/-- The gradient `∂γ` of the loss in the layer's factor `γ`, from its gradient `g` at the layer's
output. -/
@[bridge]
noncomputable def backwardGamma (ε : ℝ) (y g : EuclideanSpace ℝ ι) : ℝ :=
  ∑ k, g k * normalize ε y k

/-- The gradient `∂β` of the loss in the layer's offset `β`, from its gradient `g` at the layer's
output. -/
@[bridge]
noncomputable def backwardBeta (g : EuclideanSpace ℝ ι) : ℝ :=
  ∑ k, g k

variable (γ β ε : ℝ) (y g : EuclideanSpace ℝ ι) (i : ι)

omit [Fintype ι] in
/-- The components of the vector of ones. -/
@[bridge "definition", simp]
theorem ones_apply : (ones : EuclideanSpace ℝ ι) i = 1 := rfl

/-- The components of the normalized batch. -/
@[bridge "definition"]
theorem normalize_apply : normalize ε y i = (y i - mean y) / scale ε y := rfl

/-- The components of the output. -/
@[bridge "definition"]
theorem forward_apply : forward γ β ε y i = γ * normalize ε y i + β := rfl

/-- **Equation (1)**, the gradient of BatchNorm in components. -/
@[bridge "1" "components"]
theorem backward_apply : backward γ ε y g i = γ / (Fintype.card ι * scale ε y) *
    (Fintype.card ι * g i - ∑ k, g k - normalize ε y i * ∑ k, g k * normalize ε y k) := rfl

end BatchNorm

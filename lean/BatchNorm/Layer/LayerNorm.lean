/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public import BatchNorm.LayerNorm

/-!
# Layer normalization of a matrix

Each row of a matrix of rows and features is normalized by itself; the factors and offsets are one
for each feature, shared by all rows. So the gradient in the matrix is taken row by row, and those
in the parameters are sums over the rows.

## Main definitions

* `LayerNorm.Layer.forward`, `LayerNorm.Layer.backward`, `LayerNorm.Layer.backwardGamma`,
  `LayerNorm.Layer.backwardBeta`.

## Main results

* `LayerNorm.Layer.hasGradientAt_comp_forward`, `LayerNorm.Layer.hasGradientAt_comp_forward_gamma`,
  `LayerNorm.Layer.hasGradientAt_comp_forward_beta`: the gradients in the matrix and the parameters.

## References

* [J. L. Ba, J. R. Kiros, G. E. Hinton, *Layer Normalization* (2016)][ba2016]
-/

@[expose] public section

open BatchNorm (Tensor₂)

namespace LayerNorm.Layer

variable {ρ φ : Type*} [Fintype ρ] [Fintype φ]

/-- The output of layer normalization of a matrix. -/
@[bridge]
noncomputable def forward (γ β : EuclideanSpace ℝ φ) (ε : ℝ) (x : Tensor₂ ρ φ) : Tensor₂ ρ φ :=
  WithLp.toLp 2 fun r ↦ LayerNorm.forward γ β ε (x r)

/-- The gradient in the matrix, from the gradient `g` at the output: row by row. -/
@[bridge]
noncomputable def backward (γ : EuclideanSpace ℝ φ) (ε : ℝ) (x g : Tensor₂ ρ φ) : Tensor₂ ρ φ :=
  WithLp.toLp 2 fun r ↦ LayerNorm.backward γ ε (x r) (g r)

/-- The gradient in the factors: `∑ r, g r j * x̂ r j`. -/
@[bridge]
noncomputable def backwardGamma (ε : ℝ) (x g : Tensor₂ ρ φ) : EuclideanSpace ℝ φ :=
  WithLp.toLp 2 fun j ↦ ∑ r, g r j * BatchNorm.normalize ε (x r) j

/-- The gradient in the offsets: `∑ r, g r j`. -/
@[bridge]
noncomputable def backwardBeta (g : Tensor₂ ρ φ) : EuclideanSpace ℝ φ :=
  WithLp.toLp 2 fun j ↦ ∑ r, g r j

variable {γ β : EuclideanSpace ℝ φ} {ε : ℝ} {x g : Tensor₂ ρ φ} {L : Tensor₂ ρ φ → ℝ}

/-- The gradient of layer normalization in the matrix. -/
@[bridge "LayerNorm" "the gradient of all rows"]
theorem hasGradientAt_comp_forward (hL : HasGradientAt L g (forward γ β ε x))
    (h : ∀ r, 0 < BatchNorm.variance (x r) + ε) :
    HasGradientAt (fun x ↦ L (forward γ β ε x)) (backward γ ε x g) x :=
  (HasVJPAt.rows fun r ↦ hasVJPAt_forward γ β (h r)).hasGradientAt_comp hL

/-- The gradient of layer normalization in the factors: a sum over the rows. -/
@[bridge "LayerNorm" "the gradient of all rows in γ"]
theorem hasGradientAt_comp_forward_gamma (hL : HasGradientAt L g (forward γ β ε x)) :
    HasGradientAt (fun γ ↦ L (forward γ β ε x)) (backwardGamma ε x g) γ := by
  have hf : HasVJPAt (fun γ ↦ forward γ β ε x) (backwardGamma ε x) γ :=
    HasVJPAt.columns fun r j ↦ HasVJPAt.mul_const_add (BatchNorm.normalize ε (x r) j) (β j) _
  exact hf.hasGradientAt_comp hL

/-- The gradient of layer normalization in the offsets: a sum over the rows. -/
@[bridge "LayerNorm" "the gradient of all rows in β"]
theorem hasGradientAt_comp_forward_beta (hL : HasGradientAt L g (forward γ β ε x)) :
    HasGradientAt (fun β ↦ L (forward γ β ε x)) (backwardBeta g) β := by
  have hf : HasVJPAt (fun β ↦ forward γ β ε x) backwardBeta β :=
    HasVJPAt.columns (b := fun _ _ g ↦ g) fun r j ↦
      HasVJPAt.const_add (γ j * BatchNorm.normalize ε (x r) j) _
  exact hf.hasGradientAt_comp hL

end LayerNorm.Layer

/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public import BatchNorm.RMSNorm

/-!
# RMS normalization of a matrix

Each row of a matrix of rows and features is divided by the root of its mean square; the factors
are one for each feature, shared by all rows.

## Main definitions

* `RMSNorm.Layer.forward`, `RMSNorm.Layer.backward`, `RMSNorm.Layer.backwardGamma`.

## Main results

* `RMSNorm.Layer.hasGradientAt_comp_forward`, `RMSNorm.Layer.hasGradientAt_comp_forward_gamma`:
  the gradients in the matrix and in the factors.

## References

* [B. Zhang, R. Sennrich, *Root Mean Square Layer Normalization* (2019)][zhang2019]
-/

@[expose] public section

open BatchNorm (Tensor₂)

namespace RMSNorm.Layer

variable {ρ φ : Type*} [Fintype ρ] [Fintype φ]

/-- The output of RMS normalization of a matrix. -/
@[bridge]
noncomputable def forward (γ : EuclideanSpace ℝ φ) (ε : ℝ) (x : Tensor₂ ρ φ) : Tensor₂ ρ φ :=
  WithLp.toLp 2 fun r ↦ RMSNorm.forward γ ε (x r)

/-- The gradient in the matrix, from the gradient `g` at the output: row by row. -/
@[bridge]
noncomputable def backward (γ : EuclideanSpace ℝ φ) (ε : ℝ) (x g : Tensor₂ ρ φ) : Tensor₂ ρ φ :=
  WithLp.toLp 2 fun r ↦ RMSNorm.backward γ ε (x r) (g r)

/-- The gradient in the factors: `∑ r, g r j * x̂ r j`. -/
@[bridge]
noncomputable def backwardGamma (ε : ℝ) (x g : Tensor₂ ρ φ) : EuclideanSpace ℝ φ :=
  WithLp.toLp 2 fun j ↦ ∑ r, g r j * normalize ε (x r) j

variable {γ : EuclideanSpace ℝ φ} {ε : ℝ} {x g : Tensor₂ ρ φ} {L : Tensor₂ ρ φ → ℝ}

/-- The gradient of RMS normalization in the matrix. -/
@[bridge "RMSNorm" "the gradient of all rows"]
theorem hasGradientAt_comp_forward (hL : HasGradientAt L g (forward γ ε x))
    (h : ∀ r, 0 < meanSquare (x r) + ε) :
    HasGradientAt (fun x ↦ L (forward γ ε x)) (backward γ ε x g) x :=
  (HasVJPAt.rows fun r ↦ hasVJPAt_forward γ (h r)).hasGradientAt_comp hL

/-- The gradient of RMS normalization in the factors: a sum over the rows. -/
@[bridge "RMSNorm" "the gradient of all rows in γ"]
theorem hasGradientAt_comp_forward_gamma (hL : HasGradientAt L g (forward γ ε x)) :
    HasGradientAt (fun γ ↦ L (forward γ ε x)) (backwardGamma ε x g) γ := by
  have hf : HasVJPAt (fun γ ↦ forward γ ε x) (backwardGamma ε x) γ :=
    HasVJPAt.columns fun r j ↦ HasVJPAt.mul_const (normalize ε (x r) j) _
  exact hf.hasGradientAt_comp hL

end RMSNorm.Layer

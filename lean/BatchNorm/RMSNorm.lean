/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public import BatchNorm.LayerNorm

/-!
# RMS normalization

RMS normalization divides by the root of the mean square and takes no mean off, so that its gradient
is a projection off `ŷ` alone (at `ε = 0`), and its norm identity has one term less than (7ε). The
hypotheses of these two are there for the reader: where they do not hold, the scale is `0`, and
Lean's division by zero makes both sides `0`.

## Main definitions

* `RMSNorm.meanSquare`, `RMSNorm.scale`, `RMSNorm.normalize`, `RMSNorm.forward`, `RMSNorm.backward`.

## Main results

* `RMSNorm.hasGradientAt_comp_forward`: the gradient.
* `RMSNorm.norm_sq_backward`: the norm identity, for every `ε`.
* `RMSNorm.backward_eps_zero_eq_smul_starProjection`: the projection at `ε = 0`.

## References

* [B. Zhang, R. Sennrich, *Root Mean Square Layer Normalization* (2019)][zhang2019]
-/

@[expose] public section

open InnerProductSpace
open LayerNorm (rescale)
open scoped RealInnerProductSpace

namespace RMSNorm

variable {ι : Type*} [Fintype ι]

/-- The mean of the squares. -/
@[bridge]
noncomputable def meanSquare (y : EuclideanSpace ℝ ι) : ℝ :=
  (∑ i, y i ^ 2) / Fintype.card ι

/-- What the input is divided by: `√(meanSquare y + ε)`. -/
@[bridge]
noncomputable def scale (ε : ℝ) (y : EuclideanSpace ℝ ι) : ℝ :=
  √(meanSquare y + ε)

/-- The normalized input `ŷ`. -/
@[bridge]
noncomputable def normalize (ε : ℝ) (y : EuclideanSpace ℝ ι) : EuclideanSpace ℝ ι :=
  WithLp.toLp 2 fun i ↦ y i / scale ε y

/-- The output of the layer. -/
@[bridge]
noncomputable def forward (γ : EuclideanSpace ℝ ι) (ε : ℝ) (y : EuclideanSpace ℝ ι) :
    EuclideanSpace ℝ ι :=
  WithLp.toLp 2 fun i ↦ γ i * normalize ε y i

/-- The gradient of the loss at the layer's input, from its gradient `g` at the output. -/
@[bridge]
noncomputable def backward (γ : EuclideanSpace ℝ ι) (ε : ℝ) (y g : EuclideanSpace ℝ ι) :
    EuclideanSpace ℝ ι :=
  WithLp.toLp 2 fun i ↦ 1 / (Fintype.card ι * scale ε y) *
    (Fintype.card ι * (γ i * g i) - normalize ε y i * ∑ k, γ k * g k * normalize ε y k)

section

variable (γ : EuclideanSpace ℝ ι) (ε : ℝ) (y g : EuclideanSpace ℝ ι)

/-- The mean square as a norm. -/
theorem meanSquare_eq_inv_mul_norm_sq :
    meanSquare y = (Fintype.card ι : ℝ)⁻¹ * ‖y‖ ^ 2 := by
  simp [meanSquare, EuclideanSpace.norm_sq_eq, div_eq_inv_mul]

/-- The normalized row is a multiple of the row. -/
theorem normalize_eq_smul : normalize ε y = (scale ε y)⁻¹ • y := by
  ext i
  simp [normalize, div_eq_inv_mul]

/-- The gradient as a vector: the rescaled upstream gradient, less its component along `ŷ`. -/
@[bridge "RMSNorm" "as a vector"]
theorem backward_eq_smul_sub_inner_smul :
    backward γ ε y g = (1 / scale ε y) • (rescale γ g -
      (1 / Fintype.card ι * ⟪rescale γ g, normalize ε y⟫) • normalize ε y) := by
  ext i
  have card_ne_zero : (Fintype.card ι : ℝ) ≠ 0 := by
    exact_mod_cast (Fintype.card_pos_iff.2 ⟨i⟩).ne'
  simp only [backward, PiLp.smul_apply, PiLp.sub_apply, smul_eq_mul, BatchNorm.inner_eq_sum_mul,
    rescale]
  field_simp

end

variable {γ y g : EuclideanSpace ℝ ι} {ε : ℝ}

/-- The root mean square, with `ε`, is positive. -/
theorem scale_pos (h : 0 < meanSquare y + ε) : 0 < scale ε y :=
  Real.sqrt_pos.2 h

/-- The squared norm of the normalized input is `m ρ`, with `ρ = meanSquare y / (meanSquare y + ε)`.
-/
@[bridge "RMSNorm" "the norm of ŷ"]
theorem norm_sq_normalize (h : 0 < meanSquare y + ε) :
    ‖normalize ε y‖ ^ 2 = Fintype.card ι * (meanSquare y / (meanSquare y + ε)) := by
  rw [normalize_eq_smul, norm_smul, mul_pow, norm_inv, Real.norm_of_nonneg (scale_pos h).le,
    inv_pow, scale, Real.sq_sqrt h.le, meanSquare_eq_inv_mul_norm_sq]
  obtain card_eq_zero | card_ne_zero := eq_or_ne (Fintype.card ι : ℝ) 0
  · have : IsEmpty ι := Fintype.card_eq_zero_iff.1 (by exact_mod_cast card_eq_zero)
    simp [Subsingleton.elim y 0]
  · field_simp

/-- The norm identity of RMS normalization, for every `ε`. -/
@[bridge "RMSNorm" "the norm identity"]
theorem norm_sq_backward (γ g : EuclideanSpace ℝ ι) (h : 0 < meanSquare y + ε) :
    ‖backward γ ε y g‖ ^ 2 = 1 / scale ε y ^ 2 * (‖rescale γ g‖ ^ 2 -
      (2 - meanSquare y / (meanSquare y + ε)) *
        ⟪rescale γ g, normalize ε y⟫ ^ 2 / Fintype.card ι) := by
  rw [backward_eq_smul_sub_inner_smul, norm_smul, mul_pow, Real.norm_eq_abs, sq_abs, div_pow,
    one_pow, real_inner_comm, norm_sub_mul_inner_smul_sq, norm_sq_normalize h]
  obtain card_eq_zero | card_ne_zero := eq_or_ne (Fintype.card ι : ℝ) 0
  · simp [card_eq_zero]
  · field_simp

/-- At `ε = 0` the gradient is what the orthogonal projection off `ŷ` alone leaves of the rescaled
upstream gradient, divided by the scale. -/
@[bridge "RMSNorm" "the projection"]
theorem backward_eps_zero_eq_smul_starProjection (γ g : EuclideanSpace ℝ ι) (h : 0 < meanSquare y) :
    backward γ 0 y g = (1 / scale 0 y) • (ℝ ∙ normalize 0 y)ᗮ.starProjection (rescale γ g) := by
  rw [backward_eq_smul_sub_inner_smul, ← sub_inner_div_norm_sq_smul_eq_starProjection,
    norm_sq_normalize (by rwa [add_zero]), add_zero, div_self h.ne', mul_one, real_inner_comm,
    one_div_mul_eq_div]

/-- RMS normalization is normalization with the identity. -/
theorem normalize_eq_normalization : normalize ε =
    Normalization.map (.id ℝ (EuclideanSpace ℝ ι)) (Fintype.card ι : ℝ)⁻¹ ε := by
  ext1 y
  rw [normalize_eq_smul, scale, meanSquare_eq_inv_mul_norm_sq]
  rfl

/-- The Jacobian of the normalized input, a linear map of the input. -/
noncomputable def jacobian (ε : ℝ) (y : EuclideanSpace ℝ ι) :
    EuclideanSpace ℝ ι →L[ℝ] EuclideanSpace ℝ ι :=
  (1 / scale ε y) • (.id ℝ _ - (Fintype.card ι : ℝ)⁻¹ • rankOne ℝ (normalize ε y) (normalize ε y))

/-- Formula and Jacobian are adjoint to each other, but for the factors. -/
theorem inner_backward_left (γ : EuclideanSpace ℝ ι) (ε : ℝ) (y g v : EuclideanSpace ℝ ι) :
    ⟪backward γ ε y g, v⟫ = ⟪rescale γ g, jacobian ε y v⟫ := by
  rw [backward_eq_smul_sub_inner_smul]
  simp only [jacobian, ContinuousLinearMap.smul_apply, ContinuousLinearMap.sub_apply,
    ContinuousLinearMap.id_apply, rankOne_apply, real_inner_smul_left, real_inner_smul_right,
    inner_sub_left, inner_sub_right]
  ring

/-- The derivative of the normalized input. -/
@[bridge "RMSNorm" "the derivative of ŷ"]
theorem hasFDerivAt_normalize (h : 0 < meanSquare y + ε) :
    HasFDerivAt (normalize ε) (jacobian ε y) y := by
  have pos : 0 < (Fintype.card ι : ℝ)⁻¹ * ‖(.id ℝ _ : _ →L[ℝ] _) y‖ ^ 2 + ε := by
    rwa [ContinuousLinearMap.id_apply, ← meanSquare_eq_inv_mul_norm_sq]
  have key := (Normalization.hasStrictFDerivAt_map (fun _ _ ↦ rfl) pos).hasFDerivAt
  rw [← normalize_eq_normalization] at key
  refine key.congr_fderiv ?_
  rw [jacobian, Normalization.jacobian, ← normalize_eq_normalization, Normalization.scale,
    ContinuousLinearMap.id_apply, ← meanSquare_eq_inv_mul_norm_sq, ← scale, one_div]

/-- The backward pass of RMS normalization. -/
theorem hasVJPAt_forward (γ : EuclideanSpace ℝ ι) (h : 0 < meanSquare y + ε) :
    HasVJPAt (forward γ ε) (backward γ ε y) y := by
  have hf : HasVJPAt (normalize ε) (backward BatchNorm.ones ε y) y :=
    ⟨_, hasFDerivAt_normalize h, fun g v ↦ by
      rw [inner_backward_left, show rescale BatchNorm.ones g = g by ext i; simp [rescale]]⟩
  refine ((HasVJPAt.rows fun i ↦ HasVJPAt.const_mul (γ i) _).comp hf).congr fun g ↦ ?_
  ext i
  simp [backward]

/-- The gradient of RMS normalization. -/
@[bridge "RMSNorm" "the gradient"]
theorem hasGradientAt_comp_forward {L : EuclideanSpace ℝ ι → ℝ}
    (hL : HasGradientAt L g (forward γ ε y)) (h : 0 < meanSquare y + ε) :
    HasGradientAt (fun y ↦ L (forward γ ε y)) (backward γ ε y g) y :=
  (hasVJPAt_forward γ h).hasGradientAt_comp hL

end RMSNorm

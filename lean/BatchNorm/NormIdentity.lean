/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public import BatchNorm.Backward
public import BatchNorm.Projection

/-!
# The norm identity of the BatchNorm gradient

The squared norm of the gradient, equation (7): `γ² / σ²` times `‖g‖² - ⟪1, g⟫² / m - ⟪g, ŷ⟫² / m`.
The way of the paper is from (4) by the norm of a multiple (5), the Pythagorean projection lemma
(6), and the same lemma for the mean. It needs `ε = 0`: for `ε > 0` the vector `ŷ` is shorter than
`√m`, (3) is no projection, and the last term has the coefficient `2 - ρ`,
`ρ = variance y / (variance y + ε)`. This is equation (7ε), which contains (7).

The hypotheses on the variance are there for the reader: where they do not hold, the scale is `0`,
and Lean's division by zero makes both sides `0`.

## Main results

* `BatchNorm.norm_sq_backward_eps_zero_eq_mul_norm_sq`: equation (5).
* `BatchNorm.norm_sq_backward_eps_zero_eq_mul_sub_inner_sq`: equation (6).
* `BatchNorm.norm_sq_backward_eps_zero`: equation (7).
* `BatchNorm.norm_sq_backward`: equation (7ε).
* `BatchNorm.norm_sq_backward_eps_zero_eq_mul_sub_sq`, `BatchNorm.norm_sq_backward_eq_mul_sub_sq`:
  (7) and (7ε) with the gradients in the layer's parameters.
-/

public section

open scoped RealInnerProductSpace

namespace BatchNorm

variable {ι : Type*} [Fintype ι] (γ : ℝ) {ε : ℝ} {y : EuclideanSpace ℝ ι} (g : EuclideanSpace ℝ ι)

/-- **Equation (5)**: the squared norm of both sides of (4). -/
@[bridge "5"]
theorem norm_sq_backward_eps_zero_eq_mul_norm_sq (h : 0 < variance y) :
    ‖backward γ 0 y g‖ ^ 2 = γ ^ 2 / scale 0 y ^ 2 *
      ‖g - mean g • ones -
        ⟪g - mean g • ones, ‖normalize 0 y‖⁻¹ • normalize 0 y⟫ •
          (‖normalize 0 y‖⁻¹ • normalize 0 y)‖ ^ 2 := by
  rw [backward_eps_zero_eq_smul_sub_inner_unit_smul γ g h, norm_smul, mul_pow, Real.norm_eq_abs,
    sq_abs, div_pow]

/-- **Equation (6)**: (5) by the Pythagorean projection lemma along `ŷ / ‖ŷ‖`. -/
@[bridge "6"]
theorem norm_sq_backward_eps_zero_eq_mul_sub_inner_sq (h : 0 < variance y) :
    ‖backward γ 0 y g‖ ^ 2 = γ ^ 2 / scale 0 y ^ 2 *
      (‖g - mean g • ones‖ ^ 2 -
        ⟪g - mean g • ones, ‖normalize 0 y‖⁻¹ • normalize 0 y⟫ ^ 2) := by
  have norm_eq_one : ‖‖normalize 0 y‖⁻¹ • normalize 0 y‖ = 1 := by
    rw [norm_smul, norm_inv, norm_norm, inv_mul_cancel₀ (norm_normalize_eps_zero_pos h).ne']
  rw [norm_sq_backward_eps_zero_eq_mul_norm_sq γ g h, real_inner_comm,
    norm_sub_inner_smul_sq_of_norm_eq_one norm_eq_one]

/-- Taking off the mean takes `⟪1, g⟫² / m` off the squared norm: the projection lemma along `1`. -/
@[bridge "projection" "along the vector of ones"]
theorem norm_sq_sub_mean_smul_ones :
    ‖g - mean g • ones‖ ^ 2 = ‖g‖ ^ 2 - ⟪ones, g⟫ ^ 2 / Fintype.card ι := by
  rw [mean_eq_inner_div_norm_sq, norm_sub_inner_div_norm_sq_smul_sq, norm_sq_ones]

/-- **Equation (7)**, the norm identity of the BatchNorm gradient: normalization takes off the
squared components of `g` along `1` and along `ŷ`, and divides by `σ²`. -/
@[bridge "7"]
theorem norm_sq_backward_eps_zero (h : 0 < variance y) :
    ‖backward γ 0 y g‖ ^ 2 = γ ^ 2 / scale 0 y ^ 2 *
      (‖g‖ ^ 2 - ⟪ones, g⟫ ^ 2 / Fintype.card ι - ⟪g, normalize 0 y⟫ ^ 2 / Fintype.card ι) := by
  rw [norm_sq_backward_eps_zero_eq_mul_sub_inner_sq γ g h, norm_sq_sub_mean_smul_ones,
    real_inner_smul_right, inner_sub_smul_ones_normalize, mul_pow, inv_pow,
    norm_sq_normalize_eps_zero h, inv_mul_eq_div]

/-- **Equation (7ε)**, the norm identity for every `ε`: with `ρ = variance y / (variance y + ε)` the
last term has the coefficient `2 - ρ`, which is `1` at `ε = 0` alone. -/
@[bridge "7ε"]
theorem norm_sq_backward (h : 0 < variance y + ε) :
    ‖backward γ ε y g‖ ^ 2 = γ ^ 2 / scale ε y ^ 2 *
      (‖g‖ ^ 2 - ⟪ones, g⟫ ^ 2 / Fintype.card ι -
        (2 - variance y / (variance y + ε)) * ⟪g, normalize ε y⟫ ^ 2 / Fintype.card ι) := by
  rw [backward_eq_smul_sub_mean_smul, norm_smul, mul_pow, Real.norm_eq_abs, sq_abs, div_pow,
    real_inner_comm, norm_sub_mul_inner_smul_sq, norm_sq_normalize h, real_inner_comm,
    inner_sub_smul_ones_normalize, norm_sq_sub_mean_smul_ones]
  obtain card_eq_zero | card_ne_zero := eq_or_ne (Fintype.card ι : ℝ) 0
  · simp [card_eq_zero]
  · field_simp

/-- The inner product of the gradient with the upstream gradient, for every `ε`. -/
theorem inner_backward_self (γ ε : ℝ) (y g : EuclideanSpace ℝ ι) :
    ⟪backward γ ε y g, g⟫ = γ / scale ε y *
      (‖g‖ ^ 2 - ⟪ones, g⟫ ^ 2 / Fintype.card ι - ⟪g, normalize ε y⟫ ^ 2 / Fintype.card ι) := by
  rw [backward_eq_smul_sub_mean_smul, inner_sub_smul_ones_normalize, real_inner_smul_left,
    inner_sub_left, inner_sub_left, real_inner_smul_left, real_inner_smul_left,
    real_inner_self_eq_norm_sq, real_inner_comm g (normalize ε y), mean, ← inner_ones_left]
  ring

/-- At `ε = 0` the gradient is `γ / σ` times a projection: its squared norm is `γ / σ` times its
inner product with the upstream gradient. -/
theorem norm_sq_backward_eps_zero_eq_mul_inner (h : 0 < variance y) :
    ‖backward γ 0 y g‖ ^ 2 = γ / scale 0 y * ⟪backward γ 0 y g, g⟫ := by
  rw [norm_sq_backward_eps_zero γ g h, inner_backward_self]
  ring

/-! ### With the gradients in the layer's parameters -/

/-- The gradient in the factor `γ` is `⟪g, ŷ⟫`. -/
@[bridge "derivative" "∂γ as an inner product"]
theorem backwardGamma_eq_inner (ε : ℝ) (y g : EuclideanSpace ℝ ι) :
    backwardGamma ε y g = ⟪g, normalize ε y⟫ :=
  (inner_eq_sum_mul ..).symm

/-- The gradient in the offset `β` is `⟪1, g⟫`. -/
@[bridge "derivative" "∂β as an inner product"]
theorem backwardBeta_eq_inner : backwardBeta g = ⟪ones, g⟫ :=
  (inner_ones_left g).symm

/-- **Equation (7)** with the gradients `∂γ` and `∂β` in the layer's parameters. -/
@[bridge "7" "with ∂γ and ∂β"]
theorem norm_sq_backward_eps_zero_eq_mul_sub_sq (h : 0 < variance y) :
    ‖backward γ 0 y g‖ ^ 2 = γ ^ 2 / scale 0 y ^ 2 *
      (‖g‖ ^ 2 - backwardBeta g ^ 2 / Fintype.card ι -
        backwardGamma 0 y g ^ 2 / Fintype.card ι) := by
  rw [norm_sq_backward_eps_zero γ g h, backwardBeta_eq_inner, backwardGamma_eq_inner]

/-- **Equation (7ε)** with the gradients `∂γ` and `∂β` in the layer's parameters. -/
@[bridge "7ε" "with ∂γ and ∂β"]
theorem norm_sq_backward_eq_mul_sub_sq (h : 0 < variance y + ε) :
    ‖backward γ ε y g‖ ^ 2 = γ ^ 2 / scale ε y ^ 2 *
      (‖g‖ ^ 2 - backwardBeta g ^ 2 / Fintype.card ι -
        (2 - variance y / (variance y + ε)) * backwardGamma ε y g ^ 2 / Fintype.card ι) := by
  rw [norm_sq_backward γ g h, backwardBeta_eq_inner, backwardGamma_eq_inner]

end BatchNorm

/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public import BatchNorm.Normalize

/-!
# The BatchNorm gradient as a vector

Formula (1) gives the gradient in components. Here it is rewritten as a vector, without calculus:
the sums in (1) are inner products, each a number that multiplies a vector (equation (2)); the part
along `1` is the mean (equation (3)); and at `ε = 0`, where `‖ŷ‖² = m`, what is left is to take off
the component along the unit vector `ŷ / ‖ŷ‖` (equation (4)).

The hypothesis of (4) is there for the reader: where the variance is `0`, so is the scale, and
Lean's division by zero makes both sides `0`.

## Main results

* `BatchNorm.backward_eq_smul_sub_inner_smul`: equation (2), for every `ε`.
* `BatchNorm.backward_eq_smul_sub_mean_smul`: equation (3), for every `ε`.
* `BatchNorm.backward_eps_zero_eq_smul_sub_inner_unit_smul`: equation (4), for `ε = 0`.
-/

public section

open scoped RealInnerProductSpace

namespace BatchNorm

variable {ι : Type*} [Fintype ι] (γ ε : ℝ) (y g : EuclideanSpace ℝ ι)

/-- **Equation (2)**, formula (1) as a vector: `⟪1, g⟫` and `⟪g, ŷ⟫` are numbers, the first of which
multiplies the vector of ones and the second the normalized batch. -/
@[bridge "2"]
theorem backward_eq_smul_sub_inner_smul :
    backward γ ε y g = (γ / (Fintype.card ι * scale ε y)) •
      ((Fintype.card ι : ℝ) • g - ⟪ones, g⟫ • ones - ⟪g, normalize ε y⟫ • normalize ε y) := by
  ext i
  simp [backward_apply, inner_eq_sum_mul, mul_comm]

/-- Taking a multiple of the vector of ones off `g` does not change its inner product with `ŷ`. -/
@[bridge "normalize" "a multiple of 1 taken off"]
theorem inner_sub_smul_ones_normalize (c : ℝ) :
    ⟪g - c • ones, normalize ε y⟫ = ⟪g, normalize ε y⟫ := by
  rw [inner_sub_left, real_inner_smul_left, inner_ones_normalize, mul_zero, sub_zero]

/-- **Equation (3)**: with `μ_g` the mean of `g`, the gradient is the centred `g - μ_g 1`, less
`1/m` times its inner product with `ŷ`, times `ŷ`; the factor is `γ / σ`. -/
@[bridge "3"]
theorem backward_eq_smul_sub_mean_smul :
    backward γ ε y g = (γ / scale ε y) •
      (g - mean g • ones -
        (1 / Fintype.card ι * ⟪g - mean g • ones, normalize ε y⟫) • normalize ε y) := by
  rw [backward_eq_smul_sub_inner_smul, inner_sub_smul_ones_normalize]
  ext i
  have card_ne_zero : (Fintype.card ι : ℝ) ≠ 0 := by
    exact_mod_cast (Fintype.card_pos_iff.2 ⟨i⟩).ne'
  simp only [PiLp.smul_apply, PiLp.sub_apply, smul_eq_mul, ones_apply, mean, inner_ones_left]
  field_simp

variable {y}

/-- **Equation (4)**: at `ε = 0` the vector taken off `g - μ_g 1` is its component along the unit
vector `ŷ / ‖ŷ‖`, since `‖ŷ‖² = m`. -/
@[bridge "4"]
theorem backward_eps_zero_eq_smul_sub_inner_unit_smul (h : 0 < variance y) :
    backward γ 0 y g = (γ / scale 0 y) •
      (g - mean g • ones -
        ⟪g - mean g • ones, ‖normalize 0 y‖⁻¹ • normalize 0 y⟫ •
          (‖normalize 0 y‖⁻¹ • normalize 0 y)) := by
  rw [backward_eq_smul_sub_mean_smul, real_inner_smul_right, smul_smul, mul_right_comm, ← mul_inv,
    ← sq, norm_sq_normalize_eps_zero h, one_div]

/-- Where `variance y + ε` is not positive, Lean's division by zero makes formula (1) vanish:
nothing is claimed of such a batch. -/
theorem backward_eq_zero_of_variance_add_nonpos {ε : ℝ} (h : variance y + ε ≤ 0) :
    backward γ ε y g = 0 := by
  rw [backward_eq_smul_sub_mean_smul, scale_of_variance_add_nonpos h, div_zero, zero_smul]

/-- Where the variance is `0` and `ε` is too, Lean's division by zero makes formula (1) vanish:
nothing is claimed of such a batch. -/
@[bridge "degenerate"]
theorem backward_eps_zero_eq_zero_of_variance_eq_zero (h : variance y = 0) :
    backward γ 0 y g = 0 :=
  backward_eq_zero_of_variance_add_nonpos γ g (by rw [h, add_zero])

variable (y)

/-- The gradient of a batch of one is `0`, for every `ε`: the layer's output is constant. -/
theorem backward_of_subsingleton [Subsingleton ι] : backward γ ε y g = 0 := by
  have mean_eq : g - mean g • ones = 0 := by
    ext i
    simp [eq_mean_of_variance_eq_zero (variance_of_subsingleton g) i]
  rw [backward_eq_smul_sub_mean_smul, mean_eq]
  simp

end BatchNorm

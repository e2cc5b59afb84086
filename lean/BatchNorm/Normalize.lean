/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public import BatchNorm.Defs

/-!
# The normalized batch

What the BatchNorm gradient needs to know of `ŷ = normalize ε y`: it is orthogonal to the vector of
ones, and its squared norm is `m ρ` with `ρ = variance y / (variance y + ε)`, hence `m` at `ε = 0`.
Then how it behaves under shift and scale of the batch, and what is left of it where the variance is
`0`: a constant batch, or a batch of one.

## Main results

* `BatchNorm.inner_ones_normalize`: `⟪1, ŷ⟫ = 0`.
* `BatchNorm.norm_sq_normalize`: `‖ŷ‖² = m ρ`, for `0 < variance y + ε`.
* `BatchNorm.norm_sq_normalize_eps_zero`: `‖ŷ‖² = m` at `ε = 0`, for `0 < variance y`.
* `BatchNorm.normalize_add_smul_ones`, `BatchNorm.normalize_smul`: shift and scale.
* `BatchNorm.forward_scale_mean`: with the batch's own scale and mean, the layer changes nothing.
* `BatchNorm.normalize_eq_zero_of_variance_eq_zero`: the degenerate case.
-/

public section

open scoped RealInnerProductSpace

namespace BatchNorm

variable {ι : Type*} [Fintype ι] (ε : ℝ) (y g : EuclideanSpace ℝ ι)

/-! ### Inner products in coordinates -/

/-- With `γ = 1` and `β = 0` the layer puts out the normalized batch. -/
@[simp]
theorem forward_one_zero : forward 1 0 ε y = normalize ε y := by
  ext i
  simp [forward_apply]

/-- The inner product with the vector of ones is the sum of the components. -/
theorem inner_ones_left : ⟪ones, g⟫ = ∑ i, g i := by
  simp [PiLp.inner_apply]

/-- The inner product of two batches in coordinates. -/
theorem inner_eq_sum_mul : ⟪g, y⟫ = ∑ i, g i * y i := by
  simp [PiLp.inner_apply, mul_comm]

/-- The vector of ones has squared norm `m`. -/
@[simp]
theorem norm_sq_ones : ‖(ones : EuclideanSpace ℝ ι)‖ ^ 2 = Fintype.card ι := by
  simp [EuclideanSpace.norm_sq_eq]

/-- The mean is the coefficient of the projection on the vector of ones. -/
theorem mean_eq_inner_div_norm_sq : mean g = ⟪ones, g⟫ / ‖(ones : EuclideanSpace ℝ ι)‖ ^ 2 := by
  rw [norm_sq_ones, inner_ones_left, mean]

/-! ### Sum and norm of the normalized batch -/

/-- The deviations from the mean sum to `0`. -/
theorem sum_sub_mean : ∑ i, (y i - mean y) = 0 := by
  cases isEmpty_or_nonempty ι
  · simp
  · have card_ne_zero : (Fintype.card ι : ℝ) ≠ 0 := by exact_mod_cast Fintype.card_ne_zero
    rw [Finset.sum_sub_distrib, Finset.sum_const, Finset.card_univ, nsmul_eq_mul, mean,
      mul_div_cancel₀ _ card_ne_zero, sub_self]

/-- The components of the normalized batch sum to `0`. -/
@[bridge "normalize"]
theorem sum_normalize : ∑ i, normalize ε y i = 0 := by
  simp_rw [normalize_apply, ← Finset.sum_div, sum_sub_mean, zero_div]

/-- The normalized batch is orthogonal to the vector of ones. -/
@[bridge "normalize", simp]
theorem inner_ones_normalize : ⟪ones, normalize ε y⟫ = 0 := by
  rw [inner_ones_left, sum_normalize]

/-- `ŷ` is orthogonal to `1`: `inner_ones_normalize` with the factors exchanged. -/
@[simp]
theorem inner_normalize_ones : ⟪normalize ε y, ones⟫ = 0 := by
  rw [real_inner_comm, inner_ones_normalize]

/-- The normalized batch has mean `0`. -/
@[simp]
theorem mean_normalize : mean (normalize ε y) = 0 := by
  rw [mean, sum_normalize, zero_div]

/-- `m` times the variance is the sum of the squared deviations from the mean. -/
@[bridge "definition" "m times the variance"]
theorem card_mul_variance : Fintype.card ι * variance y = ∑ i, (y i - mean y) ^ 2 := by
  cases isEmpty_or_nonempty ι
  · simp
  · exact mul_div_cancel₀ _ (by exact_mod_cast Fintype.card_ne_zero)

variable {ε y}

/-- The scale is positive where the variance and `ε` are not both `0`. -/
theorem scale_pos (h : 0 < variance y + ε) : 0 < scale ε y :=
  Real.sqrt_pos.2 h

/-- Where `variance y + ε` is not positive, the scale is `0`. -/
theorem scale_of_variance_add_nonpos (h : variance y + ε ≤ 0) : scale ε y = 0 :=
  Real.sqrt_eq_zero_of_nonpos h

/-- The square of the scale. -/
theorem scale_sq (h : 0 ≤ variance y + ε) : scale ε y ^ 2 = variance y + ε :=
  Real.sq_sqrt h

/-- The squared norm of the normalized batch is `m ρ`, with `ρ = variance y / (variance y + ε)`. -/
@[bridge "normalize"]
theorem norm_sq_normalize (h : 0 < variance y + ε) :
    ‖normalize ε y‖ ^ 2 = Fintype.card ι * (variance y / (variance y + ε)) := by
  simp_rw [EuclideanSpace.norm_sq_eq, normalize_apply, Real.norm_eq_abs, sq_abs, div_pow]
  rw [← Finset.sum_div, scale_sq h.le, ← card_mul_variance, mul_div_assoc]

/-- At `ε = 0` the squared norm of the normalized batch is `m`. -/
@[bridge "normalize"]
theorem norm_sq_normalize_eps_zero (h : 0 < variance y) :
    ‖normalize 0 y‖ ^ 2 = Fintype.card ι := by
  rw [norm_sq_normalize (by rwa [add_zero]), add_zero, div_self h.ne', mul_one]

/-- A batch whose variance is positive is not empty. -/
theorem nonempty_of_variance_pos (h : 0 < variance y) : Nonempty ι := by
  by_contra empty
  rw [not_nonempty_iff] at empty
  simp [variance] at h

/-- At `ε = 0` the normalized batch is not `0` where the variance is not. -/
theorem norm_normalize_eps_zero_pos (h : 0 < variance y) : 0 < ‖normalize 0 y‖ := by
  have := nonempty_of_variance_pos h
  refine lt_of_pow_lt_pow_left₀ 2 (norm_nonneg _) ?_
  rw [norm_sq_normalize_eps_zero h]
  simpa using Fintype.card_pos

/-- The scale times the normalized batch is the centred batch. -/
theorem scale_smul_normalize (h : 0 < variance y + ε) :
    scale ε y • normalize ε y = y - mean y • ones := by
  ext i
  simp [normalize_apply, mul_div_cancel₀ _ (scale_pos h).ne']

/-! ### Shift and scale -/

variable (ε y)

/-- Shift moves the mean along. -/
theorem mean_add_smul_ones [Nonempty ι] (c : ℝ) : mean (y + c • ones) = mean y + c := by
  have card_ne_zero : (Fintype.card ι : ℝ) ≠ 0 := by exact_mod_cast Fintype.card_ne_zero
  simp [mean, Finset.sum_add_distrib, add_div, card_ne_zero]

/-- Shift does not change the variance. -/
@[bridge "normalize" "shift", simp]
theorem variance_add_smul_ones (c : ℝ) : variance (y + c • ones) = variance y := by
  cases isEmpty_or_nonempty ι
  · simp [variance]
  · simp [variance, mean_add_smul_ones]

/-- BatchNorm does not see a shift of its input. -/
@[bridge "normalize" "shift", simp]
theorem normalize_add_smul_ones (c : ℝ) : normalize ε (y + c • ones) = normalize ε y := by
  ext i
  have : Nonempty ι := ⟨i⟩
  simp [normalize_apply, scale, mean_add_smul_ones, variance_add_smul_ones]

/-- The mean is linear. -/
theorem mean_smul (a : ℝ) : mean (a • y) = a * mean y := by
  simp [mean, ← Finset.mul_sum, mul_div_assoc]

/-- The variance is quadratic. -/
@[bridge "normalize" "scale"]
theorem variance_smul (a : ℝ) : variance (a • y) = a ^ 2 * variance y := by
  simp [variance, mean_smul, ← mul_sub, mul_pow, ← Finset.mul_sum, mul_div_assoc]

/-- The scale, with `ε` scaled along. -/
theorem scale_smul (a : ℝ) : scale (a ^ 2 * ε) (a • y) = |a| * scale ε y := by
  rw [scale, variance_smul, ← mul_add, Real.sqrt_mul (sq_nonneg a), Real.sqrt_sq_eq_abs, scale]

/-- BatchNorm does not see a positive scale of its input, where `ε` is scaled along. -/
@[bridge "normalize" "scale"]
theorem normalize_smul {a : ℝ} (ha : 0 < a) : normalize (a ^ 2 * ε) (a • y) = normalize ε y := by
  ext i
  simp only [normalize_apply, scale_smul, mean_smul, PiLp.smul_apply, smul_eq_mul, abs_of_pos ha,
    ← mul_sub, mul_div_mul_left _ _ ha.ne']

/-- At `ε = 0`, BatchNorm does not see a positive scale of its input. -/
@[bridge "normalize" "scale"]
theorem normalize_eps_zero_smul {a : ℝ} (ha : 0 < a) : normalize 0 (a • y) = normalize 0 y := by
  simpa using normalize_smul 0 y ha

variable {ε y} in
/-- **Observation 4.3** of the paper: with the batch's own scale and mean as `γ` and `β`, the layer
puts out what it got. It is a statement about one batch: with `γ` and `β` fixed the layer still
changes others. -/
@[bridge "Obs 4.3"]
theorem forward_scale_mean (h : 0 < variance y + ε) : forward (scale ε y) (mean y) ε y = y := by
  ext i
  rw [forward_apply, normalize_apply, mul_div_cancel₀ _ (scale_pos h).ne', sub_add_cancel]

/-! ### Degenerate batches -/

/-- The variance is not negative. -/
@[bridge "degenerate"]
theorem variance_nonneg : 0 ≤ variance y :=
  div_nonneg (Finset.sum_nonneg fun _ _ ↦ sq_nonneg _) (Nat.cast_nonneg _)

/-- A constant batch has variance `0`: the hypothesis of the paper's equations excludes it. -/
@[bridge "degenerate" "constant batch"]
theorem variance_smul_ones (c : ℝ) : variance (c • (ones : EuclideanSpace ℝ ι)) = 0 := by
  simpa [variance, mean] using variance_add_smul_ones (0 : EuclideanSpace ℝ ι) c

/-- A batch of one has variance `0`: the hypothesis of the paper's equations excludes it. -/
theorem variance_of_subsingleton [Subsingleton ι] : variance y = 0 := by
  obtain _ | ⟨⟨i⟩⟩ := isEmpty_or_nonempty ι
  · simp [variance]
  · have := uniqueOfSubsingleton i
    simp [variance, mean]

variable {y}

/-- Where the variance is `0`, every component is the mean. -/
theorem eq_mean_of_variance_eq_zero (h : variance y = 0) (i : ι) : y i = mean y := by
  have sum_eq_zero : ∑ i, (y i - mean y) ^ 2 = 0 := by rw [← card_mul_variance, h, mul_zero]
  have := (Finset.sum_eq_zero_iff_of_nonneg fun _ _ ↦ sq_nonneg _).1 sum_eq_zero i
    (Finset.mem_univ i)
  rwa [sq_eq_zero_iff, sub_eq_zero] at this

/-- Where the variance is `0`, the normalized batch is `0`, whatever `ε` is. -/
@[bridge "degenerate"]
theorem normalize_eq_zero_of_variance_eq_zero (h : variance y = 0) : normalize ε y = 0 := by
  ext i
  simp [normalize_apply, eq_mean_of_variance_eq_zero h i]

end BatchNorm

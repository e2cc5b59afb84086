/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public import BatchNorm.NormIdentity

/-!
# The geometry of the BatchNorm gradient

As a map of the upstream gradient `g`, formula (1) is linear and self-adjoint, and its values are
orthogonal to the vector of ones. At `ε = 0` they are orthogonal to `ŷ` too, and `backward` is
`γ / σ` times the orthogonal projection off the span of `1` and `ŷ`. For `ε > 0` what is left along
`ŷ` is `γ / σ (1 - ρ) ⟪g, ŷ⟫`, with `ρ = variance y / (variance y + ε)`: it is no such projection,
unless `γ = 0` or the batch is constant.

Where a single value of `backward` is spoken of, the hypothesis on the variance is there for the
reader: where it does not hold, the scale is `0`, and Lean's division by zero makes both sides `0`.

## Main results

* `BatchNorm.inner_backward_left`: `backward` is self-adjoint.
* `BatchNorm.inner_ones_backward`: `backward` is orthogonal to `1`, for every `ε`.
* `BatchNorm.inner_normalize_backward`, `BatchNorm.inner_normalize_backward_eps_zero`: its component
  along `ŷ`.
* `BatchNorm.backward_eps_zero_eq_smul_sub_starProjection`: the projection.
* `BatchNorm.forall_backward_eq_smul_sub_starProjection_iff`: it is one at `ε = 0` alone, where
  neither `γ` nor the variance is `0`, and `variance y + ε` is positive.
* `BatchNorm.backward_eps_zero_of_card_le_two`: a batch of two.
-/

public section

open scoped RealInnerProductSpace

namespace BatchNorm

variable {ι : Type*} [Fintype ι] (γ ε : ℝ) (y g v : EuclideanSpace ℝ ι)

/-- Formula (1) is self-adjoint as a map of the upstream gradient. -/
@[bridge "geometry" "self-adjoint"]
theorem inner_backward_left : ⟪backward γ ε y g, v⟫ = ⟪g, backward γ ε y v⟫ := by
  simp only [backward_eq_smul_sub_inner_smul, real_inner_smul_left, real_inner_smul_right,
    inner_sub_left, inner_sub_right]
  rw [real_inner_comm ones g, real_inner_comm v (normalize ε y)]
  ring

/-- A centred vector is orthogonal to the vector of ones. -/
theorem inner_ones_sub_mean_smul_ones : ⟪ones, g - mean g • ones⟫ = 0 := by
  rw [inner_ones_left, ← sum_sub_mean g]
  simp

/-- The gradient is orthogonal to the vector of ones, for every `ε`: a shift of the batch does not
change the loss. -/
@[bridge "geometry", simp]
theorem inner_ones_backward : ⟪ones, backward γ ε y g⟫ = 0 := by
  rw [backward_eq_smul_sub_mean_smul, real_inner_smul_right, inner_sub_right, real_inner_smul_right,
    inner_ones_sub_mean_smul_ones, inner_ones_normalize, mul_zero, sub_zero, mul_zero]

/-- The gradient is orthogonal to `1`: `inner_ones_backward` with the factors exchanged. -/
@[simp]
theorem inner_backward_ones : ⟪backward γ ε y g, ones⟫ = 0 := by
  rw [real_inner_comm, inner_ones_backward]

/-- Along a direction orthogonal to `1` and `ŷ` the layer is `γ / σ` times the identity, to first
order. -/
theorem backward_of_inner_eq_zero {d : EuclideanSpace ℝ ι} (hd : ⟪ones, d⟫ = 0)
    (hd' : ⟪normalize ε y, d⟫ = 0) : backward γ ε y d = (γ / scale ε y) • d := by
  rw [backward_eq_smul_sub_mean_smul, inner_sub_smul_ones_normalize, real_inner_comm, hd', mean,
    ← inner_ones_left, hd]
  simp

variable {ε y}

/-- What is left of the gradient along `ŷ`: with `ρ = variance y / (variance y + ε)` it is the part
`1 - ρ` of `γ / σ ⟪g, ŷ⟫`. -/
@[bridge "geometry"]
theorem inner_normalize_backward (h : 0 < variance y + ε) :
    ⟪normalize ε y, backward γ ε y g⟫ =
      γ / scale ε y * ((1 - variance y / (variance y + ε)) * ⟪g, normalize ε y⟫) := by
  obtain card_eq_zero | card_ne_zero := eq_or_ne (Fintype.card ι : ℝ) 0
  · have : IsEmpty ι := Fintype.card_eq_zero_iff.1 (by exact_mod_cast card_eq_zero)
    simp [inner_eq_sum_mul]
  · rw [backward_eq_smul_sub_mean_smul, real_inner_smul_right, inner_sub_right,
      real_inner_smul_right, inner_sub_smul_ones_normalize, real_inner_self_eq_norm_sq,
      norm_sq_normalize h, real_inner_comm, inner_sub_smul_ones_normalize]
    field_simp

/-- At `ε = 0` the gradient is orthogonal to `ŷ`: a positive factor at the batch does not change the
loss. -/
@[bridge "geometry"]
theorem inner_normalize_backward_eps_zero (h : 0 < variance y) :
    ⟪normalize 0 y, backward γ 0 y g⟫ = 0 := by
  rw [inner_normalize_backward γ g (by rwa [add_zero]), add_zero, div_self h.ne', sub_self,
    zero_mul, mul_zero]

/-- At `ε = 0` the gradient is `γ / σ` times what the orthogonal projection off the span of `1` and
`ŷ` leaves of `g`. -/
@[bridge "geometry" "the projection"]
theorem backward_eps_zero_eq_smul_sub_starProjection (h : 0 < variance y) :
    backward γ 0 y g = (γ / scale 0 y) •
      (g - (Submodule.span ℝ {ones, normalize 0 y}).starProjection g) := by
  have card_ne_zero : (Fintype.card ι : ℝ) ≠ 0 := by
    rw [← norm_sq_normalize_eps_zero h]
    exact pow_ne_zero 2 (norm_normalize_eps_zero_pos h).ne'
  rw [backward_eq_smul_sub_mean_smul, sub_sub]
  congr 2
  refine (Submodule.eq_starProjection_of_mem_of_inner_eq_zero ?_ fun w hw ↦ ?_).symm
  · exact Submodule.add_mem _ (Submodule.smul_mem _ _ (Submodule.subset_span (by simp)))
      (Submodule.smul_mem _ _ (Submodule.subset_span (by simp)))
  · obtain ⟨a, b, rfl⟩ := Submodule.mem_span_pair.1 hw
    rw [← sub_sub, inner_add_right, real_inner_smul_right, real_inner_smul_right,
      inner_sub_left (g - mean g • ones) _ ones,
      inner_sub_left (g - mean g • ones) _ (normalize 0 y),
      real_inner_smul_left, real_inner_smul_left, real_inner_comm ones (g - mean g • ones),
      inner_ones_sub_mean_smul_ones, real_inner_comm ones, inner_ones_normalize,
      real_inner_self_eq_norm_sq, norm_sq_normalize_eps_zero h]
    field_simp
    simp

/-- At `ε = 0` the gradient does not see the upstream gradient along `ŷ`. -/
@[bridge "geometry" "along ŷ"]
theorem backward_eps_zero_normalize (y : EuclideanSpace ℝ ι) :
    backward γ 0 y (normalize 0 y) = 0 := by
  obtain h | h := (variance_nonneg y).eq_or_lt
  · exact backward_eps_zero_eq_zero_of_variance_eq_zero γ _ h.symm
  · rw [backward_eps_zero_eq_smul_sub_starProjection γ _ h,
      Submodule.starProjection_eq_self_iff.2 (Submodule.subset_span (by simp)), sub_self, smul_zero]

/-- The gradient is `γ / σ` times what the projection leaves exactly if `ε = 0`, where neither `γ`
nor the variance is `0`, and `variance y + ε` is positive. -/
@[bridge "geometry" "the projection, exactly at ε = 0"]
theorem forall_backward_eq_smul_sub_starProjection_iff (hγ : γ ≠ 0) (h : 0 < variance y)
    (h' : 0 < variance y + ε) :
    (∀ g, backward γ ε y g = (γ / scale ε y) •
      (g - (Submodule.span ℝ {ones, normalize ε y}).starProjection g)) ↔ ε = 0 := by
  refine ⟨fun all ↦ ?_, ?_⟩
  · have := nonempty_of_variance_pos h
    have inner_eq := congr(⟪normalize ε y, $(all (normalize ε y))⟫)
    rw [Submodule.starProjection_eq_self_iff.2 (Submodule.subset_span (by simp)), sub_self,
      smul_zero, inner_zero_right, inner_normalize_backward γ _ h', real_inner_self_eq_norm_sq,
      norm_sq_normalize h'] at inner_eq
    simpa [hγ, (scale_pos h').ne', h.ne', h'.ne', sub_eq_zero, eq_div_iff] using inner_eq
  · rintro rfl g
    exact backward_eps_zero_eq_smul_sub_starProjection γ g h

/-- At `ε = 0` formula (1) gives `0` for a batch of two, whatever the upstream gradient is: where
the two differ, the layer puts out `γ + β` and `β - γ`; where they do not, and for a batch of one,
it is Lean's division by zero. For the gradient itself: `BatchNorm.eq_zero_of_hasGradientAt`. -/
@[bridge "geometry" "two samples or fewer"]
theorem backward_eps_zero_of_card_le_two (y : EuclideanSpace ℝ ι) (hι : Fintype.card ι ≤ 2) :
    backward γ 0 y g = 0 := by
  classical
  obtain h | h := (variance_nonneg y).eq_or_lt
  · exact backward_eps_zero_eq_zero_of_variance_eq_zero γ g h.symm
  obtain hι | hι := hι.lt_or_eq
  · have := Fintype.card_le_one_iff_subsingleton.1 (Nat.lt_succ_iff.1 hι)
    exact backward_of_subsingleton γ 0 y g
  obtain ⟨i, j, hij, univ_eq⟩ := Finset.card_eq_two.1 (Finset.card_univ.trans hι)
  have sum_eq (f : ι → ℝ) : ∑ k, f k = f i + f j := by rw [univ_eq, Finset.sum_pair hij]
  have sum := (sum_eq _).symm.trans (sum_normalize 0 y)
  have sum_sq := norm_sq_normalize_eps_zero h
  rw [EuclideanSpace.norm_sq_eq, sum_eq, hι] at sum_sq
  simp only [Real.norm_eq_abs, sq_abs, Nat.cast_ofNat] at sum_sq
  ext k
  have hk : k = i ∨ k = j := by simpa [univ_eq] using Finset.mem_univ k
  have : 2 * g k - (g i + g j) -
      normalize 0 y k * (g i * normalize 0 y i + g j * normalize 0 y j) = 0 := by
    obtain rfl | rfl := hk <;> grind
  rw [backward_apply, sum_eq, sum_eq, hι, Nat.cast_ofNat, this, mul_zero, PiLp.zero_apply]

end BatchNorm

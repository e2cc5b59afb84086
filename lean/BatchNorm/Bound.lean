/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public import BatchNorm.NormIdentity

/-!
# Bounds on the BatchNorm gradient

From equation (7ε): for every `ε ≥ 0` the right-hand side of (7) bounds the squared norm of the
gradient from above. This is the inequality of Theorem 4.1 of the paper; it is an equality at
`ε = 0`, and strict for `ε > 0` unless `γ = 0` or `⟪g, ŷ⟫ = 0`. For `ε ≥ 0` the gradient is no
longer than `|γ| / σ` times the upstream gradient, and, where `γ ≠ 0`, as long as that exactly where
`g` is orthogonal to `1` and `ŷ`.

The hypothesis `0 < variance y + ε` is there for the reader, except in
`BatchNorm.norm_backward_eq_iff`: where it does not hold, the scale is `0`, and Lean's division by
zero makes both sides `0`.

## Main results

* `BatchNorm.norm_sq_backward_le`, `BatchNorm.norm_sq_backward_lt_iff`: the right-hand side of (7)
  is an upper bound; when it is strict.
* `BatchNorm.norm_sq_backward_ne`, `BatchNorm.exists_norm_sq_backward_ne_of_variance_pos`: where
  equation (7) is false.
* `BatchNorm.norm_backward_le`, `BatchNorm.norm_backward_eq_iff`: the operator bound; when it is
  attained.
-/

public section

open scoped RealInnerProductSpace

namespace BatchNorm

variable {ι : Type*} [Fintype ι] (γ : ℝ) {ε : ℝ} {y : EuclideanSpace ℝ ι} (g : EuclideanSpace ℝ ι)

/-- By how much the right-hand side of (7) exceeds the squared norm of the gradient, for every `ε`:
by `1 - ρ = ε / (variance y + ε)` times its last term. -/
@[bridge "Thm 4.1" "the difference of the two sides"]
theorem norm_sq_backward_add (h : 0 < variance y + ε) :
    ‖backward γ ε y g‖ ^ 2 + γ ^ 2 / scale ε y ^ 2 *
        (ε / (variance y + ε) * (⟪g, normalize ε y⟫ ^ 2 / Fintype.card ι)) =
      γ ^ 2 / scale ε y ^ 2 *
        (‖g‖ ^ 2 - ⟪ones, g⟫ ^ 2 / Fintype.card ι - ⟪g, normalize ε y⟫ ^ 2 / Fintype.card ι) := by
  have eps_eq : ε / (variance y + ε) = 1 - variance y / (variance y + ε) := by
    rw [eq_sub_iff_add_eq, ← add_div, add_comm, div_self h.ne']
  rw [norm_sq_backward γ g h, eps_eq]
  ring

/-- **Theorem 4.1** of the paper, its inequality: for every `ε ≥ 0` the right-hand side of (7)
bounds the squared norm of the gradient from above. At `ε = 0`, the paper's case, it is the equation
(7). -/
@[bridge "Thm 4.1" "for every ε"]
theorem norm_sq_backward_le (hε : 0 ≤ ε) (h : 0 < variance y + ε) :
    ‖backward γ ε y g‖ ^ 2 ≤ γ ^ 2 / scale ε y ^ 2 *
      (‖g‖ ^ 2 - ⟪ones, g⟫ ^ 2 / Fintype.card ι - ⟪g, normalize ε y⟫ ^ 2 / Fintype.card ι) := by
  rw [← norm_sq_backward_add γ g h, le_add_iff_nonneg_right]
  exact mul_nonneg (by positivity) (mul_nonneg (div_nonneg hε h.le) (by positivity))

/-- When the inequality of Theorem 4.1 is strict: for `ε > 0` alone, and then unless the batch is
constant, `γ = 0`, or `g` is orthogonal to `ŷ`. -/
@[bridge "Thm 4.1" "when it is strict"]
theorem norm_sq_backward_lt_iff (hε : 0 ≤ ε) (h : 0 < variance y + ε) :
    ‖backward γ ε y g‖ ^ 2 < γ ^ 2 / scale ε y ^ 2 *
        (‖g‖ ^ 2 - ⟪ones, g⟫ ^ 2 / Fintype.card ι - ⟪g, normalize ε y⟫ ^ 2 / Fintype.card ι) ↔
      (0 < ε ∧ 0 < variance y) ∧ γ ≠ 0 ∧ ⟪g, normalize ε y⟫ ≠ 0 := by
  rw [← norm_sq_backward_add γ g h, lt_add_iff_pos_right]
  refine ⟨fun pos ↦ ⟨⟨hε.lt_of_ne' ?_, (variance_nonneg y).lt_of_ne' fun variance_eq ↦ ?_⟩,
    ?_, ?_⟩, ?_⟩
  · rintro rfl
    simp at pos
  · simp [normalize_eq_zero_of_variance_eq_zero ε variance_eq] at pos
  · rintro rfl
    simp at pos
  · intro inner_eq
    simp [inner_eq] at pos
  · rintro ⟨⟨hε, variance_pos⟩, hγ, inner_ne⟩
    have := nonempty_of_variance_pos variance_pos
    have card_pos : (0 : ℝ) < Fintype.card ι := by exact_mod_cast Fintype.card_pos
    have := scale_pos h
    have := div_pos hε h
    positivity

variable {γ g} in
/-- Equation (7) is false for every `ε > 0` and `γ ≠ 0`, every batch and every upstream gradient
that is not orthogonal to `ŷ`. (Where the batch is constant, all are orthogonal to `ŷ`, which is
`0`.) -/
theorem norm_sq_backward_ne (hγ : γ ≠ 0) (hε : 0 < ε) (hg : ⟪g, normalize ε y⟫ ≠ 0) :
    ‖backward γ ε y g‖ ^ 2 ≠ γ ^ 2 / scale ε y ^ 2 *
      (‖g‖ ^ 2 - ⟪ones, g⟫ ^ 2 / Fintype.card ι - ⟪g, normalize ε y⟫ ^ 2 / Fintype.card ι) := by
  have h : 0 < variance y := (variance_nonneg y).lt_of_ne' fun variance_eq ↦ hg <| by
    rw [normalize_eq_zero_of_variance_eq_zero ε variance_eq, inner_zero_right]
  exact ((norm_sq_backward_lt_iff γ g hε.le (add_pos h hε)).2 ⟨⟨hε, h⟩, hγ, hg⟩).ne

variable {γ} in
/-- For every `ε > 0` and `γ ≠ 0` and every batch that is not constant there is an upstream gradient
for which equation (7) is false: the normalized batch is one. -/
theorem exists_norm_sq_backward_ne_of_variance_pos (hγ : γ ≠ 0) (hε : 0 < ε) (h : 0 < variance y) :
    ∃ g : EuclideanSpace ℝ ι, ‖backward γ ε y g‖ ^ 2 ≠ γ ^ 2 / scale ε y ^ 2 *
      (‖g‖ ^ 2 - ⟪ones, g⟫ ^ 2 / Fintype.card ι - ⟪g, normalize ε y⟫ ^ 2 / Fintype.card ι) := by
  refine ⟨normalize ε y, norm_sq_backward_ne hγ hε ?_⟩
  have := nonempty_of_variance_pos h
  have card_pos : (0 : ℝ) < Fintype.card ι := by exact_mod_cast Fintype.card_pos
  have h' := add_pos h hε
  rw [real_inner_self_eq_norm_sq, norm_sq_normalize h']
  positivity

/-- How much shorter than `|γ| / σ ‖g‖` the gradient is, in squares. -/
theorem norm_sq_backward_add_eq_mul_norm_sq (h : 0 < variance y + ε) :
    ‖backward γ ε y g‖ ^ 2 + γ ^ 2 / scale ε y ^ 2 *
        (⟪ones, g⟫ ^ 2 / Fintype.card ι +
          (2 - variance y / (variance y + ε)) * (⟪normalize ε y, g⟫ ^ 2 / Fintype.card ι)) =
      (|γ| / scale ε y * ‖g‖) ^ 2 := by
  rw [norm_sq_backward γ g h, mul_pow, div_pow, sq_abs, real_inner_comm g (normalize ε y)]
  ring

/-- The factor `2 - ρ` of (7ε) is positive. -/
theorem two_sub_variance_div_pos (y : EuclideanSpace ℝ ι) (hε : 0 ≤ ε) :
    0 < 2 - variance y / (variance y + ε) := by
  have : variance y / (variance y + ε) ≤ 1 :=
    div_le_one_of_le₀ (le_add_of_nonneg_right hε) (add_nonneg (variance_nonneg y) hε)
  linarith

/-- For `ε ≥ 0` the gradient is at most `|γ| / σ` times as long as the upstream gradient. -/
@[bridge "geometry" "operator bound"]
theorem norm_backward_le (hε : 0 ≤ ε) (h : 0 < variance y + ε) :
    ‖backward γ ε y g‖ ≤ |γ| / scale ε y * ‖g‖ := by
  have := scale_pos h
  have := two_sub_variance_div_pos y hε
  refine le_of_sq_le_sq ?_ (by positivity)
  rw [← norm_sq_backward_add_eq_mul_norm_sq γ g h, le_add_iff_nonneg_right]
  positivity

/-- For `ε ≥ 0` and `γ ≠ 0` the gradient is `|γ| / σ` times as long as the upstream gradient exactly
where that is orthogonal to `1` and to `ŷ`. -/
@[bridge "geometry" "when the bound is attained"]
theorem norm_backward_eq_iff {γ : ℝ} (hγ : γ ≠ 0) (hε : 0 ≤ ε) (h : 0 < variance y + ε) :
    ‖backward γ ε y g‖ = |γ| / scale ε y * ‖g‖ ↔ ⟪ones, g⟫ = 0 ∧ ⟪normalize ε y, g⟫ = 0 := by
  have := scale_pos h
  have factor_pos := two_sub_variance_div_pos y hε
  rw [← sq_eq_sq₀ (norm_nonneg _) (by positivity), ← norm_sq_backward_add_eq_mul_norm_sq γ g h,
    left_eq_add, mul_eq_zero, or_iff_right (by positivity),
    add_eq_zero_iff_of_nonneg (by positivity) (by positivity)]
  cases isEmpty_or_nonempty ι
  · simp [inner_eq_sum_mul]
  · simp [factor_pos.ne']

end BatchNorm

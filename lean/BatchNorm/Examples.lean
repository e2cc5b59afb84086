/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public import BatchNorm.NormIdentity

/-!
# Batches on which the equations hold, and one on which (7) does not

The hypothesis `0 < variance y` of equations (4) to (7) can be met, and equation (7) needs its
`ε = 0`: on the batch `(1, -1)` with upstream gradient `(1, -1)`, `γ = 1` and `ε = 3`, its left-hand
side is `9/32` and its right-hand side `3/8`. A constant batch and a batch of one are excluded by
the hypothesis.

## Main results

* `BatchNorm.exists_variance_pos`, `BatchNorm.not_variance_smul_ones_pos`,
  `BatchNorm.not_variance_pos_of_subsingleton`: which batches meet the hypothesis.
* `BatchNorm.exists_norm_sq_backward_ne`: equation (7) is false for some batch with `ε > 0`.
-/

public section

open scoped RealInnerProductSpace

namespace BatchNorm

/-- A constant batch does not meet the hypothesis of equations (4) to (7). -/
theorem not_variance_smul_ones_pos {ι : Type*} [Fintype ι] (c : ℝ) :
    ¬0 < variance (c • (ones : EuclideanSpace ℝ ι)) := by
  simp [variance_smul_ones]

/-- A batch of one does not meet the hypothesis of equations (4) to (7). -/
theorem not_variance_pos_of_subsingleton {ι : Type*} [Fintype ι] [Subsingleton ι]
    (y : EuclideanSpace ℝ ι) : ¬0 < variance y := by
  simp [variance_of_subsingleton]

/-- The batch `(1, -1)`. -/
private noncomputable def alternating : EuclideanSpace ℝ (Fin 2) := !₂[1, -1]

private theorem variance_alternating : variance alternating = 1 := by
  norm_num [variance, mean, alternating, Fin.sum_univ_two]

/-- The hypothesis of equations (4) to (7) can be met. -/
theorem exists_variance_pos : ∃ y : EuclideanSpace ℝ (Fin 2), 0 < variance y :=
  ⟨alternating, by norm_num [variance_alternating]⟩

private theorem mean_alternating : mean alternating = 0 := by
  norm_num [mean, alternating, Fin.sum_univ_two]

private theorem scale_three_alternating : scale 3 alternating = 2 := by
  rw [scale, variance_alternating, show (1 + 3 : ℝ) = 2 ^ 2 by norm_num, Real.sqrt_sq zero_le_two]

private theorem inner_normalize_alternating : ⟪alternating, normalize 3 alternating⟫ = 1 := by
  rw [inner_eq_sum_mul]
  simp_rw [normalize_apply, mean_alternating, scale_three_alternating]
  norm_num [alternating, Fin.sum_univ_two]

/-- Equation (7) is false for some batch with `ε > 0`, although its hypothesis holds: every
framework divides by `√(variance y + ε)`, and has to use equation (7ε). -/
theorem exists_norm_sq_backward_ne :
    ∃ (γ ε : ℝ) (y g : EuclideanSpace ℝ (Fin 2)), 0 < ε ∧ 0 < variance y ∧
      ‖backward γ ε y g‖ ^ 2 ≠ γ ^ 2 / scale ε y ^ 2 *
        (‖g‖ ^ 2 - ⟪ones, g⟫ ^ 2 / Fintype.card (Fin 2) -
          ⟪g, normalize ε y⟫ ^ 2 / Fintype.card (Fin 2)) := by
  refine ⟨1, 3, alternating, alternating, by norm_num, by norm_num [variance_alternating], ?_⟩
  rw [norm_sq_backward 1 alternating (by norm_num [variance_alternating]), variance_alternating,
    scale_three_alternating, inner_normalize_alternating]
  norm_num

end BatchNorm

/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public import BatchNorm.Bound

/-!
# Batches on which the equations hold, and one on which (7) does not

The hypothesis `0 < variance y` of equations (4) to (7) can be met, as by the batch `(1, -1)`, and
equation (7) needs its `ε = 0`. A constant batch and a batch of one are excluded by the hypothesis.

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

/-- The hypothesis of equations (4) to (7) can be met. (By a batch of two as well, of which the
gradient is `0`.) -/
theorem exists_variance_pos : ∃ y : EuclideanSpace ℝ (Fin 3), 0 < variance y :=
  have apply_two : (![1, 0, -1] : Fin 3 → ℝ) 2 = -1 := rfl
  ⟨!₂[1, 0, -1], by norm_num [variance, mean, Fin.sum_univ_three, apply_two]⟩

/-- Equation (7) is false for some batch with `ε > 0`, although its hypothesis holds: every
framework divides by `√(variance y + ε)`, and has to use equation (7ε). -/
theorem exists_norm_sq_backward_ne :
    ∃ (γ ε : ℝ) (y g : EuclideanSpace ℝ (Fin 3)), 0 < ε ∧ 0 < variance y ∧
      ‖backward γ ε y g‖ ^ 2 ≠ γ ^ 2 / scale ε y ^ 2 *
        (‖g‖ ^ 2 - ⟪ones, g⟫ ^ 2 / Fintype.card (Fin 3) -
          ⟪g, normalize ε y⟫ ^ 2 / Fintype.card (Fin 3)) := by
  obtain ⟨y, hy⟩ := exists_variance_pos
  obtain ⟨g, hg⟩ := exists_norm_sq_backward_ne_of_variance_pos one_ne_zero one_pos hy
  exact ⟨1, 1, y, g, one_pos, hy, hg⟩

end BatchNorm

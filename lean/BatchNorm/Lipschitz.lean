/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public import BatchNorm.Bound
public import BatchNorm.Derivative
public import Mathlib.Analysis.Calculus.MeanValue

/-!
# The norm of the Jacobian, and the Lipschitz constant of the layer

For `ε ≥ 0` the norm of the Jacobian is at most `|γ| / σ`, and is that where there is a direction
orthogonal to `1` and `ŷ`, as there is for all batches of three and more. As `σ ≥ √ε`, for `ε > 0`
the layer is `|γ| / √ε` Lipschitz.

The hypothesis `0 < variance y + ε` on the norm is there for the reader: where it does not hold, the
scale is `0`, and Lean's division by zero makes both sides `0`.

## Main results

* `BatchNorm.norm_jacobian_le`, `BatchNorm.norm_jacobian`: the norm of the Jacobian.
* `BatchNorm.lipschitzWith_forward`, `BatchNorm.norm_forward_sub_forward_le`: the Lipschitz
  constant.
-/

public section

open scoped RealInnerProductSpace

namespace BatchNorm

variable {ι : Type*} [Fintype ι] {γ β ε : ℝ} {y : EuclideanSpace ℝ ι}

/-- For `ε ≥ 0` the Jacobian of the layer makes no direction longer than by the factor `|γ| / σ`. -/
@[bridge "geometry" "norm of the Jacobian, for all batches"]
theorem norm_jacobian_le (γ : ℝ) (hε : 0 ≤ ε) (h : 0 < variance y + ε) :
    ‖jacobian γ ε y‖ ≤ |γ| / scale ε y := by
  have := scale_pos h
  refine ContinuousLinearMap.opNorm_le_bound _ (by positivity) fun v ↦ ?_
  rw [jacobian_apply]
  exact norm_backward_le γ v hε h

/-- For three samples and more there is a direction orthogonal to `1` and to any other batch. -/
theorem exists_ne_zero_inner_eq_zero (hι : 3 ≤ Fintype.card ι) (y : EuclideanSpace ℝ ι) :
    ∃ d : EuclideanSpace ℝ ι, d ≠ 0 ∧ ⟪ones, d⟫ = 0 ∧ ⟪y, d⟫ = 0 := by
  let f : EuclideanSpace ℝ ι →ₗ[ℝ] Fin 2 → ℝ := LinearMap.pi ![innerₛₗ ℝ ones, innerₛₗ ℝ y]
  have ker_ne_bot : LinearMap.ker f ≠ ⊥ := LinearMap.ker_ne_bot_of_finrank_lt <| by
    rw [finrank_euclideanSpace, Module.finrank_fin_fun]
    lia
  obtain ⟨d, hd, hd'⟩ := Submodule.exists_mem_ne_zero_of_ne_bot ker_ne_bot
  have inner_eq := congrFun (LinearMap.mem_ker.1 hd)
  exact ⟨d, hd', inner_eq 0, inner_eq 1⟩

/-- For three samples and more, and `ε ≥ 0`, the norm of the Jacobian is `|γ| / σ`. -/
@[bridge "geometry" "norm of the Jacobian"]
theorem norm_jacobian (γ : ℝ) (hι : 3 ≤ Fintype.card ι) (hε : 0 ≤ ε) (h : 0 < variance y + ε) :
    ‖jacobian γ ε y‖ = |γ| / scale ε y := by
  refine (norm_jacobian_le γ hε h).antisymm ?_
  obtain ⟨d, hd, hd', hd''⟩ := exists_ne_zero_inner_eq_zero hι (normalize ε y)
  have key := (jacobian γ ε y).le_opNorm d
  rwa [jacobian_apply, backward_of_inner_eq_zero γ ε y hd' hd'', norm_smul, norm_div,
    Real.norm_eq_abs, Real.norm_of_nonneg (scale_pos h).le,
    mul_le_mul_iff_of_pos_right (norm_pos_iff.2 hd)] at key

/-- The layer is Lipschitz, with the constant `|γ| / √ε`. -/
theorem lipschitzWith_forward (γ β : ℝ) (hε : 0 < ε) :
    LipschitzWith (|γ| / √ε).toNNReal (forward γ β ε : EuclideanSpace ℝ ι → _) := by
  have pos (y : EuclideanSpace ℝ ι) := add_pos_of_nonneg_of_pos (variance_nonneg y) hε
  refine lipschitzWith_of_nnnorm_fderiv_le (𝕜 := ℝ)
    (fun y ↦ (hasFDerivAt_forward γ β (pos y)).differentiableAt) fun y ↦ ?_
  rw [(hasFDerivAt_forward γ β (pos y)).fderiv, ← norm_toNNReal]
  refine Real.toNNReal_le_toNNReal ((norm_jacobian_le γ hε.le (pos y)).trans ?_)
  have := Real.sqrt_pos.2 hε
  exact div_le_div_of_nonneg_left (abs_nonneg γ) this
    (Real.sqrt_le_sqrt (le_add_of_nonneg_left (variance_nonneg y)))

/-- Two batches that the layer gets are put out no further apart than by the factor `|γ| / √ε`. -/
@[bridge "geometry" "Lipschitz constant of the layer"]
theorem norm_forward_sub_forward_le (γ β : ℝ) (y y' : EuclideanSpace ℝ ι) (hε : 0 < ε) :
    ‖forward γ β ε y - forward γ β ε y'‖ ≤ |γ| / √ε * ‖y - y'‖ := by
  have nonneg : 0 ≤ |γ| / √ε := by positivity
  simpa [dist_eq_norm, nonneg] using (lipschitzWith_forward γ β hε).dist_le_mul y y'

end BatchNorm

/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public import BatchNorm.Gradient
public import Mathlib.Analysis.InnerProductSpace.Adjoint

/-!
# Theorem 4.4: the gradient in weight space

The batch is `y = X w` with `w` the weights of one output of a linear layer and `X` the matrix of
the layer's inputs. The gradient of the loss in `w` is `X† ∂y`, and its largest squared norm over
all `X` of operator norm at most `lam` is `lam² ‖∂y‖²`. Together with equation (7) this is Theorem
4.4 of the paper, which bounds `max ‖∇_w‖²` with BatchNorm by the same maximum without it.

In the summary of the paper that was read the units do not agree: the terms `m μ_g²` and `⟪g, ŷ⟫²`
lack the factor `lam²` and `1 / m` respectively. What holds is stated here, as an equality, for a
fixed batch `y`: `X` enters through `X†` alone. In the theorems on the maximum, that the variance is
positive is there for the reader: where it is `0`, the scale is too, and Lean's division by zero
makes both sides `0`.

## Main results

* `BatchNorm.hasGradientAt_comp_forward_comp`: the gradient in weight space.
* `BatchNorm.isGreatest_norm_sq_adjoint_backward`: Theorem 4.4, the maximum.
* `BatchNorm.eq_of_isGreatest_norm_sq_adjoint`: Theorem 4.4, in the paper's form.
-/

public section

open InnerProductSpace
open scoped InnerProduct RealInnerProductSpace

variable {E W : Type*} [NormedAddCommGroup E] [InnerProductSpace ℝ E] [CompleteSpace E]
  [NormedAddCommGroup W] [InnerProductSpace ℝ W] [CompleteSpace W]

/-- The gradient of a function of `X w` is the adjoint of `X` at the function's gradient. -/
theorem HasGradientAt.comp_continuousLinearMap {f : E → ℝ} {g : E} {w : W} (X : W →L[ℝ] E)
    (hf : HasGradientAt f g (X w)) : HasGradientAt (fun w ↦ f (X w)) ((X†) g) w :=
  hf.comp_of_inner_eq X.hasFDerivAt fun v ↦ X.adjoint_inner_left v g

/-- The adjoint of an operator of norm at most `lam` makes a vector at most `lam` times as long. -/
@[bridge "Thm 4.4" "upper bound"]
theorem ContinuousLinearMap.norm_sq_adjoint_le {X : W →L[ℝ] E} {lam : ℝ} (hX : ‖X‖ ≤ lam) (v : E) :
    ‖(X†) v‖ ^ 2 ≤ lam ^ 2 * ‖v‖ ^ 2 := by
  rw [← mul_pow]
  refine pow_le_pow_left₀ (norm_nonneg _) ?_ 2
  calc ‖(X†) v‖ ≤ ‖X†‖ * ‖v‖ := X†.le_opNorm v
    _ ≤ lam * ‖v‖ := by rw [LinearIsometryEquiv.norm_map]; gcongr

/-- The largest squared norm of `X† v` over the operators `X` of norm at most `lam`. -/
@[bridge "Thm 4.4" "the maximum"]
theorem ContinuousLinearMap.isGreatest_norm_sq_adjoint [Nontrivial W] {lam : ℝ} (hlam : 0 ≤ lam)
    (v : E) :
    IsGreatest {r | ∃ X : W →L[ℝ] E, ‖X‖ ≤ lam ∧ ‖(X†) v‖ ^ 2 = r} (lam ^ 2 * ‖v‖ ^ 2) := by
  refine ⟨?_, ?_⟩
  · obtain ⟨u, hu⟩ := exists_norm_eq W zero_le_one
    refine ⟨(lam * ‖v‖⁻¹) • rankOne ℝ v u, ?_, ?_⟩
    · rw [norm_smul, norm_rankOne, hu, mul_one, Real.norm_of_nonneg (by positivity), mul_assoc]
      exact mul_le_of_le_one_right hlam inv_mul_le_one
    · obtain rfl | hv := eq_or_ne v 0
      · simp
      · have := norm_ne_zero_iff.2 hv
        have adjoint_eq : (((lam * ‖v‖⁻¹) • rankOne ℝ v u)†) v = (lam * ‖v‖) • u :=
          ext_inner_right ℝ fun x ↦ by
            rw [ContinuousLinearMap.adjoint_inner_left, ContinuousLinearMap.smul_apply,
              rankOne_apply, real_inner_smul_right, real_inner_smul_right, real_inner_smul_left,
              real_inner_self_eq_norm_sq]
            field_simp
        rw [adjoint_eq, norm_smul, hu, mul_one, Real.norm_of_nonneg (by positivity), mul_pow]
  · rintro _ ⟨X, hX, rfl⟩
    exact ContinuousLinearMap.norm_sq_adjoint_le hX v

namespace BatchNorm

variable {ι : Type*} [Fintype ι] {γ β ε lam : ℝ} {y g : EuclideanSpace ℝ ι} {w : W}
  {L : EuclideanSpace ℝ ι → ℝ} {X : W →L[ℝ] EuclideanSpace ℝ ι}

/-- The gradient of the loss in the weights `w` of the linear layer `X w` before BatchNorm. -/
@[bridge "derivative" "in weight space"]
theorem hasGradientAt_comp_forward_comp (hL : HasGradientAt L g (forward γ β ε (X w)))
    (h : 0 < variance (X w) + ε) :
    HasGradientAt (fun w ↦ L (forward γ β ε (X w))) ((X†) (backward γ ε (X w) g)) w :=
  HasGradientAt.comp_continuousLinearMap X (hasGradientAt_comp_forward hL h)

/-- **Theorem 4.4** of the paper: the worst gradient in weight space, over all layer inputs of norm
at most `lam`, with BatchNorm at `ε = 0`. -/
@[bridge "Thm 4.4"]
theorem isGreatest_norm_sq_adjoint_backward [Nontrivial W] (γ : ℝ) (g : EuclideanSpace ℝ ι)
    (hlam : 0 ≤ lam) (h : 0 < variance y) :
    IsGreatest {r | ∃ X : W →L[ℝ] EuclideanSpace ℝ ι, ‖X‖ ≤ lam ∧ ‖(X†) (backward γ 0 y g)‖ ^ 2 = r}
      (lam ^ 2 * (γ ^ 2 / scale 0 y ^ 2 * (‖g‖ ^ 2 - ⟪ones, g⟫ ^ 2 / Fintype.card ι -
        ⟪g, normalize 0 y⟫ ^ 2 / Fintype.card ι))) := by
  rw [← norm_sq_backward_eps_zero γ g h]
  exact ContinuousLinearMap.isGreatest_norm_sq_adjoint hlam _

/-- **Theorem 4.4** in the form of the paper: with `G` the worst squared norm without BatchNorm and
`G'` with it, both over layer inputs of norm at most `lam`. -/
@[bridge "Thm 4.4" "in the form of the paper"]
theorem eq_of_isGreatest_norm_sq_adjoint [Nontrivial W] {G G' : ℝ}
    (hG : IsGreatest {r | ∃ X : W →L[ℝ] EuclideanSpace ℝ ι, ‖X‖ ≤ lam ∧ ‖(X†) g‖ ^ 2 = r} G)
    (hG' : IsGreatest
      {r | ∃ X : W →L[ℝ] EuclideanSpace ℝ ι, ‖X‖ ≤ lam ∧ ‖(X†) (backward γ 0 y g)‖ ^ 2 = r} G')
    (h : 0 < variance y) :
    G' = γ ^ 2 / scale 0 y ^ 2 *
      (G - lam ^ 2 * (Fintype.card ι * mean g ^ 2) -
        lam ^ 2 * (⟪g, normalize 0 y⟫ ^ 2 / Fintype.card ι)) := by
  obtain ⟨X, hX, -⟩ := hG.1
  have hlam := (norm_nonneg X).trans hX
  rw [hG'.unique (isGreatest_norm_sq_adjoint_backward γ g hlam h),
    hG.unique (ContinuousLinearMap.isGreatest_norm_sq_adjoint hlam g), mean, ← inner_ones_left]
  obtain card_eq_zero | card_ne_zero := eq_or_ne (Fintype.card ι : ℝ) 0
  · simp only [card_eq_zero, div_zero]
    ring
  · field_simp

end BatchNorm

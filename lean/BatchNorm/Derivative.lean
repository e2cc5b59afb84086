/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public import BatchNorm.Bound
public import BatchNorm.Geometry
public import Mathlib.Analysis.Calculus.Deriv.Add
public import Mathlib.Analysis.Calculus.Deriv.Inv
public import Mathlib.Analysis.Calculus.Gradient.Basic
public import Mathlib.Analysis.InnerProductSpace.Calculus
public import Mathlib.Analysis.SpecialFunctions.Sqrt

/-!
# The derivative of BatchNorm

Formula (1) as a theorem: where `g` is the gradient of a loss at the layer's output, `backward γ ε y g` is
its gradient at the layer's input. No loss is special, and neither is `ε`: all that is asked is
`0 < variance y + ε`.

Without coordinates the proof is short. `normalize ε y` is `(scale ε y)⁻¹ • (y - mean y • 1)`; centring is
linear, and the gradient of `scale ε` is `ŷ / m`. So the derivative of the layer is
`γ / σ (v - mean v • 1 - ⟪ŷ, v⟫ / m • ŷ)`, which is formula (1) with `v` for `g`, a self-adjoint map; and the
gradient of the composition is the adjoint at `g`.

## Main definitions

* `BatchNorm.jacobian γ ε y`: the derivative of the layer, a continuous linear map.

## Main results

* `BatchNorm.hasFDerivAt_normalize`, `BatchNorm.hasFDerivAt_forward`: the derivative of the layer.
* `BatchNorm.hasGradientAt_comp_forward`: equation (1).
* `BatchNorm.hasDerivAt_comp_forward_gamma`, `BatchNorm.hasDerivAt_comp_forward_beta`,
  `BatchNorm.hasFDerivAt_comp_forward`: the derivatives in `γ`, in `β`, and in all three.
* `BatchNorm.norm_sq_eq_of_hasGradientAt`, `BatchNorm.norm_sq_le_of_hasGradientAt`: Theorem 4.1.
-/

@[expose] public section

open InnerProductSpace
open scoped RealInnerProductSpace Gradient

namespace BatchNorm

variable {ι : Type*} [Fintype ι]

/-- The Jacobian of the layer at `y`, a linear map of the batch: the identity less the projections along
`1` and (at `ε = 0`) along `ŷ`, times `γ / σ`. -/
noncomputable def jacobian (γ ε : ℝ) (y : EuclideanSpace ℝ ι) :
    EuclideanSpace ℝ ι →L[ℝ] EuclideanSpace ℝ ι :=
  (γ / scale ε y) • (.id ℝ _ - (Fintype.card ι : ℝ)⁻¹ • rankOne ℝ ones ones -
    (Fintype.card ι : ℝ)⁻¹ • rankOne ℝ (normalize ε y) (normalize ε y))

/-- Centring as a linear map: it takes the mean off. -/
private noncomputable def center : EuclideanSpace ℝ ι →L[ℝ] EuclideanSpace ℝ ι :=
  .id ℝ _ - (Fintype.card ι : ℝ)⁻¹ • rankOne ℝ ones ones

section

variable (γ β ε : ℝ) (y g v : EuclideanSpace ℝ ι)

/-- Formula (1) is the Jacobian applied to the upstream gradient: the Jacobian is symmetric. -/
theorem jacobian_apply : jacobian γ ε y v = backward γ ε y v := by
  rw [backward_eq_smul_sub_mean_smul, inner_sub_smul_ones_normalize, real_inner_comm]
  simp [jacobian, mean, inner_ones_left, smul_smul, div_eq_inv_mul]

/-- The gradient is linear in the factor. -/
theorem smul_backward_one : γ • backward 1 ε y g = backward γ ε y g := by
  simp_rw [← jacobian_apply, jacobian]
  simp [smul_smul, div_eq_mul_inv]

private theorem center_apply : center y = y - mean y • ones := by
  simp [center, mean, inner_ones_left, smul_smul, div_eq_inv_mul]

private theorem normalize_eq_smul_center : normalize ε y = (scale ε y)⁻¹ • center y := by
  ext i
  simp [normalize_apply, center_apply, div_eq_inv_mul]

private theorem variance_eq_inv_mul_norm_sq :
    variance y = (Fintype.card ι : ℝ)⁻¹ * ‖center y‖ ^ 2 := by
  simp [variance, center_apply, EuclideanSpace.norm_sq_eq, div_eq_inv_mul]

private theorem inner_center_center : ⟪center y, center v⟫ = ⟪center y, v⟫ := by
  rw [center_apply v, inner_sub_right, real_inner_smul_right, real_inner_comm ones, center_apply y,
    inner_ones_sub_mean_smul_ones, mul_zero, sub_zero]

/-- The layer without coordinates. -/
theorem forward_eq_smul_add_smul : forward γ β ε y = γ • normalize ε y + β • ones := by
  ext i
  simp [forward_apply]

private theorem hasFDerivAt_variance :
    HasFDerivAt variance ((2 * (Fintype.card ι : ℝ)⁻¹) • innerSL ℝ (center y)) y := by
  convert ((center.hasFDerivAt (x := y)).norm_sq.const_mul (Fintype.card ι : ℝ)⁻¹) using 1
  · exact funext variance_eq_inv_mul_norm_sq
  · ext v
    simp [inner_center_center]
    ring

end

variable {γ β ε : ℝ} {y g : EuclideanSpace ℝ ι} {L : EuclideanSpace ℝ ι → ℝ}

/-- The derivative of the scale: its gradient is `ŷ / m`. -/
theorem hasFDerivAt_scale (h : 0 < variance y + ε) :
    HasFDerivAt (scale ε) ((Fintype.card ι : ℝ)⁻¹ • innerSL ℝ (normalize ε y)) y := by
  convert ((hasFDerivAt_variance y).add_const ε).sqrt h.ne' using 1
  ext v
  simp [normalize_eq_smul_center, scale]
  ring

/-- The derivative of the normalized batch (Fact C.2 in the paper's appendix). -/
@[bridge "derivative"]
theorem hasFDerivAt_normalize (h : 0 < variance y + ε) :
    HasFDerivAt (normalize ε) (jacobian 1 ε y) y := by
  have scale_ne_zero := (scale_pos h).ne'
  have center_eq : center y = scale ε y • normalize ε y := by
    rw [normalize_eq_smul_center, smul_inv_smul₀ scale_ne_zero]
  convert ((hasDerivAt_inv scale_ne_zero).comp_hasFDerivAt y (hasFDerivAt_scale h)).smul
    (center.hasFDerivAt (x := y)) using 1
  · exact funext (normalize_eq_smul_center ε)
  · ext1 v
    rw [center_eq]
    simp [jacobian, center, smul_smul]
    match_scalars <;> field_simp

/-- The derivative of the layer in the batch. -/
@[bridge "derivative"]
theorem hasFDerivAt_forward (γ β : ℝ) (h : 0 < variance y + ε) :
    HasFDerivAt (forward γ β ε) (jacobian γ ε y) y := by
  convert ((hasFDerivAt_normalize h).const_smul γ).add_const (β • ones) using 1
  · exact funext (forward_eq_smul_add_smul γ β ε)
  · simp [jacobian, smul_smul, div_eq_mul_inv]

/-- **Equation (1)**, the gradient of BatchNorm: where `g` is the gradient of the loss at the layer's
output, formula (1) gives its gradient at the layer's input. -/
@[bridge "1" "the gradient"]
theorem hasGradientAt_comp_forward (hL : HasGradientAt L g (forward γ β ε y))
    (h : 0 < variance y + ε) :
    HasGradientAt (fun y ↦ L (forward γ β ε y)) (backward γ ε y g) y := by
  rw [hasGradientAt_iff_hasFDerivAt]
  convert hL.hasFDerivAt.comp y (hasFDerivAt_forward γ β h) using 1
  ext v
  simp [jacobian_apply, inner_backward_left]

/-- The gradient of the loss at the layer's input, as mathlib's `∇`. -/
theorem gradient_comp_forward (hL : DifferentiableAt ℝ L (forward γ β ε y))
    (h : 0 < variance y + ε) :
    ∇ (fun y ↦ L (forward γ β ε y)) y = backward γ ε y (∇ L (forward γ β ε y)) :=
  (hasGradientAt_comp_forward hL.hasGradientAt h).gradient

/-! ### The parameters of the layer -/

/-- The derivative of the loss in the factor `γ` is `⟪g, ŷ⟫`. It needs no hypothesis on the batch. -/
@[bridge "derivative" "in γ"]
theorem hasDerivAt_comp_forward_gamma (hL : HasGradientAt L g (forward γ β ε y)) :
    HasDerivAt (fun γ ↦ L (forward γ β ε y)) (backwardGamma ε y g) γ := by
  have : HasDerivAt (fun γ ↦ forward γ β ε y) (normalize ε y) γ := by
    simp_rw [forward_eq_smul_add_smul]
    simpa using ((hasDerivAt_id γ).smul_const (normalize ε y)).add_const (β • ones)
  simpa [backwardGamma_eq_inner] using hL.hasFDerivAt.comp_hasDerivAt γ this

/-- The derivative of the loss in the offset `β` is `⟪1, g⟫`. It needs no hypothesis on the batch. -/
@[bridge "derivative" "in β"]
theorem hasDerivAt_comp_forward_beta (hL : HasGradientAt L g (forward γ β ε y)) :
    HasDerivAt (fun β ↦ L (forward γ β ε y)) (backwardBeta g) β := by
  have : HasDerivAt (fun β ↦ forward γ β ε y) ones β := by
    simp_rw [forward_eq_smul_add_smul]
    simpa using ((hasDerivAt_id β).smul_const ones).const_add (γ • normalize ε y)
  simpa [backwardBeta_eq_inner, real_inner_comm] using hL.hasFDerivAt.comp_hasDerivAt β this

/-- The derivative of the loss in the batch, the factor and the offset at once. -/
@[bridge "derivative" "in y, γ and β"]
theorem hasFDerivAt_comp_forward (hL : HasGradientAt L g (forward γ β ε y))
    (h : 0 < variance y + ε) :
    HasFDerivAt (fun p : EuclideanSpace ℝ ι × ℝ × ℝ ↦ L (forward p.2.1 p.2.2 ε p.1))
      ((innerSL ℝ (backward γ ε y g)).coprod
        ((ContinuousLinearMap.toSpanSingleton ℝ (backwardGamma ε y g)).coprod
          (ContinuousLinearMap.toSpanSingleton ℝ (backwardBeta g)))) (y, γ, β) := by
  have hy : HasFDerivAt (fun p : EuclideanSpace ℝ ι × ℝ × ℝ ↦ normalize ε p.1)
      (jacobian 1 ε y ∘L .fst ℝ _ _) (y, γ, β) :=
    HasFDerivAt.comp (f := Prod.fst) (y, γ, β) (hasFDerivAt_normalize h) hasFDerivAt_fst
  have hγ : HasFDerivAt (fun p : EuclideanSpace ℝ ι × ℝ × ℝ ↦ p.2.1)
      (.fst ℝ _ _ ∘L .snd ℝ _ _) (y, γ, β) := hasFDerivAt_fst.comp (y, γ, β) hasFDerivAt_snd
  have hβ : HasFDerivAt (fun p : EuclideanSpace ℝ ι × ℝ × ℝ ↦ p.2.2)
      (.snd ℝ _ _ ∘L .snd ℝ _ _) (y, γ, β) := hasFDerivAt_snd.comp (y, γ, β) hasFDerivAt_snd
  have hf := (hγ.fun_smul hy).fun_add (hβ.smul_const ones)
  simp_rw [← forward_eq_smul_add_smul] at hf
  convert HasFDerivAt.comp (f := fun p : EuclideanSpace ℝ ι × ℝ × ℝ ↦ forward p.2.1 p.2.2 ε p.1)
    (y, γ, β) hL.hasFDerivAt hf using 1
  refine ContinuousLinearMap.ext fun p ↦ ?_
  simp [jacobian_apply, inner_backward_left, backwardGamma_eq_inner, backwardBeta_eq_inner,
    real_inner_comm ones g, add_assoc]
  rw [← real_inner_smul_right, smul_backward_one]

/-! ### Theorem 4.1 of the paper -/

/-- **Theorem 4.1** of the paper, for the gradients themselves and as an equation: `g` is the gradient of
the loss at the output of the layer, `g'` that at its input. The paper states `≤`. -/
@[bridge "Thm 4.1" "for the gradients"]
theorem norm_sq_eq_of_hasGradientAt {g' : EuclideanSpace ℝ ι}
    (hL : HasGradientAt L g (forward γ β 0 y))
    (hL' : HasGradientAt (fun y ↦ L (forward γ β 0 y)) g' y) (h : 0 < variance y) :
    ‖g'‖ ^ 2 = γ ^ 2 / scale 0 y ^ 2 *
      (‖g‖ ^ 2 - ⟪ones, g⟫ ^ 2 / Fintype.card ι - ⟪g, normalize 0 y⟫ ^ 2 / Fintype.card ι) := by
  rw [hL'.unique (hasGradientAt_comp_forward hL (by rwa [add_zero])),
    norm_sq_backward_eps_zero γ g h]

/-- **Theorem 4.1** of the paper for every `ε ≥ 0`, where it is an inequality. -/
@[bridge "Thm 4.1" "for the gradients and every ε"]
theorem norm_sq_le_of_hasGradientAt {g' : EuclideanSpace ℝ ι}
    (hL : HasGradientAt L g (forward γ β ε y))
    (hL' : HasGradientAt (fun y ↦ L (forward γ β ε y)) g' y) (hε : 0 ≤ ε)
    (h : 0 < variance y + ε) :
    ‖g'‖ ^ 2 ≤ γ ^ 2 / scale ε y ^ 2 *
      (‖g‖ ^ 2 - ⟪ones, g⟫ ^ 2 / Fintype.card ι - ⟪g, normalize ε y⟫ ^ 2 / Fintype.card ι) := by
  rw [hL'.unique (hasGradientAt_comp_forward hL h)]
  exact norm_sq_backward_le g γ hε h

end BatchNorm

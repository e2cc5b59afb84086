/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public import BatchNorm.Gradient

/-!
# The second derivative of BatchNorm

With `P v = v - mean v • 1 - ⟪ŷ, v⟫ / m • ŷ`, the first derivative of the layer along `v` is
`γ / σ P v`, and the second, along `u` and `v`, is
`-γ / (m σ²) (⟪ŷ, u⟫ P v + ⟪ŷ, v⟫ P u + ⟪P v, u⟫ ŷ)`. Here `P v` is written as
`σ • backward 1 ε y v`. As the first derivative is formula (1), the second is that of formula (1) in
the batch; with it comes the Hessian of a loss through the layer, for all directions.

## Main definitions

* `BatchNorm.hessian γ ε y g H`: the Hessian of a loss at the layer's input.

## Main results

* `BatchNorm.hasFDerivAt_backward`: the derivative of formula (1) in the batch.
* `BatchNorm.fderiv_fderiv_forward`: the second derivative of the layer.
* `BatchNorm.hasFDerivAt_backward_forward`: the Hessian of the loss at the layer's input.
* `BatchNorm.hasFDerivAt_gradient_comp_forward`: the same with mathlib's `∇`;
  `BatchNorm.inner_fderiv_gradient_comp_forward_left`: along two directions.
-/

@[expose] public section

open InnerProductSpace Topology
open scoped RealInnerProductSpace Gradient

namespace BatchNorm

variable {ι : Type*} [Fintype ι] {γ β ε : ℝ} {y : EuclideanSpace ℝ ι}

/-- The Jacobian is linear in the factor. -/
theorem smul_jacobian_one (γ ε : ℝ) (y : EuclideanSpace ℝ ι) :
    γ • jacobian 1 ε y = jacobian γ ε y := by
  rw [jacobian_eq_normalization 1, jacobian_eq_normalization γ, one_smul]

/-- The derivative of formula (1) in the batch, where the upstream gradient depends on it too. -/
theorem hasFDerivAt_backward_comp {k : EuclideanSpace ℝ ι → EuclideanSpace ℝ ι}
    {k' : EuclideanSpace ℝ ι →L[ℝ] EuclideanSpace ℝ ι} (γ : ℝ) (h : 0 < variance y + ε)
    (hk : HasFDerivAt k k' y) :
    HasFDerivAt (fun y ↦ backward γ ε y (k y))
      (jacobian γ ε y ∘L k' - (γ / (Fintype.card ι * scale ε y)) •
        (rankOne ℝ (backward 1 ε y (k y)) (normalize ε y) +
          ⟪normalize ε y, k y⟫ • jacobian 1 ε y +
          rankOne ℝ (normalize ε y) (backward 1 ε y (k y)))) y := by
  have jacobian_eq (y : EuclideanSpace ℝ ι) :
      Normalization.jacobian center (Fintype.card ι : ℝ)⁻¹ ε y = jacobian 1 ε y := by
    rw [jacobian_eq_normalization, one_smul]
  have pos := inv_mul_norm_sq_center_add_pos h
  have key := (Normalization.hasFDerivAt_jacobian_apply inner_center_center pos hk).fun_const_smul γ
  simp only [jacobian_eq, jacobian_apply, smul_backward_one, ← scale_eq_normalization,
    ← normalize_eq_normalization] at key
  refine key.congr_fderiv ?_
  rw [smul_sub, smul_smul, ← ContinuousLinearMap.smul_comp, smul_jacobian_one, div_eq_mul_inv,
    mul_inv]

/-- The derivative of formula (1) in the batch, that is, the second derivative of the layer. -/
@[bridge "derivative" "of formula (1) in y"]
theorem hasFDerivAt_backward (γ : ℝ) (g : EuclideanSpace ℝ ι) (h : 0 < variance y + ε) :
    HasFDerivAt (fun y ↦ backward γ ε y g)
      (-(γ / (Fintype.card ι * scale ε y)) •
        (rankOne ℝ (backward 1 ε y g) (normalize ε y) + ⟪normalize ε y, g⟫ • jacobian 1 ε y +
          rankOne ℝ (normalize ε y) (backward 1 ε y g))) y := by
  refine (hasFDerivAt_backward_comp γ h (hasFDerivAt_const g y)).congr_fderiv ?_
  rw [ContinuousLinearMap.comp_zero, zero_sub, neg_smul]

/-- Near to the batch, the derivative of the layer is its Jacobian. -/
theorem fderiv_forward_eventuallyEq (γ β : ℝ) (h : 0 < variance y + ε) :
    fderiv ℝ (forward γ β ε) =ᶠ[𝓝 y] jacobian γ ε := by
  filter_upwards [eventually_variance_add_pos h] with y' h'
  exact (hasFDerivAt_forward γ β h').fderiv

/-- The first derivative of the layer is differentiable. -/
theorem differentiableAt_jacobian (γ : ℝ) (h : 0 < variance y + ε) :
    DifferentiableAt ℝ (jacobian γ ε) y :=
  (((contDiffAt_forward (n := 2) γ 0 h).fderiv_right one_add_one_eq_two.le).differentiableAt
    one_ne_zero).congr_of_eventuallyEq (fderiv_forward_eventuallyEq γ 0 h).symm

/-- The second derivative of the layer, along `u` and `v`. Here `backward 1 ε y v` is `P v / σ`,
with `P v = v - mean v • 1 - ⟪ŷ, v⟫ / m • ŷ`. -/
theorem fderiv_fderiv_forward (γ β : ℝ) (h : 0 < variance y + ε) (u v : EuclideanSpace ℝ ι) :
    fderiv ℝ (fderiv ℝ (forward γ β ε)) y u v = -(γ / (Fintype.card ι * scale ε y)) •
      (⟪normalize ε y, u⟫ • backward 1 ε y v + ⟪normalize ε y, v⟫ • backward 1 ε y u +
        ⟪backward 1 ε y v, u⟫ • normalize ε y) := by
  have clm_apply := (differentiableAt_jacobian γ h).hasFDerivAt.clm_apply (hasFDerivAt_const v y)
  simp only [jacobian_apply] at clm_apply
  simpa [(fderiv_forward_eventuallyEq γ β h).fderiv_eq, jacobian_apply] using
    DFunLike.congr_fun (clm_apply.unique (hasFDerivAt_backward γ v h)) u

/-- The Hessian of a loss at the layer's input, a linear map of the batch, from the gradient `g` and
the Hessian `H` of the loss at the layer's output. -/
noncomputable def hessian (γ ε : ℝ) (y g : EuclideanSpace ℝ ι)
    (H : EuclideanSpace ℝ ι →L[ℝ] EuclideanSpace ℝ ι) :
    EuclideanSpace ℝ ι →L[ℝ] EuclideanSpace ℝ ι :=
  jacobian γ ε y ∘L (H ∘L jacobian γ ε y) - (γ / (Fintype.card ι * scale ε y)) •
    (rankOne ℝ (backward 1 ε y g) (normalize ε y) + ⟪normalize ε y, g⟫ • jacobian 1 ε y +
      rankOne ℝ (normalize ε y) (backward 1 ε y g))

/-- The Hessian at the layer's input, along two directions. -/
theorem inner_hessian_left (γ ε : ℝ) (y g : EuclideanSpace ℝ ι)
    (H : EuclideanSpace ℝ ι →L[ℝ] EuclideanSpace ℝ ι) (u v : EuclideanSpace ℝ ι) :
    ⟪hessian γ ε y g H u, v⟫ =
      ⟪H (backward γ ε y u), backward γ ε y v⟫ - γ / (Fintype.card ι * scale ε y) *
        (⟪normalize ε y, u⟫ * ⟪backward 1 ε y g, v⟫ + ⟪normalize ε y, g⟫ * ⟪backward 1 ε y u, v⟫ +
          ⟪backward 1 ε y g, u⟫ * ⟪normalize ε y, v⟫) := by
  simp only [hessian, ContinuousLinearMap.sub_apply, ContinuousLinearMap.add_apply,
    ContinuousLinearMap.smul_apply, ContinuousLinearMap.comp_apply, rankOne_apply, jacobian_apply,
    inner_sub_left, inner_add_left, real_inner_smul_left, inner_backward_left γ]

variable {G : EuclideanSpace ℝ ι → EuclideanSpace ℝ ι}
  {H : EuclideanSpace ℝ ι →L[ℝ] EuclideanSpace ℝ ι} {L : EuclideanSpace ℝ ι → ℝ}

/-- The Hessian of the loss at the layer's input is the derivative of its gradient: `G` is the
gradient of the loss as a function of the layer's output, and `H` its derivative. -/
theorem hasFDerivAt_backward_forward (hG : HasFDerivAt G H (forward γ β ε y))
    (h : 0 < variance y + ε) :
    HasFDerivAt (fun y ↦ backward γ ε y (G (forward γ β ε y)))
      (hessian γ ε y (G (forward γ β ε y)) H) y :=
  hasFDerivAt_backward_comp γ h (hG.comp y (hasFDerivAt_forward γ β h))

/-- Near to the batch, the gradient of the loss at the layer's input is formula (1). -/
theorem gradient_comp_forward_eventuallyEq
    (hL : ∀ᶠ z in 𝓝 (forward γ β ε y), HasGradientAt L (G z) z) (h : 0 < variance y + ε) :
    (∇ fun y ↦ L (forward γ β ε y)) =ᶠ[𝓝 y] fun y ↦ backward γ ε y (G (forward γ β ε y)) := by
  filter_upwards [(hasFDerivAt_forward γ β h).continuousAt.eventually hL,
    eventually_variance_add_pos h] with y' hL h
  exact (hasGradientAt_comp_forward hL h).gradient

/-- The gradient of the loss after the layer has a derivative, the Hessian of the loss at the
layer's input: `G` is the gradient of the loss near the layer's output, `H` its derivative there. -/
theorem hasFDerivAt_gradient_comp_forward
    (hL : ∀ᶠ z in 𝓝 (forward γ β ε y), HasGradientAt L (G z) z)
    (hG : HasFDerivAt G H (forward γ β ε y)) (h : 0 < variance y + ε) :
    HasFDerivAt (∇ fun y ↦ L (forward γ β ε y)) (hessian γ ε y (G (forward γ β ε y)) H) y :=
  (hasFDerivAt_backward_forward hG h).congr_of_eventuallyEq
    (gradient_comp_forward_eventuallyEq hL h)

/-- The Hessian of the loss at the layer's input, along two directions: `G` is the gradient of the
loss near the layer's output, `H` its derivative there. Here `backward 1 ε y v` is `P v / σ`, with
`P v = v - mean v • 1 - ⟪ŷ, v⟫ / m • ŷ`. -/
@[bridge "Thm 4.2" "the Hessian, along two directions"]
theorem inner_fderiv_gradient_comp_forward_left
    (hL : ∀ᶠ z in 𝓝 (forward γ β ε y), HasGradientAt L (G z) z)
    (hG : HasFDerivAt G H (forward γ β ε y)) (h : 0 < variance y + ε)
    (u v : EuclideanSpace ℝ ι) :
    ⟪fderiv ℝ (∇ fun y ↦ L (forward γ β ε y)) y u, v⟫ =
      ⟪H (backward γ ε y u), backward γ ε y v⟫ - γ / (Fintype.card ι * scale ε y) *
        (⟪normalize ε y, u⟫ * ⟪backward 1 ε y (G (forward γ β ε y)), v⟫ +
          ⟪normalize ε y, G (forward γ β ε y)⟫ * ⟪backward 1 ε y u, v⟫ +
          ⟪backward 1 ε y (G (forward γ β ε y)), u⟫ * ⟪normalize ε y, v⟫) := by
  rw [(hasFDerivAt_gradient_comp_forward hL hG h).fderiv, inner_hessian_left]

end BatchNorm

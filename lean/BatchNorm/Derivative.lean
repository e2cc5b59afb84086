/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public import BatchNorm.Geometry
public import BatchNorm.Normalization

/-!
# The derivative of BatchNorm

The derivative of the layer in the batch is `γ / σ (v - mean v • 1 - ⟪ŷ, v⟫ / m • ŷ)`, which is
formula (1) with `v` for `g`, a self-adjoint map. It is that of normalization in any inner product
space, with the linear map that takes the mean off, and `c = 1 / m`. All that is asked is
`0 < variance y + ε`.

## Main definitions

* `BatchNorm.center`: centring, a continuous linear map.
* `BatchNorm.jacobian γ ε y`: the derivative of the layer, a continuous linear map.

## Main results

* `BatchNorm.hasFDerivAt_normalize`, `BatchNorm.hasFDerivAt_forward`: the derivative of the layer.
* `BatchNorm.hasStrictFDerivAt_forward`: it is a strict one.
* `BatchNorm.contDiffAt_normalize`, `BatchNorm.contDiffAt_forward`: there are derivatives of every
  order.
-/

@[expose] public section

open InnerProductSpace
open scoped RealInnerProductSpace Topology

namespace BatchNorm

variable {ι : Type*} [Fintype ι]

/-- The Jacobian of the layer at `y`, a linear map of the batch: the identity less the projections
along `1` and (at `ε = 0`) along `ŷ`, times `γ / σ`. -/
noncomputable def jacobian (γ ε : ℝ) (y : EuclideanSpace ℝ ι) :
    EuclideanSpace ℝ ι →L[ℝ] EuclideanSpace ℝ ι :=
  (γ / scale ε y) • (.id ℝ _ - (Fintype.card ι : ℝ)⁻¹ • rankOne ℝ ones ones -
    (Fintype.card ι : ℝ)⁻¹ • rankOne ℝ (normalize ε y) (normalize ε y))

/-- Centring as a linear map: it takes the mean off. -/
noncomputable def center : EuclideanSpace ℝ ι →L[ℝ] EuclideanSpace ℝ ι :=
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

/-- `center` takes the mean from every entry. -/
theorem center_apply : center y = y - mean y • ones := by
  simp [center, mean, inner_ones_left, smul_smul, div_eq_inv_mul]

/-- Centring is self-adjoint, and its own square. -/
theorem inner_center_center : ⟪center y, center v⟫ = ⟪center y, v⟫ := by
  rw [center_apply v, inner_sub_right, real_inner_smul_right, real_inner_comm ones, center_apply y,
    inner_ones_sub_mean_smul_ones, mul_zero, sub_zero]

/-- The layer without coordinates. -/
theorem forward_eq_smul_add_smul : forward γ β ε y = γ • normalize ε y + β • ones := by
  ext i
  simp [forward_apply]

/-- The variance is the mean square of the centred batch. -/
theorem variance_eq_inv_mul_norm_sq :
    variance y = (Fintype.card ι : ℝ)⁻¹ * ‖center y‖ ^ 2 := by
  simp [variance, center_apply, EuclideanSpace.norm_sq_eq, div_eq_inv_mul]

/-- The scale is that of normalization by the centred batch. -/
theorem scale_eq_normalization :
    scale ε = Normalization.scale (center (ι := ι)) (Fintype.card ι : ℝ)⁻¹ ε := by
  ext y
  rw [scale, Normalization.scale, variance_eq_inv_mul_norm_sq]

/-- The normalized batch is the centred batch, normalized. -/
theorem normalize_eq_normalization :
    normalize ε = Normalization.map (center (ι := ι)) (Fintype.card ι : ℝ)⁻¹ ε := by
  ext y i
  simp [normalize_apply, Normalization.map, ← scale_eq_normalization, center_apply, div_eq_inv_mul]

/-- The Jacobian is that of normalization by the centred batch. -/
theorem jacobian_eq_normalization : jacobian γ ε y =
    γ • Normalization.jacobian center (Fintype.card ι : ℝ)⁻¹ ε y := by
  rw [jacobian, Normalization.jacobian, ← scale_eq_normalization, ← normalize_eq_normalization,
    smul_smul, div_eq_mul_inv, center]

end

variable {γ β ε : ℝ} {y : EuclideanSpace ℝ ι}

/-- The hypothesis, in terms of the centred batch. -/
theorem inv_mul_norm_sq_center_add_pos (h : 0 < variance y + ε) :
    0 < (Fintype.card ι : ℝ)⁻¹ * ‖center y‖ ^ 2 + ε := by
  rwa [← variance_eq_inv_mul_norm_sq]

/-- The scale has derivatives of every order. -/
theorem contDiffAt_scale {n : WithTop ℕ∞} (h : 0 < variance y + ε) :
    ContDiffAt ℝ n (scale ε) y := by
  rw [scale_eq_normalization]
  exact Normalization.contDiffAt_scale (inv_mul_norm_sq_center_add_pos h)

/-- The normalized batch has derivatives of every order. -/
theorem contDiffAt_normalize {n : WithTop ℕ∞} (h : 0 < variance y + ε) :
    ContDiffAt ℝ n (normalize ε) y := by
  rw [normalize_eq_normalization]
  exact Normalization.contDiffAt_map (inv_mul_norm_sq_center_add_pos h)

/-- The layer has derivatives of every order. -/
theorem contDiffAt_forward {n : WithTop ℕ∞} (γ β : ℝ) (h : 0 < variance y + ε) :
    ContDiffAt ℝ n (forward γ β ε) y := by
  rw [show forward γ β ε = fun y ↦ γ • normalize ε y + β • ones from
    funext (forward_eq_smul_add_smul γ β ε)]
  exact ((contDiffAt_normalize h).const_smul γ).add contDiffAt_const

/-- The derivative of the scale: its gradient is `ŷ / m`. -/
@[bridge "derivative" "of σ"]
theorem hasFDerivAt_scale (h : 0 < variance y + ε) :
    HasFDerivAt (scale ε) ((Fintype.card ι : ℝ)⁻¹ • innerSL ℝ (normalize ε y)) y := by
  have pos := inv_mul_norm_sq_center_add_pos h
  have strict := Normalization.hasStrictFDerivAt_scale inner_center_center pos
  rw [scale_eq_normalization, normalize_eq_normalization]
  exact strict.hasFDerivAt

/-- The strict derivative of the layer in the batch. -/
theorem hasStrictFDerivAt_forward (γ β : ℝ) (h : 0 < variance y + ε) :
    HasStrictFDerivAt (forward γ β ε) (jacobian γ ε y) y := by
  have pos := inv_mul_norm_sq_center_add_pos h
  have strict := Normalization.hasStrictFDerivAt_map inner_center_center pos
  rw [show forward γ β ε = fun y ↦ γ • normalize ε y + β • ones from
    funext (forward_eq_smul_add_smul γ β ε), jacobian_eq_normalization, normalize_eq_normalization]
  exact (strict.fun_const_smul γ).add_const (β • ones)

/-- The derivative of the layer in the batch. -/
@[bridge "derivative"]
theorem hasFDerivAt_forward (γ β : ℝ) (h : 0 < variance y + ε) :
    HasFDerivAt (forward γ β ε) (jacobian γ ε y) y :=
  (hasStrictFDerivAt_forward γ β h).hasFDerivAt

/-- The derivative of the normalized batch (Fact C.2 in the paper's appendix). -/
@[bridge "derivative"]
theorem hasFDerivAt_normalize (h : 0 < variance y + ε) :
    HasFDerivAt (normalize ε) (jacobian 1 ε y) y := by
  have eq : (forward 1 0 ε : EuclideanSpace ℝ ι → _) = normalize ε := funext (forward_one_zero ε)
  rw [← eq]
  exact hasFDerivAt_forward 1 0 h

/-- Where `variance y + ε` is positive, it is for the batches near to `y`. -/
theorem eventually_variance_add_pos (h : 0 < variance y + ε) :
    ∀ᶠ y' in 𝓝 y, 0 < variance y' + ε := by
  filter_upwards [(hasFDerivAt_scale h).continuousAt.eventually_ne (scale_pos h).ne'] with y' hy'
  exact Real.sqrt_pos.1 (lt_of_le_of_ne (Real.sqrt_nonneg _) hy'.symm)

end BatchNorm

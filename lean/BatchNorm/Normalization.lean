/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

-- `Bridge.Attr` has every module record what its proofs rest on; no statement here is exported.
public import Bridge.Attr
public import Mathlib.Analysis.Calculus.ContDiff.Operations
public import Mathlib.Analysis.Calculus.Deriv.Inv
public import Mathlib.Analysis.InnerProductSpace.Calculus
public import Mathlib.Analysis.SpecialFunctions.Sqrt

/-!
# Normalization in an inner product space

Every normalization layer divides by a root mean square: `x ↦ (√(c ‖A x‖² + ε))⁻¹ A x`, with an
orthogonal projection `A` of a real inner product space. For batch normalization and layer
normalization `A` takes the mean off, and `c = 1 / m`; for RMS normalization `A` is the identity;
and with `c = 1` and `ε = 0` it is what weight normalization does. Here are the first two
derivatives, once for all of them. With `σ` for the root and `n` for the normalized vector the first
is `J v = σ⁻¹ (A v - c ⟪n, v⟫ n)`, and the second, along `u` and `v`, is
`-c / σ (⟪n, u⟫ J v + ⟪n, v⟫ J u + ⟪J v, u⟫ n)`.

What is asked of `A` is `⟪A x, A v⟫ = ⟪A x, v⟫`: it is its own adjoint, and its own square.

## Main definitions

* `Normalization.scale A c ε`, `Normalization.map A c ε`: the root, and the normalized vector.
* `Normalization.jacobian A c ε x`: the derivative, a continuous linear map.

## Main results

* `Normalization.hasStrictFDerivAt_scale`, `Normalization.hasStrictFDerivAt_map`: the first
  derivatives.
* `Normalization.hasFDerivAt_jacobian_apply`: the second.
* `Normalization.contDiffAt_map`: the map is smooth.
-/

@[expose] public section

open InnerProductSpace
open scoped RealInnerProductSpace

namespace Normalization

variable {E : Type*} [NormedAddCommGroup E] [InnerProductSpace ℝ E]

/-- What the vector is divided by. -/
noncomputable def scale (A : E →L[ℝ] E) (c ε : ℝ) (x : E) : ℝ :=
  √(c * ‖A x‖ ^ 2 + ε)

/-- The normalized vector. -/
noncomputable def map (A : E →L[ℝ] E) (c ε : ℝ) (x : E) : E :=
  (scale A c ε x)⁻¹ • A x

/-- The derivative of the normalized vector. -/
noncomputable def jacobian (A : E →L[ℝ] E) (c ε : ℝ) (x : E) : E →L[ℝ] E :=
  (scale A c ε x)⁻¹ • (A - c • rankOne ℝ (map A c ε x) (map A c ε x))

variable {A : E →L[ℝ] E} {c ε : ℝ} {x : E}

/-- What the vector is divided by is positive. -/
theorem scale_pos (h : 0 < c * ‖A x‖ ^ 2 + ε) : 0 < scale A c ε x :=
  Real.sqrt_pos.2 h

/-- The derivative along a direction. -/
theorem jacobian_apply (v : E) : jacobian A c ε x v =
    (scale A c ε x)⁻¹ • (A v - (c * ⟪map A c ε x, v⟫) • map A c ε x) := by
  simp [jacobian, mul_smul]

/-- The derivative is its own adjoint. -/
theorem inner_jacobian_left (hA : ∀ x v, ⟪A x, A v⟫ = ⟪A x, v⟫) (u v : E) :
    ⟪jacobian A c ε x u, v⟫ = ⟪jacobian A c ε x v, u⟫ := by
  have symm : ⟪A u, v⟫ = ⟪A v, u⟫ := by rw [← hA u, real_inner_comm, hA]
  simp only [jacobian_apply, real_inner_smul_left, inner_sub_left, symm]
  ring

/-- The smoothness of what the vector is divided by. -/
theorem contDiffAt_scale {n : WithTop ℕ∞} (h : 0 < c * ‖A x‖ ^ 2 + ε) :
    ContDiffAt ℝ n (scale A c ε) x :=
  ((contDiffAt_const.mul (A.contDiff.norm_sq ℝ).contDiffAt).add contDiffAt_const).sqrt h.ne'

/-- The normalized vector has derivatives of every order. -/
theorem contDiffAt_map {n : WithTop ℕ∞} (h : 0 < c * ‖A x‖ ^ 2 + ε) :
    ContDiffAt ℝ n (map A c ε) x :=
  ((contDiffAt_scale h).inv (scale_pos h).ne').smul A.contDiff.contDiffAt

/-- The derivative of what the vector is divided by: its gradient is `c n`. -/
theorem hasStrictFDerivAt_scale (hA : ∀ x v, ⟪A x, A v⟫ = ⟪A x, v⟫)
    (h : 0 < c * ‖A x‖ ^ 2 + ε) :
    HasStrictFDerivAt (scale A c ε) (c • innerSL ℝ (map A c ε x)) x := by
  have norm_sq : HasStrictFDerivAt (fun x ↦ ‖A x‖ ^ 2) (2 • (innerSL ℝ (A x)).comp A) x :=
    (hasStrictFDerivAt_norm_sq (A x)).comp x A.hasStrictFDerivAt
  refine (((norm_sq.const_mul c).add_const ε).sqrt h.ne').congr_fderiv ?_
  ext v
  simp only [map, scale, ContinuousLinearMap.smul_apply, ContinuousLinearMap.comp_apply,
    innerSL_apply_apply, hA, real_inner_smul_left, smul_eq_mul, two_smul,
    ContinuousLinearMap.add_apply]
  ring

/-- The derivative of the normalized vector. -/
theorem hasStrictFDerivAt_map (hA : ∀ x v, ⟪A x, A v⟫ = ⟪A x, v⟫) (h : 0 < c * ‖A x‖ ^ 2 + ε) :
    HasStrictFDerivAt (map A c ε) (jacobian A c ε x) x := by
  have scale_ne_zero := (scale_pos h).ne'
  refine (((hasStrictDerivAt_inv scale_ne_zero).comp_hasStrictFDerivAt x
    (hasStrictFDerivAt_scale hA h)).smul A.hasStrictFDerivAt).congr_fderiv ?_
  ext1 v
  simp only [jacobian_apply, map, ContinuousLinearMap.add_apply, ContinuousLinearMap.smul_apply,
    ContinuousLinearMap.smulRight_apply, innerSL_apply_apply, real_inner_smul_left, smul_eq_mul,
    Function.comp_apply]
  match_scalars <;> ring

/-- The second derivative: that of `J k`, in `x`, where `k` may depend on `x` too. -/
theorem hasFDerivAt_jacobian_apply {k : E → E} {k' : E →L[ℝ] E}
    (hA : ∀ x v, ⟪A x, A v⟫ = ⟪A x, v⟫) (h : 0 < c * ‖A x‖ ^ 2 + ε) (hk : HasFDerivAt k k' x) :
    HasFDerivAt (fun x ↦ jacobian A c ε x (k x))
      (jacobian A c ε x ∘L k' - (c * (scale A c ε x)⁻¹) •
        (rankOne ℝ (jacobian A c ε x (k x)) (map A c ε x) +
          ⟪map A c ε x, k x⟫ • jacobian A c ε x +
          rankOne ℝ (map A c ε x) (jacobian A c ε x (k x)))) x := by
  have hs := (hasDerivAt_inv (scale_pos h).ne').comp_hasFDerivAt x
    (hasStrictFDerivAt_scale hA h).hasFDerivAt
  have hn := (hasStrictFDerivAt_map hA h).hasFDerivAt
  have symm (u : E) := inner_jacobian_left (c := c) (ε := ε) (x := x) hA (k x) u
  rw [show (fun x ↦ jacobian A c ε x (k x)) = fun x ↦ (scale A c ε x)⁻¹ •
    (A (k x) - (c * ⟪map A c ε x, k x⟫) • map A c ε x) from funext fun x ↦ jacobian_apply (k x)]
  refine (hs.smul ((A.hasFDerivAt.comp x hk).sub
    (((hn.inner ℝ hk).const_mul c).smul hn))).congr_fderiv ?_
  ext1 u
  simp only [ContinuousLinearMap.add_apply, ContinuousLinearMap.sub_apply,
    ContinuousLinearMap.smul_apply, ContinuousLinearMap.smulRight_apply,
    ContinuousLinearMap.comp_apply, ContinuousLinearMap.prod_apply, fderivInnerCLM_apply,
    innerSL_apply_apply, rankOne_apply, Function.comp_apply, Pi.sub_apply, Pi.smul_apply',
    smul_eq_mul, symm]
  rw [jacobian_apply (k' u), jacobian_apply (k x)]
  match_scalars <;> ring

end Normalization

/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public import Bridge.Attr
public import Mathlib.Analysis.InnerProductSpace.Orthonormal
public import Mathlib.Analysis.InnerProductSpace.Projection.Basic

/-!
# The Pythagorean projection lemma

Taking its component along `u` off a vector `v` takes that component's square off the squared norm:
`‖v - ⟪u, v⟫ • u‖ ^ 2 = ‖v‖ ^ 2 - ⟪u, v⟫ ^ 2` for a unit vector `u` of any real inner product space. It
carries equation (5) of the BatchNorm gradient to equation (6).

## Main results

* `norm_sub_mul_inner_smul_sq`: any multiple of the component, any `u`. The three below follow, and so
  does equation (7ε), in which the multiple is not the one that projects.
* `norm_sub_inner_smul_sq_of_norm_eq_one`: the lemma for a unit vector.
* `norm_sub_inner_div_norm_sq_smul_sq`: the lemma for any vector.
* `Orthonormal.norm_sub_sum_inner_smul_sq`: the lemma for a finite orthonormal family.
* `sub_inner_smul_eq_starProjection`, `Submodule.norm_sub_starProjection_sq`: what was taken off is
  mathlib's orthogonal projection.
-/

public section

open scoped RealInnerProductSpace

variable {E : Type*} [NormedAddCommGroup E] [InnerProductSpace ℝ E]

/-- The squared norm of a vector less `c` times its component along `u`, for any `c` and `u`: the square
completed. -/
@[bridge "projection"]
theorem norm_sub_mul_inner_smul_sq (c : ℝ) (u v : E) :
    ‖v - (c * ⟪u, v⟫) • u‖ ^ 2 = ‖v‖ ^ 2 - c * (2 - c * ‖u‖ ^ 2) * ⟪u, v⟫ ^ 2 := by
  rw [norm_sub_sq_real, norm_smul, real_inner_smul_right, real_inner_comm u v, mul_pow,
    Real.norm_eq_abs, sq_abs]
  ring

/-- **Pythagorean projection lemma**: a vector less its component along a unit vector `u` has the squared
norm of the vector less the square of that component. -/
@[bridge "projection"]
theorem norm_sub_inner_smul_sq_of_norm_eq_one {u : E} (hu : ‖u‖ = 1) (v : E) :
    ‖v - ⟪u, v⟫ • u‖ ^ 2 = ‖v‖ ^ 2 - ⟪u, v⟫ ^ 2 := by
  rw [← one_mul ⟪u, v⟫, norm_sub_mul_inner_smul_sq, hu]
  ring

/-- The **Pythagorean projection lemma** along a vector that need not be a unit vector. It holds at
`u = 0` too, where both quotients are `0`. -/
@[bridge "projection"]
theorem norm_sub_inner_div_norm_sq_smul_sq (u v : E) :
    ‖v - (⟪u, v⟫ / ‖u‖ ^ 2) • u‖ ^ 2 = ‖v‖ ^ 2 - ⟪u, v⟫ ^ 2 / ‖u‖ ^ 2 := by
  obtain rfl | hu := eq_or_ne u 0
  · simp
  · rw [div_eq_inv_mul, norm_sub_mul_inner_smul_sq, inv_mul_cancel₀ (by positivity)]
    ring

namespace Orthonormal

variable {κ : Type*} {b : κ → E}

/-- The **Pythagorean projection lemma** for the members of an orthonormal family over a finite set;
where the sum is dropped, Bessel's inequality `Orthonormal.sum_inner_products_le` is left. -/
theorem norm_sub_sum_inner_smul_sq (hb : Orthonormal ℝ b) (s : Finset κ) (v : E) :
    ‖v - ∑ k ∈ s, ⟪b k, v⟫ • b k‖ ^ 2 = ‖v‖ ^ 2 - ∑ k ∈ s, ⟪b k, v⟫ ^ 2 := by
  have inner_eq : ⟪v, ∑ k ∈ s, ⟪b k, v⟫ • b k⟫ = ∑ k ∈ s, ⟪b k, v⟫ ^ 2 := by
    simp_rw [inner_sum, real_inner_smul_right, fun k ↦ real_inner_comm (b k) v, sq]
  have norm_eq : ‖∑ k ∈ s, ⟪b k, v⟫ • b k‖ ^ 2 = ∑ k ∈ s, ⟪b k, v⟫ ^ 2 := by
    rw [← real_inner_self_eq_norm_sq, hb.inner_sum]
    simp [sq]
  rw [norm_sub_sq_real, inner_eq, norm_eq]
  ring

/-- The **Pythagorean projection lemma** for a finite orthonormal family. -/
@[bridge "projection"]
theorem norm_sub_fintype_sum_inner_smul_sq [Fintype κ] (hb : Orthonormal ℝ b) (v : E) :
    ‖v - ∑ k, ⟪b k, v⟫ • b k‖ ^ 2 = ‖v‖ ^ 2 - ∑ k, ⟪b k, v⟫ ^ 2 :=
  hb.norm_sub_sum_inner_smul_sq Finset.univ v

end Orthonormal

/-- What is left when its component along a unit vector is taken off a vector is the orthogonal
projection on the complement of the line. -/
@[bridge "projection" "as mathlib's projection, along a unit vector"]
theorem sub_inner_smul_eq_starProjection {u : E} (hu : ‖u‖ = 1) (v : E) :
    v - ⟪u, v⟫ • u = (ℝ ∙ u)ᗮ.starProjection v := by
  rw [Submodule.starProjection_orthogonal_val, Submodule.starProjection_unit_singleton ℝ hu]

/-- What is left when its component along any vector is taken off a vector is the orthogonal projection on
the complement of the line. -/
@[bridge "projection" "as mathlib's projection"]
theorem sub_inner_div_norm_sq_smul_eq_starProjection (u v : E) :
    v - (⟪u, v⟫ / ‖u‖ ^ 2) • u = (ℝ ∙ u)ᗮ.starProjection v := by
  rw [Submodule.starProjection_orthogonal_val, Submodule.starProjection_singleton]
  rfl

/-- The **Pythagorean projection lemma** for any subspace with an orthogonal projection. -/
theorem Submodule.norm_sub_starProjection_sq (K : Submodule ℝ E) [K.HasOrthogonalProjection] (v : E) :
    ‖v - K.starProjection v‖ ^ 2 = ‖v‖ ^ 2 - ‖K.starProjection v‖ ^ 2 := by
  rw [← starProjection_orthogonal_val, K.norm_sq_eq_add_norm_sq_starProjection v, add_sub_cancel_left]

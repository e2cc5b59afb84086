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
`‖v - ⟪u, v⟫ • u‖ ^ 2 = ‖v‖ ^ 2 - ‖⟪u, v⟫‖ ^ 2` for a unit vector `u` of any inner product space,
real or complex. It carries equation (5) of the BatchNorm gradient to equation (6).

## Main results

* `InnerProductSpace.norm_sub_mul_inner_smul_sq`: any multiple of the component, any `u`. The others
  follow, and so does equation (7ε), in which the multiple is not the one that projects.
* `InnerProductSpace.norm_sub_inner_smul_sq_of_norm_eq_one`: the lemma for a unit vector.
* `InnerProductSpace.norm_sub_inner_div_norm_sq_smul_sq`: the lemma for any vector.
* `Orthonormal.norm_sub_sum_inner_smul_sq`: the lemma for a finite orthonormal family.
* `norm_sub_mul_inner_smul_sq`, `norm_sub_inner_smul_sq_of_norm_eq_one`,
  `norm_sub_inner_div_norm_sq_smul_sq`, `Orthonormal.norm_sub_sum_inner_smul_sq_fintype`: the same
  over `ℝ`.
* `sub_inner_smul_eq_starProjection`, `sub_inner_div_norm_sq_smul_eq_starProjection`: what is left
  is mathlib's orthogonal projection onto the complement.
* `Submodule.norm_sub_starProjection_sq`: the lemma for any subspace with a projection.
-/

public section

/-! ### Over the real or the complex numbers -/

section RCLike

open RCLike

variable {𝕜 E : Type*} [RCLike 𝕜] [SeminormedAddCommGroup E] [InnerProductSpace 𝕜 E]

local notation "⟪" x ", " y "⟫" => inner 𝕜 x y

/-- The squared norm of a vector less `c` times its component along `u`, for any `c` and `u`: the
square completed. -/
protected theorem InnerProductSpace.norm_sub_mul_inner_smul_sq (c : ℝ) (u v : E) :
    ‖v - ((c : 𝕜) * ⟪u, v⟫) • u‖ ^ 2 =
      ‖v‖ ^ 2 - c * (2 - c * ‖u‖ ^ 2) * ‖⟪u, v⟫‖ ^ 2 := by
  have re_eq : re ⟪v, ((c : 𝕜) * ⟪u, v⟫) • u⟫ = c * ‖⟪u, v⟫‖ ^ 2 := by
    rw [inner_smul_right, ← inner_conj_symm v u, mul_assoc, RCLike.mul_conj, re_ofReal_mul,
      ← ofReal_pow, ofReal_re]
  rw [norm_sub_sq (𝕜 := 𝕜), re_eq, norm_smul, norm_mul, norm_ofReal, mul_pow, mul_pow, sq_abs]
  ring

/-- **Pythagorean projection lemma**: a vector less its component along a unit vector `u` has the
squared norm of the vector less the square of that component. -/
protected theorem InnerProductSpace.norm_sub_inner_smul_sq_of_norm_eq_one {u : E} (hu : ‖u‖ = 1)
    (v : E) : ‖v - ⟪u, v⟫ • u‖ ^ 2 = ‖v‖ ^ 2 - ‖⟪u, v⟫‖ ^ 2 := by
  have key := InnerProductSpace.norm_sub_mul_inner_smul_sq (𝕜 := 𝕜) 1 u v
  rw [ofReal_one, one_mul, hu] at key
  linarith

/-- The **Pythagorean projection lemma** along a vector that need not be a unit vector. It holds at
`u = 0` too, where both quotients are `0`. -/
protected theorem InnerProductSpace.norm_sub_inner_div_norm_sq_smul_sq (u v : E) :
    ‖v - (⟪u, v⟫ / ((‖u‖ : 𝕜) ^ 2)) • u‖ ^ 2 = ‖v‖ ^ 2 - ‖⟪u, v⟫‖ ^ 2 / ‖u‖ ^ 2 := by
  obtain hu | hu := eq_or_ne ‖u‖ 0
  · simp [hu]
  · have key := InnerProductSpace.norm_sub_mul_inner_smul_sq (𝕜 := 𝕜) (‖u‖ ^ 2)⁻¹ u v
    rw [ofReal_inv, ofReal_pow, ← div_eq_inv_mul, inv_mul_cancel₀ (by positivity)] at key
    rw [key]
    ring

/-- The **Pythagorean projection lemma** for the members of an orthonormal family over a finite set;
where the sum is dropped, Bessel's inequality `Orthonormal.sum_inner_products_le` is left. -/
theorem Orthonormal.norm_sub_sum_inner_smul_sq {κ : Type*} {b : κ → E} (hb : Orthonormal 𝕜 b)
    (s : Finset κ) (v : E) :
    ‖v - ∑ k ∈ s, ⟪b k, v⟫ • b k‖ ^ 2 = ‖v‖ ^ 2 - ∑ k ∈ s, ‖⟪b k, v⟫‖ ^ 2 := by
  classical
  induction s using Finset.induction_on with
  | empty => simp
  | insert k s hk ih =>
    have inner_eq : ⟪b k, v - ∑ k ∈ s, ⟪b k, v⟫ • b k⟫ = ⟪b k, v⟫ := by
      simp [inner_sub_right, inner_sum, inner_smul_right, orthonormal_iff_ite.1 hb, hk]
    have key := InnerProductSpace.norm_sub_inner_smul_sq_of_norm_eq_one (𝕜 := 𝕜) (hb.1 k)
      (v - ∑ k ∈ s, ⟪b k, v⟫ • b k)
    rw [Finset.sum_insert hk, Finset.sum_insert hk, add_comm, ← sub_sub]
    rw [inner_eq, ih] at key
    rw [key]
    ring

/-- The **Pythagorean projection lemma** for any subspace with an orthogonal projection. -/
theorem Submodule.norm_sub_starProjection_sq {F : Type*} [NormedAddCommGroup F]
    [InnerProductSpace 𝕜 F] (K : Submodule 𝕜 F) [K.HasOrthogonalProjection] (v : F) :
    ‖v - K.starProjection v‖ ^ 2 = ‖v‖ ^ 2 - ‖K.starProjection v‖ ^ 2 := by
  rw [← starProjection_orthogonal_val, K.norm_sq_eq_add_norm_sq_starProjection v,
    add_sub_cancel_left]

end RCLike

/-! ### Over the real numbers -/

open scoped RealInnerProductSpace

variable {E : Type*} [NormedAddCommGroup E] [InnerProductSpace ℝ E]

/-- The squared norm of a vector less `c` times its component along `u`, for any `c` and `u`: the
square completed. -/
@[bridge "projection"]
theorem norm_sub_mul_inner_smul_sq (c : ℝ) (u v : E) :
    ‖v - (c * ⟪u, v⟫) • u‖ ^ 2 = ‖v‖ ^ 2 - c * (2 - c * ‖u‖ ^ 2) * ⟪u, v⟫ ^ 2 := by
  simpa using InnerProductSpace.norm_sub_mul_inner_smul_sq (𝕜 := ℝ) c u v

/-- **Pythagorean projection lemma**: a vector less its component along a unit vector `u` has the
squared norm of the vector less the square of that component. -/
@[bridge "projection"]
theorem norm_sub_inner_smul_sq_of_norm_eq_one {u : E} (hu : ‖u‖ = 1) (v : E) :
    ‖v - ⟪u, v⟫ • u‖ ^ 2 = ‖v‖ ^ 2 - ⟪u, v⟫ ^ 2 := by
  simpa using InnerProductSpace.norm_sub_inner_smul_sq_of_norm_eq_one (𝕜 := ℝ) hu v

/-- The **Pythagorean projection lemma** along a vector that need not be a unit vector. It holds at
`u = 0` too, where both quotients are `0`. -/
@[bridge "projection"]
theorem norm_sub_inner_div_norm_sq_smul_sq (u v : E) :
    ‖v - (⟪u, v⟫ / ‖u‖ ^ 2) • u‖ ^ 2 = ‖v‖ ^ 2 - ⟪u, v⟫ ^ 2 / ‖u‖ ^ 2 := by
  simpa using InnerProductSpace.norm_sub_inner_div_norm_sq_smul_sq (𝕜 := ℝ) u v

/-- The **Pythagorean projection lemma** for a finite orthonormal family. -/
@[bridge "projection"]
theorem Orthonormal.norm_sub_sum_inner_smul_sq_fintype {κ : Type*} [Fintype κ] {b : κ → E}
    (hb : Orthonormal ℝ b) (v : E) :
    ‖v - ∑ k, ⟪b k, v⟫ • b k‖ ^ 2 = ‖v‖ ^ 2 - ∑ k, ⟪b k, v⟫ ^ 2 := by
  simpa using hb.norm_sub_sum_inner_smul_sq Finset.univ v

/-- What is left when its component along a unit vector is taken off a vector is the orthogonal
projection on the complement of the line. -/
@[bridge "projection" "as mathlib's projection, along a unit vector"]
theorem sub_inner_smul_eq_starProjection {u : E} (hu : ‖u‖ = 1) (v : E) :
    v - ⟪u, v⟫ • u = (ℝ ∙ u)ᗮ.starProjection v := by
  rw [Submodule.starProjection_orthogonal_val, Submodule.starProjection_unit_singleton ℝ hu]

/-- What is left when its component along any vector is taken off a vector is the orthogonal
projection on the complement of the line. -/
@[bridge "projection" "as mathlib's projection"]
theorem sub_inner_div_norm_sq_smul_eq_starProjection (u v : E) :
    v - (⟪u, v⟫ / ‖u‖ ^ 2) • u = (ℝ ∙ u)ᗮ.starProjection v := by
  rw [Submodule.starProjection_orthogonal_val, Submodule.starProjection_singleton]
  rfl

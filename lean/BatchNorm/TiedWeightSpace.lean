/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public import BatchNorm.WeightSpace

/-!
# Theorem 4.4 with the layer tied to the batch

In Theorem 4.4 the batch is `y = X w`, while the maximum runs over the operators `X` with the batch
held fixed. Here it runs over those with `X w = y` only. The maximum is the same, `lam² ‖v‖²`, where
there is such an operator (`‖y‖ ≤ lam ‖w‖`) and the weights have two dimensions or more. The
operator that attains it is `lam (u pᵀ + z qᵀ)`, with `u` the direction of `v`, `p` a unit vector
with `lam ⟪w, p⟫ = ⟪u, y⟫`, `q` the direction of what is left of `w` off `p`, and `z` along what is
left of `y` off `u`.

## Main results

* `ContinuousLinearMap.isGreatest_norm_sq_adjoint_of_apply_eq`: the maximum.
* `BatchNorm.isGreatest_norm_sq_adjoint_backward_of_apply_eq`: Theorem 4.4 with `X w = y`.
-/

public section

open InnerProductSpace
open scoped InnerProduct RealInnerProductSpace

variable {E W : Type*} [NormedAddCommGroup E] [InnerProductSpace ℝ E] [NormedAddCommGroup W]
  [InnerProductSpace ℝ W]

namespace InnerProductSpace

/-- Where there are two dimensions or more, perhaps infinitely many, some unit vector is orthogonal
to `w`. -/
theorem exists_norm_eq_one_inner_eq_zero (hW : 1 < Module.rank ℝ W) (w : W) :
    ∃ q : W, ‖q‖ = 1 ∧ ⟪w, q⟫ = 0 := by
  have ne_top : (ℝ ∙ w) ≠ ⊤ := fun eq_top ↦ by
    have rank_le := rank_span_le (R := ℝ) {w}
    rw [eq_top, rank_top, Cardinal.mk_singleton] at rank_le
    exact hW.not_ge rank_le
  obtain ⟨q, hq, hq'⟩ := Submodule.exists_mem_ne_zero_of_ne_bot
    (mt Submodule.orthogonal_eq_bot_iff.1 ne_top)
  refine ⟨‖q‖⁻¹ • q, norm_smul_inv_norm hq', ?_⟩
  rw [real_inner_smul_right, Submodule.mem_orthogonal_singleton_iff_inner_right.1 hq, mul_zero]

/-- Where there are two dimensions or more, a unit vector has any inner product with `w` that the
Cauchy–Schwarz inequality allows. -/
theorem exists_norm_eq_one_inner_eq (hW : 1 < Module.rank ℝ W) {w : W} {a : ℝ}
    (ha : |a| ≤ ‖w‖) : ∃ p : W, ‖p‖ = 1 ∧ ⟪w, p⟫ = a := by
  obtain ⟨q, hq, inner_eq⟩ := exists_norm_eq_one_inner_eq_zero hW w
  obtain rfl | hw := eq_or_ne w 0
  · exact ⟨q, hq, by simpa [eq_comm] using ha⟩
  have hw := norm_ne_zero_iff.2 hw
  have nonneg : 0 ≤ 1 - (a / ‖w‖) ^ 2 := by
    rw [sub_nonneg, sq_le_one_iff_abs_le_one, abs_div, abs_norm, div_le_one (by positivity)]
    exact ha
  refine ⟨(a / ‖w‖ ^ 2) • w + √(1 - (a / ‖w‖) ^ 2) • q, ?_, ?_⟩
  · rw [← pow_eq_one_iff_of_nonneg (norm_nonneg _) two_ne_zero, norm_add_sq_real, norm_smul,
      norm_smul, real_inner_smul_left, real_inner_smul_right, inner_eq, hq, mul_one, mul_pow,
      Real.norm_eq_abs, Real.norm_eq_abs, sq_abs, sq_abs, Real.sq_sqrt nonneg]
    field_simp
    ring
  · rw [inner_add_right, real_inner_smul_right, real_inner_smul_right, inner_eq,
      real_inner_self_eq_norm_sq]
    field_simp
    simp

/-- **Bessel's inequality** for two orthogonal vectors of norm at most `1`. -/
theorem inner_sq_add_inner_sq_le {p q : W} (hp : ‖p‖ ≤ 1) (hq : ‖q‖ ≤ 1) (hpq : ⟪p, q⟫ = 0)
    (x : W) : ⟪p, x⟫ ^ 2 + ⟪q, x⟫ ^ 2 ≤ ‖x‖ ^ 2 := by
  have eq : ‖x - ⟪p, x⟫ • p - ⟪q, x⟫ • q‖ ^ 2 =
      ‖x‖ ^ 2 - ⟪p, x⟫ ^ 2 * (2 - ‖p‖ ^ 2) - ⟪q, x⟫ ^ 2 * (2 - ‖q‖ ^ 2) := by
    rw [norm_sub_sq_real, norm_sub_sq_real, inner_sub_left, norm_smul, norm_smul,
      real_inner_smul_right, real_inner_smul_right, real_inner_smul_left, real_inner_smul_right,
      hpq, real_inner_comm p x, real_inner_comm q x, mul_pow, mul_pow, Real.norm_eq_abs,
      Real.norm_eq_abs, sq_abs, sq_abs]
    ring
  have := pow_le_one₀ (norm_nonneg p) hp (n := 2)
  have := pow_le_one₀ (norm_nonneg q) hq (n := 2)
  nlinarith [sq_nonneg ‖x - ⟪p, x⟫ • p - ⟪q, x⟫ • q‖, sq_nonneg ⟪p, x⟫, sq_nonneg ⟪q, x⟫]

/-- An operator of two orthogonal directions, in its domain and in its codomain, that makes neither
longer, makes no vector longer. -/
theorem norm_rankOne_add_rankOne_le_one {u z : E} {p q : W} (hu : ‖u‖ ≤ 1) (hz : ‖z‖ ≤ 1)
    (huz : ⟪u, z⟫ = 0) (hp : ‖p‖ ≤ 1) (hq : ‖q‖ ≤ 1) (hpq : ⟪p, q⟫ = 0) :
    ‖rankOne ℝ u p + rankOne ℝ z q‖ ≤ 1 := by
  refine ContinuousLinearMap.opNorm_le_bound _ zero_le_one fun x ↦ ?_
  have norm_sq : ‖(rankOne ℝ u p + rankOne ℝ z q) x‖ ^ 2 =
      ⟪p, x⟫ ^ 2 * ‖u‖ ^ 2 + ⟪q, x⟫ ^ 2 * ‖z‖ ^ 2 := by
    rw [ContinuousLinearMap.add_apply, rankOne_apply, rankOne_apply, norm_add_sq_real, norm_smul,
      norm_smul, real_inner_smul_left, real_inner_smul_right, huz, mul_pow, mul_pow,
      Real.norm_eq_abs, Real.norm_eq_abs, sq_abs, sq_abs]
    ring
  rw [one_mul]
  refine le_of_sq_le_sq (norm_sq.trans_le ?_) (norm_nonneg x)
  exact (add_le_add (mul_le_of_le_one_right (sq_nonneg _) (pow_le_one₀ (norm_nonneg u) hu))
    (mul_le_of_le_one_right (sq_nonneg _) (pow_le_one₀ (norm_nonneg z) hz))).trans
    (inner_sq_add_inner_sq_le hp hq hpq x)

end InnerProductSpace

variable [CompleteSpace E] [CompleteSpace W]

namespace ContinuousLinearMap

-- One construction, each of whose properties takes a few lines; to name them would not shorten it.
/-- Among the operators of norm at most `lam` that take `w` to `y` there is one whose adjoint makes
`v` as long as any operator of that norm does. -/
theorem exists_apply_eq_norm_sq_adjoint_eq (hW : 1 < Module.rank ℝ W) {lam : ℝ} (hlam : 0 ≤ lam)
    {w : W} {y : E} (hy : ‖y‖ ≤ lam * ‖w‖) (v : E) :
    ∃ X : W →L[ℝ] E, (‖X‖ ≤ lam ∧ X w = y) ∧ ‖(X†) v‖ ^ 2 = lam ^ 2 * ‖v‖ ^ 2 := by
  obtain ⟨u, hu, hv⟩ : ∃ u : E, (u = 0 ∨ ‖u‖ = 1) ∧ v = ‖v‖ • u := by
    obtain rfl | hv := eq_or_ne v 0
    · exact ⟨0, by simp⟩
    · have hv := norm_ne_zero_iff.2 hv
      refine ⟨‖v‖⁻¹ • v, .inr ?_, (smul_inv_smul₀ hv v).symm⟩
      rw [norm_smul, norm_inv, norm_norm, inv_mul_cancel₀ hv]
  have norm_u : ‖u‖ ≤ 1 := by obtain rfl | hu := hu <;> simp [*]
  have inner_vu : ⟪v, u⟫ = ‖v‖ := by
    obtain rfl | hu := hu
    · rw [smul_zero] at hv
      simp [hv]
    · rw [hv, real_inner_smul_left, real_inner_self_eq_norm_sq, norm_smul, norm_norm, hu, one_pow]
  obtain ⟨z, hz⟩ : ∃ z, z = y - ⟪u, y⟫ • u := ⟨_, rfl⟩
  have inner_uz : ⟪u, z⟫ = 0 := by
    rw [hz, inner_sub_right, real_inner_smul_right, real_inner_self_eq_norm_sq]
    obtain rfl | hu := hu <;> simp [*]
  have norm_z : ‖z‖ ^ 2 = ‖y‖ ^ 2 - ⟪u, y⟫ ^ 2 := by
    obtain rfl | hu := hu
    · simp [hz]
    · rw [hz, norm_sub_inner_smul_sq_of_norm_eq_one hu]
  have inner_vz : ⟪v, z⟫ = 0 := by rw [hv, real_inner_smul_left, inner_uz, mul_zero]
  obtain ⟨p, hp, hwp⟩ := exists_norm_eq_one_inner_eq hW (w := w) (a := ⟪u, y⟫ / lam) <| by
    rw [abs_div, abs_of_nonneg hlam]
    refine div_le_of_le_mul₀ hlam (norm_nonneg w) ((abs_real_inner_le_norm u y).trans ?_)
    exact (mul_le_of_le_one_left (norm_nonneg y) norm_u).trans (hy.trans_eq (mul_comm ..))
  have lam_inner : lam * ⟪w, p⟫ = ⟪u, y⟫ := by
    obtain rfl | hlam := eq_or_ne lam 0
    · simp [show y = 0 by simpa using hy]
    · rw [hwp, mul_div_cancel₀ _ hlam]
  obtain ⟨q, hq⟩ : ∃ q, q = w - ⟪w, p⟫ • p := ⟨_, rfl⟩
  have inner_pq : ⟪p, q⟫ = 0 := by
    rw [hq, inner_sub_right, real_inner_smul_right, real_inner_self_eq_norm_sq, hp,
      real_inner_comm w p, one_pow, mul_one, sub_self]
  have norm_q : ‖q‖ ^ 2 = ‖w‖ ^ 2 - ⟪w, p⟫ ^ 2 := by
    rw [hq, real_inner_comm p w, norm_sub_inner_smul_sq_of_norm_eq_one hp]
  have inner_qw : ⟪q, w⟫ = ‖q‖ ^ 2 := by
    rw [norm_q, hq, inner_sub_left, real_inner_smul_left, real_inner_self_eq_norm_sq,
      real_inner_comm w p, sq ⟪w, p⟫]
  have norm_z_le : ‖z‖ ≤ lam * ‖q‖ := by
    refine le_of_sq_le_sq ?_ (by positivity)
    have := pow_le_pow_left₀ (norm_nonneg y) hy 2
    rw [mul_pow, norm_z, norm_q, ← lam_inner]
    linarith
  refine ⟨lam • (rankOne ℝ u p + rankOne ℝ ((lam * ‖q‖)⁻¹ • z) (‖q‖⁻¹ • q)), ⟨?_, ?_⟩, ?_⟩
  · rw [norm_smul, Real.norm_of_nonneg hlam]
    refine mul_le_of_le_one_right hlam (norm_rankOne_add_rankOne_le_one norm_u ?_ ?_ hp.le ?_ ?_)
    · rw [norm_smul, norm_inv, Real.norm_of_nonneg (by positivity)]
      exact inv_mul_le_one_of_le₀ norm_z_le (by positivity)
    · rw [real_inner_smul_right, inner_uz, mul_zero]
    · rw [norm_smul, norm_inv, norm_norm]
      exact inv_mul_le_one
    · rw [real_inner_smul_right, inner_pq, mul_zero]
  · have smul_z : (lam * (‖q‖⁻¹ * ‖q‖ ^ 2) * (lam * ‖q‖)⁻¹) • z = z := by
      obtain h | h := eq_or_ne (lam * ‖q‖) 0
      · simp [show z = 0 by simpa [h] using norm_z_le]
      · have := left_ne_zero_of_mul h
        have := right_ne_zero_of_mul h
        rw [show lam * (‖q‖⁻¹ * ‖q‖ ^ 2) * (lam * ‖q‖)⁻¹ = 1 by field_simp, one_smul]
    rw [smul_apply, add_apply, rankOne_apply, rankOne_apply, real_inner_smul_left, inner_qw,
      smul_add, smul_smul, smul_smul, smul_smul, smul_z, real_inner_comm w p, lam_inner, hz,
      add_sub_cancel]
  · have adjoint_eq : ((lam • (rankOne ℝ u p + rankOne ℝ ((lam * ‖q‖)⁻¹ • z) (‖q‖⁻¹ • q)))†) v =
        (lam * ‖v‖) • p := ext_inner_right ℝ fun x ↦ by
      rw [adjoint_inner_left, smul_apply, add_apply, rankOne_apply, rankOne_apply,
        real_inner_smul_right, inner_add_right, real_inner_smul_right, real_inner_smul_right,
        real_inner_smul_right, inner_vu, inner_vz, real_inner_smul_left,
        real_inner_smul_left]
      ring
    rw [adjoint_eq, norm_smul, hp, mul_one, Real.norm_of_nonneg (by positivity), mul_pow]

/-- The largest squared norm of `X† v` over the operators `X` of norm at most `lam` that take `w` to
`y`: the same as without that condition. -/
theorem isGreatest_norm_sq_adjoint_of_apply_eq (hW : 1 < Module.rank ℝ W) {lam : ℝ}
    (hlam : 0 ≤ lam) {w : W} {y : E} (hy : ‖y‖ ≤ lam * ‖w‖) (v : E) :
    IsGreatest {r | ∃ X : W →L[ℝ] E, (‖X‖ ≤ lam ∧ X w = y) ∧ ‖(X†) v‖ ^ 2 = r}
      (lam ^ 2 * ‖v‖ ^ 2) := by
  refine ⟨exists_apply_eq_norm_sq_adjoint_eq hW hlam hy v, ?_⟩
  rintro _ ⟨X, ⟨hX, -⟩, rfl⟩
  exact norm_sq_adjoint_le hX v

end ContinuousLinearMap

namespace BatchNorm

variable {ι : Type*} [Fintype ι] {y : EuclideanSpace ℝ ι} {w : W} {lam : ℝ}

omit [InnerProductSpace ℝ W] [CompleteSpace W] in
/-- A batch that is not constant is not `0`, so that what bounds its length is not negative. -/
theorem nonneg_of_norm_le_mul_norm (hy : ‖y‖ ≤ lam * ‖w‖) (h : 0 < variance y) : 0 ≤ lam := by
  by_contra! hlam
  have := hy.trans (mul_nonpos_of_nonpos_of_nonneg hlam.le (norm_nonneg w))
  obtain rfl := norm_le_zero_iff.1 this
  simp [variance, mean] at h

/-- **Theorem 4.4** of the paper with the batch `y = X w`: the worst gradient in weight space, over
all layer inputs of norm at most `lam` that put out this batch, with BatchNorm at `ε = 0`. -/
theorem isGreatest_norm_sq_adjoint_backward_of_apply_eq (γ : ℝ) (g : EuclideanSpace ℝ ι)
    (hW : 1 < Module.rank ℝ W) (hy : ‖y‖ ≤ lam * ‖w‖) (h : 0 < variance y) :
    IsGreatest {r | ∃ X : W →L[ℝ] EuclideanSpace ℝ ι,
        (‖X‖ ≤ lam ∧ X w = y) ∧ ‖(X†) (backward γ 0 (X w) g)‖ ^ 2 = r}
      (lam ^ 2 * (γ ^ 2 / scale 0 y ^ 2 * (‖g‖ ^ 2 - ⟪ones, g⟫ ^ 2 / Fintype.card ι -
        ⟪g, normalize 0 y⟫ ^ 2 / Fintype.card ι))) := by
  rw [← norm_sq_backward_eps_zero γ g h]
  convert ContinuousLinearMap.isGreatest_norm_sq_adjoint_of_apply_eq hW
    (nonneg_of_norm_le_mul_norm hy h) hy (backward γ 0 y g) using 1
  ext r
  exact exists_congr fun X ↦ and_congr_right fun hX ↦ by rw [hX.2]

end BatchNorm

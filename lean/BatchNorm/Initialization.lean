/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public import BatchNorm.Projection
public import BatchNorm.Normalize
public import Mathlib.Topology.MetricSpace.HausdorffDistance
public import Mathlib.Topology.Order.LocalExtr

/-!
# Lemma 4.5: a favourable initialization

Lemma 4.5 of the paper compares the optimum `w` closest to an initialization `w₀` with the closest
optimum with BatchNorm, for `⟪w, w₀⟫ > 0`. As the paper states it, it is false: see
`BatchNorm.exists_norm_sub_sq_lt` in `BatchNorm.InitializationCounterexample`. What holds is proved
here, for an optimum `w` of the network with BatchNorm. At `ε = 0` a BatchNorm layer does not see a
positive factor at its input, so that with `w` the whole ray of its positive multiples is optimal;
the point of the ray nearest to `w₀` is the projection, which is nearer than `w` by
`(‖w‖² - ⟪w, w₀⟫)² / ‖w‖²` in squares. Optima may be global or local.

## Main results

* `norm_sub_inner_div_norm_sq_smul_sq_eq_sub`: the squared distance of the nearest point of the ray.
* `norm_sub_sq_le_of_forall_smul_mem`, `infDist_sq_le_of_forall_smul_mem`: Lemma 4.5 for a set of
  optima that contains the ray.
* `BatchNorm.isMinOn_comp_forward_smul`, `BatchNorm.isLocalMin_comp_forward_smul`: the whole ray is
  optimal.
* `BatchNorm.norm_sub_sq_le_of_isMinOn`, `BatchNorm.norm_sub_sq_le_of_isLocalMin`: Lemma 4.5 where
  it holds.
-/

public section

open Filter Topology
open scoped RealInnerProductSpace

variable {E : Type*} [NormedAddCommGroup E] [InnerProductSpace ℝ E]

/-- The step behind **Lemma 4.5** of the paper, as an equation: the point nearest to `w₀` on the
line through `w` is nearer than `w` by `(‖w‖² - ⟪w, w₀⟫)² / ‖w‖²`, in squares. It holds at `w = 0`
too, where nothing is gained. -/
@[bridge "Lem 4.5"]
theorem norm_sub_inner_div_norm_sq_smul_sq_eq_sub (w w₀ : E) :
    ‖w₀ - (⟪w, w₀⟫ / ‖w‖ ^ 2) • w‖ ^ 2 =
      ‖w₀ - w‖ ^ 2 - (‖w‖ ^ 2 - ⟪w, w₀⟫) ^ 2 / ‖w‖ ^ 2 := by
  obtain rfl | hw := eq_or_ne w 0
  · simp
  · have norm_ne_zero := norm_ne_zero_iff.2 hw
    rw [norm_sub_inner_div_norm_sq_smul_sq, norm_sub_sq_real, real_inner_comm w w₀]
    field_simp
    ring

/-- No multiple of `w` is nearer to `w₀` than the projection is. -/
@[bridge "Lem 4.5" "the projection is nearest"]
theorem norm_sub_inner_div_norm_sq_smul_le (w w₀ : E) (k : ℝ) :
    ‖w₀ - (⟪w, w₀⟫ / ‖w‖ ^ 2) • w‖ ^ 2 ≤ ‖w₀ - k • w‖ ^ 2 := by
  obtain rfl | hw := eq_or_ne w 0
  · simp
  · have norm_ne_zero := norm_ne_zero_iff.2 hw
    have sq_eq : ‖w₀ - k • w‖ ^ 2 =
        ‖w₀ - (⟪w, w₀⟫ / ‖w‖ ^ 2) • w‖ ^ 2 + (k * ‖w‖ - ⟪w, w₀⟫ / ‖w‖) ^ 2 := by
      rw [norm_sub_inner_div_norm_sq_smul_sq, norm_sub_sq_real, real_inner_smul_right,
        real_inner_comm w w₀, norm_smul, mul_pow, Real.norm_eq_abs, sq_abs]
      field_simp
      ring
    rw [sq_eq, le_add_iff_nonneg_right]
    positivity

/-- Where `w₀` is on the side of `w`, its projection on the line through `w` is a positive multiple
of `w`. -/
theorem inner_div_norm_sq_pos {w w₀ : E} (h : 0 < ⟪w, w₀⟫) : 0 < ⟪w, w₀⟫ / ‖w‖ ^ 2 := by
  have hw : w ≠ 0 := by
    rintro rfl
    simp at h
  positivity

/-- What the proof of **Lemma 4.5** shows: of a set that contains, with `w`, all its positive
multiples, a point `w'` as close to `w₀` as any is at most as far away as the projection, where `w₀`
is on the side of `w`. -/
theorem norm_sub_sq_le_of_forall_smul_mem {S : Set E} {w w₀ w' : E}
    (hS : ∀ k : ℝ, 0 < k → k • w ∈ S) (h : 0 < ⟪w, w₀⟫) (hw' : ∀ v ∈ S, ‖w₀ - w'‖ ≤ ‖w₀ - v‖) :
    ‖w₀ - w'‖ ^ 2 ≤ ‖w₀ - w‖ ^ 2 - (‖w‖ ^ 2 - ⟪w, w₀⟫) ^ 2 / ‖w‖ ^ 2 := by
  rw [← norm_sub_inner_div_norm_sq_smul_sq_eq_sub]
  exact pow_le_pow_left₀ (norm_nonneg _) (hw' _ (hS _ (inner_div_norm_sq_pos h))) 2

/-- What the proof of **Lemma 4.5** shows, with the distance from a set: where it contains, with
`w`, all its positive multiples, and `w₀` is on the side of `w`, its distance from `w₀` is at most
that of the projection. -/
@[bridge "Lem 4.5" "for a set of optima"]
theorem infDist_sq_le_of_forall_smul_mem {S : Set E} {w w₀ : E}
    (hS : ∀ k : ℝ, 0 < k → k • w ∈ S) (h : 0 < ⟪w, w₀⟫) :
    Metric.infDist w₀ S ^ 2 ≤ ‖w₀ - w‖ ^ 2 - (‖w‖ ^ 2 - ⟪w, w₀⟫) ^ 2 / ‖w‖ ^ 2 := by
  rw [← norm_sub_inner_div_norm_sq_smul_sq_eq_sub, ← dist_eq_norm]
  exact pow_le_pow_left₀ Metric.infDist_nonneg
    (Metric.infDist_le_dist_of_mem (hS _ (inner_div_norm_sq_pos h))) 2

namespace BatchNorm

variable {ι : Type*} [Fintype ι]

/-- At `ε = 0` the layer does not see a positive factor at its input. -/
@[bridge "Lem 4.5" "why the whole ray is optimal", simp]
theorem forward_eps_zero_smul (γ β : ℝ) (y : EuclideanSpace ℝ ι) {a : ℝ} (ha : 0 < a) :
    forward γ β 0 (a • y) = forward γ β 0 y := by
  ext i
  rw [forward_apply, forward_apply, normalize_eps_zero_smul y ha]

variable {W : Type*} [NormedAddCommGroup W] [InnerProductSpace ℝ W] {L : EuclideanSpace ℝ ι → ℝ}
  {X : W →L[ℝ] EuclideanSpace ℝ ι} {γ β : ℝ} {w w₀ w' : W}

/-- With `w`, every positive multiple of it is a minimum of the loss through BatchNorm at `ε = 0`,
over all weights. -/
@[bridge "Lem 4.5" "the whole ray is optimal"]
theorem isMinOn_comp_forward_smul (hw : IsMinOn (fun w ↦ L (forward γ β 0 (X w))) Set.univ w)
    {k : ℝ} (hk : 0 < k) : IsMinOn (fun w ↦ L (forward γ β 0 (X w))) Set.univ (k • w) := by
  intro v _
  simpa [hk] using hw (Set.mem_univ v)

/-- With `w`, every positive multiple of it is a local minimum of the loss through BatchNorm at
`ε = 0`. -/
theorem isLocalMin_comp_forward_smul (hw : IsLocalMin (fun w ↦ L (forward γ β 0 (X w))) w)
    {k : ℝ} (hk : 0 < k) : IsLocalMin (fun w ↦ L (forward γ β 0 (X w))) (k • w) := by
  have tendsto : Tendsto (fun v ↦ k⁻¹ • v) (𝓝 (k • w)) (𝓝 w) := by
    simpa [inv_smul_smul₀ hk.ne'] using (continuous_const_smul k⁻¹).tendsto (k • w)
  refine (tendsto.eventually hw).mono fun v hv ↦ ?_
  simpa [hk] using hv

/-- **Lemma 4.5** of the paper where it holds: where `w` is an optimum with BatchNorm too, a point
`w'` that is as close to `w₀` as all optima with BatchNorm, such as the closest of them, is as close
as the paper says. -/
theorem norm_sub_sq_le_of_isMinOn
    (hw : IsMinOn (fun w ↦ L (forward γ β 0 (X w))) Set.univ w) (h : 0 < ⟪w, w₀⟫)
    (hw' : ∀ v, IsMinOn (fun w ↦ L (forward γ β 0 (X w))) Set.univ v → ‖w₀ - w'‖ ≤ ‖w₀ - v‖) :
    ‖w₀ - w'‖ ^ 2 ≤ ‖w₀ - w‖ ^ 2 - (‖w‖ ^ 2 - ⟪w, w₀⟫) ^ 2 / ‖w‖ ^ 2 :=
  norm_sub_sq_le_of_forall_smul_mem
    (S := {v | IsMinOn (fun w ↦ L (forward γ β 0 (X w))) Set.univ v})
    (fun _ ↦ isMinOn_comp_forward_smul hw) h hw'

/-- **Lemma 4.5** of the paper where it holds, for local optima: `w'` is as close to `w₀` as all of
them with BatchNorm. -/
theorem norm_sub_sq_le_of_isLocalMin (hw : IsLocalMin (fun w ↦ L (forward γ β 0 (X w))) w)
    (h : 0 < ⟪w, w₀⟫)
    (hw' : ∀ v, IsLocalMin (fun w ↦ L (forward γ β 0 (X w))) v → ‖w₀ - w'‖ ≤ ‖w₀ - v‖) :
    ‖w₀ - w'‖ ^ 2 ≤ ‖w₀ - w‖ ^ 2 - (‖w‖ ^ 2 - ⟪w, w₀⟫) ^ 2 / ‖w‖ ^ 2 :=
  norm_sub_sq_le_of_forall_smul_mem
    (S := {v | IsLocalMin (fun w ↦ L (forward γ β 0 (X w))) v})
    (fun _ ↦ isLocalMin_comp_forward_smul hw) h hw'

end BatchNorm

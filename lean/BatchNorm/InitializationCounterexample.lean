/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public import BatchNorm.Gradient
public import BatchNorm.Initialization
public import Mathlib.Analysis.Calculus.LocalExtr.Basic

/-!
# Lemma 4.5 is false as stated

Lemma 4.5 of [santurkar2018] compares the optimum `w` closest to the initialization `w₀` with the
closest optimum `w'` of the same network with BatchNorm: where `⟪w, w₀⟫ > 0`, it claims
`‖w₀ - w'‖² ≤ ‖w₀ - w‖² - (‖w‖² - ⟪w, w₀⟫)² / ‖w‖²`. [dannemann2025] refute it. Here is an example
for least squares: a layer with weights `(a, b)` puts out `(a, b, 0)` on three samples, with the
targets `t = (2, 3, 1)`. Without BatchNorm the only optimum is `(2, 3)`. With it (`γ = 1`,
`β = 0`, `ε = 0`) the best output is the normalized target, and the optima are the positive
multiples of `(1, 2)`. Initialized at `w₀ = (2, 3)`, the right-hand side is `0`, and the closest
optimum with BatchNorm, `(8/5, 16/5)`, is not there. Optima may be global or local: the example
serves for both.

The step of the paper's proof that fails is the first: that an optimum of the network without
BatchNorm is one of the network with it. Where it is, `BatchNorm.norm_sub_sq_le_of_isMinOn` and
`BatchNorm.norm_sub_sq_le_of_isLocalMin` prove the claim.

## Main results

* `BatchNorm.exists_norm_sub_sq_lt`: the counterexample.
* `BatchNorm.exists_isMinOn_not_isLocalMin`: the step that fails.
* `BatchNorm.norm_sq_normalize_sub_le`: no normalized batch is nearer to a target than the
  normalized target, where the target's standard deviation is at least `1 / 2`.

## References

* [J. Dannemann, G. Junike, *Batch normalization does not improve initialization*
  (2025)][dannemann2025]
-/

public section

open scoped RealInnerProductSpace

namespace BatchNorm

section

variable {ι : Type*} [Fintype ι] {y t : EuclideanSpace ℝ ι}

/-- The inner product of a normalized batch and a target, in terms of the normalized target. -/
private theorem inner_normalize_eq_scale_mul_inner (ht : 0 < variance t)
    (y : EuclideanSpace ℝ ι) :
    ⟪normalize 0 y, t⟫ = scale 0 t * ⟪normalize 0 y, normalize 0 t⟫ := by
  rw [← real_inner_smul_right, scale_smul_normalize (by rwa [add_zero]), inner_sub_right,
    real_inner_smul_right, inner_normalize_ones, mul_zero, sub_zero]

/-- The normalized batches have one length. -/
private theorem inner_normalize_normalize_le (hy : 0 < variance y) (ht : 0 < variance t) :
    ⟪normalize 0 y, normalize 0 t⟫ ≤ Fintype.card ι := by
  refine (real_inner_le_norm _ _).trans_eq ?_
  rw [← Real.sqrt_sq (norm_nonneg (normalize 0 y)), ← Real.sqrt_sq (norm_nonneg (normalize 0 t)),
    norm_sq_normalize_eps_zero hy, norm_sq_normalize_eps_zero ht,
    Real.mul_self_sqrt (Nat.cast_nonneg _)]

/-- No normalized batch is nearer to a target than the normalized target, where the standard
deviation of the target is at least `1 / 2`. (Below that, the output `0` of a constant batch can be
nearer.) -/
theorem norm_sq_normalize_sub_le (ht : 1 ≤ 2 * scale 0 t) (y : EuclideanSpace ℝ ι) :
    ‖normalize 0 t - t‖ ^ 2 ≤ ‖normalize 0 y - t‖ ^ 2 := by
  have scale_target_pos : 0 < scale 0 t := by linarith
  have ht' : 0 < variance t := by simpa [scale] using scale_target_pos
  rw [norm_sub_sq_real, norm_sub_sq_real, inner_normalize_eq_scale_mul_inner ht',
    inner_normalize_eq_scale_mul_inner ht', real_inner_self_eq_norm_sq,
    norm_sq_normalize_eps_zero ht']
  obtain hy | hy := (variance_nonneg y).eq_or_lt
  · have card_nonneg : (0 : ℝ) ≤ Fintype.card ι := Nat.cast_nonneg _
    rw [normalize_eq_zero_of_variance_eq_zero 0 hy.symm]
    simp only [norm_zero, inner_zero_left]
    nlinarith
  · have := inner_normalize_normalize_le hy ht'
    rw [norm_sq_normalize_eps_zero hy]
    nlinarith

variable {W : Type*} [NormedAddCommGroup W] [InnerProductSpace ℝ W] {X : W →L[ℝ] EuclideanSpace ℝ ι}
  {u v : W} {c : ℝ}

private theorem hasGradientAt_norm_sub_sq (z : EuclideanSpace ℝ ι) :
    HasGradientAt (fun z ↦ ‖z - t‖ ^ 2) ((2 : ℝ) • (z - t)) z := by
  rw [hasGradientAt_iff_hasFDerivAt]
  convert ((hasFDerivAt_id z).sub_const t).norm_sq using 1
  ext v
  simp

/-- At a local minimum of the least squares loss through BatchNorm, the upstream gradient `t` gives
no gradient, where the layer can put out the target up to a constant. -/
private theorem backward_eq_zero_of_isLocalMin
    (hv : IsLocalMin (fun w ↦ ‖forward 1 0 0 (X w) - t‖ ^ 2) v) (h : 0 < variance (X v))
    (hu : X u = t - c • ones) : backward 1 0 (X v) t = 0 := by
  have h' : 0 < variance (X v) + 0 := by rwa [add_zero]
  have eq_zero : ⟪backward 1 0 (X v) ((2 : ℝ) • (forward 1 0 0 (X v) - t)), X u⟫ = 0 :=
    DFunLike.congr_fun (hv.hasFDerivAt_eq_zero ((hasGradientAt_comp_forward
      (hasGradientAt_norm_sub_sq (forward 1 0 0 (X v))) h').hasFDerivAt.comp v X.hasFDerivAt)) u
  have backward_eq : backward 1 0 (X v) ((2 : ℝ) • (normalize 0 (X v) - t)) =
      -((2 : ℝ) • backward 1 0 (X v) t) := by
    rw [← jacobian_apply, map_smul, map_sub, jacobian_apply, jacobian_apply,
      backward_eps_zero_normalize, zero_sub, smul_neg]
  have inner_eq : ⟪backward 1 0 (X v) t, t⟫ = 0 := by
    simpa [backward_eq, hu, inner_sub_right, real_inner_smul_left, real_inner_smul_right] using
      eq_zero
  rw [← norm_eq_zero, ← sq_eq_zero_iff, norm_sq_backward_eps_zero_eq_mul_inner 1 t h, inner_eq,
    mul_zero]

end

/-! ### The example -/

/-- The targets of the three samples. -/
private noncomputable def target : EuclideanSpace ℝ (Fin 3) := !₂[2, 3, 1]

/-- The layer: the weights are put out on the first two samples. -/
private noncomputable def layer : EuclideanSpace ℝ (Fin 2) →L[ℝ] EuclideanSpace ℝ (Fin 3) :=
  LinearMap.toContinuousLinearMap
    { toFun w := !₂[w 0, w 1, 0]
      map_add' v w := by ext i; fin_cases i <;> simp
      map_smul' c w := by ext i; fin_cases i <;> simp }

private theorem layer_apply (w : EuclideanSpace ℝ (Fin 2)) : layer w = !₂[w 0, w 1, 0] := rfl

private theorem target_zero : target 0 = 2 := rfl

private theorem target_one : target 1 = 3 := rfl

private theorem target_two : target 2 = 1 := rfl

private theorem mean_target : mean target = 2 := by
  norm_num [mean, target_zero, target_one, target_two, Fin.sum_univ_three]

private theorem variance_target : variance target = 2 / 3 := by
  norm_num [variance, mean_target, target_zero, target_one, target_two, Fin.sum_univ_three]

private theorem one_le_two_mul_scale_target : 1 ≤ 2 * scale 0 target := by
  have : 1 / 2 ≤ √(variance target + 0) := Real.le_sqrt_of_sq_le (by norm_num [variance_target])
  rw [scale]
  linarith

/-- The optimum without BatchNorm. -/
private noncomputable def optimum : EuclideanSpace ℝ (Fin 2) := !₂[2, 3]

/-- The optimum with BatchNorm that is closest to the one without. -/
private noncomputable def normalizedOptimum : EuclideanSpace ℝ (Fin 2) := !₂[8 / 5, 16 / 5]

private theorem layer_smul_target : layer !₂[1, 2] = target - (1 : ℝ) • ones := by
  ext i
  fin_cases i <;> norm_num [layer_apply, target]

private theorem normalize_layer_normalizedOptimum :
    normalize 0 (layer normalizedOptimum) = normalize 0 target := by
  have : layer normalizedOptimum = (8 / 5 : ℝ) • (target + (-1 : ℝ) • ones) := by
    ext i
    fin_cases i <;> norm_num [layer_apply, target, normalizedOptimum]
  rw [this, normalize_eps_zero_smul _ (by norm_num), normalize_add_smul_ones]

private theorem norm_sq_layer_sub_target (w : EuclideanSpace ℝ (Fin 2)) :
    ‖layer w - target‖ ^ 2 = (w 0 - 2) ^ 2 + (w 1 - 3) ^ 2 + 1 := by
  simp [EuclideanSpace.norm_sq_eq, Fin.sum_univ_three, layer_apply, target]

private theorem isMinOn_optimum : IsMinOn (fun w ↦ ‖layer w - target‖ ^ 2) Set.univ optimum := by
  intro w _
  simpa [norm_sq_layer_sub_target, optimum] using
    add_nonneg (sq_nonneg (w 0 - 2)) (sq_nonneg (w 1 - 3))

private theorem eq_optimum_of_isLocalMin {w : EuclideanSpace ℝ (Fin 2)}
    (hw : IsLocalMin (fun w ↦ ‖layer w - target‖ ^ 2) w) : w = optimum := by
  have deriv_eq := hw.hasFDerivAt_eq_zero (layer.hasFDerivAt.sub_const target).norm_sq
  have : (w 0 - 2) * w 0 + (w 1 - 3) * w 1 - ((w 0 - 2) * 2 + (w 1 - 3) * 3) = 0 := by
    simpa [layer_apply, target, optimum, PiLp.inner_apply, Fin.sum_univ_three] using
      DFunLike.congr_fun deriv_eq (w - optimum)
  have h₀ : w 0 = 2 := by nlinarith [sq_nonneg (w 0 - 2), sq_nonneg (w 1 - 3)]
  have h₁ : w 1 = 3 := by nlinarith [sq_nonneg (w 0 - 2), sq_nonneg (w 1 - 3)]
  ext i
  fin_cases i <;> simp [optimum, h₀, h₁]

/-- The first target is the mean, so that the first entry of a normalized batch that is a multiple
of the centred targets is `0`. -/
private theorem apply_zero_eq_mean {w : EuclideanSpace ℝ (Fin 2)} {k : ℝ}
    (hw : 0 < scale 0 (layer w))
    (h : target - mean target • ones = k • normalize 0 (layer w)) : w 0 = mean (layer w) := by
  have sub_mean_eq (i : Fin 3) : target i - mean target =
      k * ((layer w i - mean (layer w)) / scale 0 (layer w)) := by
    simpa [normalize_apply] using congrArg (fun z : EuclideanSpace ℝ (Fin 3) ↦ z i) h
  have k_ne_zero : k ≠ 0 := by
    rintro rfl
    have := sub_mean_eq 1
    norm_num [target_one, mean_target] at this
  have mul_eq : k * ((layer w 0 - mean (layer w)) / scale 0 (layer w)) = 0 := by
    rw [← sub_mean_eq 0, target_zero, mean_target, sub_self]
  have eq_zero := (mul_eq_zero.1 mul_eq).resolve_left k_ne_zero
  exact sub_eq_zero.1 ((div_eq_zero_iff.1 eq_zero).resolve_right hw.ne')

private theorem apply_one_eq_of_isLocalMin {w : EuclideanSpace ℝ (Fin 2)}
    (hw : IsLocalMin (fun w ↦ ‖forward 1 0 0 (layer w) - target‖ ^ 2) w) : w 1 = 2 * w 0 := by
  have mean_eq : mean (layer w) = (w 0 + w 1) / 3 := by
    simp [mean, layer_apply, Fin.sum_univ_three]
  obtain h | h := (variance_nonneg (layer w)).eq_or_lt
  · have h₀ : w 0 = mean (layer w) := eq_mean_of_variance_eq_zero h.symm 0
    have h₂ : 0 = mean (layer w) := eq_mean_of_variance_eq_zero h.symm 2
    linarith
  · have eq := backward_eq_zero_of_isLocalMin hw h layer_smul_target
    have scale_layer_pos : 0 < scale 0 (layer w) := scale_pos (by rwa [add_zero])
    rw [backward_eq_smul_sub_mean_smul, smul_eq_zero_iff_right (by positivity), sub_eq_zero] at eq
    have h₀ := apply_zero_eq_mean scale_layer_pos eq
    linarith

private theorem norm_sq_optimum_sub (w : EuclideanSpace ℝ (Fin 2)) :
    ‖optimum - w‖ ^ 2 = (2 - w 0) ^ 2 + (3 - w 1) ^ 2 := by
  simp [EuclideanSpace.norm_sq_eq, Fin.sum_univ_two, optimum]

private theorem norm_sq_optimum_sub_normalizedOptimum :
    ‖optimum - normalizedOptimum‖ ^ 2 = 1 / 5 := by
  norm_num [norm_sq_optimum_sub, normalizedOptimum]

private theorem norm_optimum_sub_le {w : EuclideanSpace ℝ (Fin 2)}
    (hw : IsLocalMin (fun w ↦ ‖forward 1 0 0 (layer w) - target‖ ^ 2) w) :
    ‖optimum - normalizedOptimum‖ ≤ ‖optimum - w‖ := by
  refine le_of_sq_le_sq ?_ (norm_nonneg _)
  rw [norm_sq_optimum_sub_normalizedOptimum, norm_sq_optimum_sub, apply_one_eq_of_isLocalMin hw]
  nlinarith [sq_nonneg (w 0 - 8 / 5)]

/-- **Lemma 4.5** of the paper is false: a layer `X`, targets `t`, an initialization `w₀`, the
optimum `w` without BatchNorm (the only one, global or local) and an optimum `w'` with BatchNorm
that is as close to `w₀` as any, global or local, for which the claimed inequality does not hold. -/
theorem exists_norm_sub_sq_lt :
    ∃ (X : EuclideanSpace ℝ (Fin 2) →L[ℝ] EuclideanSpace ℝ (Fin 3)) (t : EuclideanSpace ℝ (Fin 3))
      (w₀ w w' : EuclideanSpace ℝ (Fin 2)),
      IsMinOn (fun w ↦ ‖X w - t‖ ^ 2) Set.univ w ∧
      (∀ v, IsLocalMin (fun w ↦ ‖X w - t‖ ^ 2) v → v = w) ∧
      IsMinOn (fun w ↦ ‖forward 1 0 0 (X w) - t‖ ^ 2) Set.univ w' ∧
      (∀ v, IsLocalMin (fun w ↦ ‖forward 1 0 0 (X w) - t‖ ^ 2) v → ‖w₀ - w'‖ ≤ ‖w₀ - v‖) ∧
      0 < ⟪w, w₀⟫ ∧
      ‖w₀ - w‖ ^ 2 - (‖w‖ ^ 2 - ⟪w, w₀⟫) ^ 2 / ‖w‖ ^ 2 < ‖w₀ - w'‖ ^ 2 := by
  refine ⟨layer, target, optimum, optimum, normalizedOptimum, isMinOn_optimum,
    fun _ ↦ eq_optimum_of_isLocalMin, fun w _ ↦ ?_, fun _ ↦ norm_optimum_sub_le, ?_, ?_⟩
  · simpa [forward_one_zero, normalize_layer_normalizedOptimum] using
      norm_sq_normalize_sub_le one_le_two_mul_scale_target (layer w)
  · norm_num [PiLp.inner_apply, Fin.sum_univ_two, optimum]
  · rw [norm_sq_optimum_sub_normalizedOptimum, real_inner_self_eq_norm_sq]
    norm_num

/-- The step of the proof of Lemma 4.5 that fails: an optimum without BatchNorm need not be one with
it, not even a local one. -/
theorem exists_isMinOn_not_isLocalMin :
    ∃ (X : EuclideanSpace ℝ (Fin 2) →L[ℝ] EuclideanSpace ℝ (Fin 3)) (t : EuclideanSpace ℝ (Fin 3))
      (w : EuclideanSpace ℝ (Fin 2)), IsMinOn (fun w ↦ ‖X w - t‖ ^ 2) Set.univ w ∧
      ¬IsLocalMin (fun w ↦ ‖forward 1 0 0 (X w) - t‖ ^ 2) w := by
  refine ⟨layer, target, optimum, isMinOn_optimum, fun h ↦ ?_⟩
  have := apply_one_eq_of_isLocalMin h
  norm_num [optimum] at this

end BatchNorm

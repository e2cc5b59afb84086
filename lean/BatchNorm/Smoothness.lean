/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public import BatchNorm.Derivative

/-!
# Theorem 4.2: the Hessian of the loss through BatchNorm

The second derivative of the loss at the layer's input, along a direction `d` that is orthogonal to `1` and
to `ŷ`. Along such a direction `σ` does not move and `ŷ` moves by `d / σ`, to first order. With `G` the
gradient of the loss as a function of the layer's output and `H` its derivative (the Hessian of the loss),
what comes out is `γ² / σ² ⟪H d, d⟫ - γ / (m σ²) ⟪g, ŷ⟫ ‖d‖²`.

The paper states `≤`, for the gradient as `d`, at `ε = 0`. It is an equality, for every such `d` and for
every `ε`; `ε = 0` is needed for the gradient to be such a direction.

The quadratic form of the Hessian along `d` is the derivative at `0` of `t ↦ ⟪∇ (y + t d), d⟫`, where `∇` is
the gradient at the layer's input, which is `backward` by equation (1).

## Main results

* `BatchNorm.hasDerivAt_inner_backward_add_smul`: the quadratic form, for every direction.
* `BatchNorm.inner_fderiv_gradient_comp_forward`: the same with mathlib's `fderiv` and `∇`.
* `BatchNorm.hasDerivAt_inner_backward_add_smul_gradient`: Theorem 4.2, first part.
* `BatchNorm.le_of_hasDerivAt_inner_backward_add_smul_gradient`: Theorem 4.2, second part.
-/

public section

open Filter InnerProductSpace Topology
open scoped RealInnerProductSpace Gradient

namespace BatchNorm

variable {ι : Type*} [Fintype ι]

/-- Along a direction orthogonal to `1` the gradient has the component
`γ / σ (⟪g, d⟫ - ⟪g, ŷ⟫ ⟪ŷ, d⟫ / m)`. -/
theorem inner_backward_of_inner_ones_eq_zero (γ ε : ℝ) (y g : EuclideanSpace ℝ ι)
    {d : EuclideanSpace ℝ ι} (hd : ⟪ones, d⟫ = 0) :
    ⟪backward γ ε y g, d⟫ = γ * (scale ε y)⁻¹ *
      (⟪g, d⟫ - (Fintype.card ι : ℝ)⁻¹ * (⟪g, normalize ε y⟫ * ⟪normalize ε y, d⟫)) := by
  rw [backward_eq_smul_sub_mean_smul, inner_sub_smul_ones_normalize, real_inner_smul_left,
    inner_sub_left, inner_sub_left, real_inner_smul_left, real_inner_smul_left, hd]
  ring

/-- Along a direction orthogonal to `1` and `ŷ` the layer is `γ / σ` times the identity, to first order. -/
theorem jacobian_apply_of_inner_eq_zero (γ ε : ℝ) (y : EuclideanSpace ℝ ι)
    {d : EuclideanSpace ℝ ι} (hd : ⟪ones, d⟫ = 0) (hd' : ⟪normalize ε y, d⟫ = 0) :
    jacobian γ ε y d = (γ / scale ε y) • d := by
  simp [jacobian, hd, hd']

variable {γ β ε : ℝ} {y d : EuclideanSpace ℝ ι} {G : EuclideanSpace ℝ ι → EuclideanSpace ℝ ι}
  {H : EuclideanSpace ℝ ι →L[ℝ] EuclideanSpace ℝ ι}

/-- The quadratic form of the Hessian at the layer's input, for every direction `d` orthogonal to `1` and
`ŷ` and every `ε`: an equality. -/
@[bridge "Thm 4.2" "for every direction off the span of 1 and ŷ, and every ε"]
theorem hasDerivAt_inner_backward_add_smul (hG : HasFDerivAt G H (forward γ β ε y))
    (h : 0 < variance y + ε) (hd : ⟪ones, d⟫ = 0) (hd' : ⟪normalize ε y, d⟫ = 0) :
    HasDerivAt (fun t : ℝ ↦ ⟪backward γ ε (y + t • d) (G (forward γ β ε (y + t • d))), d⟫)
      (γ ^ 2 / scale ε y ^ 2 * ⟪H d, d⟫ -
        γ / (Fintype.card ι * scale ε y ^ 2) * ⟪G (forward γ β ε y), normalize ε y⟫ * ‖d‖ ^ 2) 0 := by
  have scale_ne_zero := (scale_pos h).ne'
  have line : HasDerivAt (fun t : ℝ ↦ y + t • d) d 0 := by
    simpa using ((hasDerivAt_id (0 : ℝ)).smul_const d).const_add y
  have line_zero : y = y + (0 : ℝ) • d := by simp
  have hs : HasDerivAt (fun t : ℝ ↦ scale ε (y + t • d)) 0 0 := by
    simpa [hd'] using (hasFDerivAt_scale h).comp_hasDerivAt_of_eq 0 line line_zero
  have hn : HasDerivAt (fun t : ℝ ↦ normalize ε (y + t • d)) ((scale ε y)⁻¹ • d) 0 := by
    simpa [jacobian_apply_of_inner_eq_zero 1 ε y hd hd'] using
      (hasFDerivAt_normalize h).comp_hasDerivAt_of_eq 0 line line_zero
  have hf : HasDerivAt (fun t : ℝ ↦ forward γ β ε (y + t • d)) ((γ / scale ε y) • d) 0 := by
    simpa [jacobian_apply_of_inner_eq_zero γ ε y hd hd'] using
      (hasFDerivAt_forward γ β h).comp_hasDerivAt_of_eq 0 line line_zero
  have hg : HasDerivAt (fun t : ℝ ↦ G (forward γ β ε (y + t • d))) ((γ / scale ε y) • H d) 0 := by
    simpa using hG.comp_hasDerivAt_of_eq 0 hf (by simp)
  have const := hasDerivAt_const (0 : ℝ) d
  simp_rw [inner_backward_of_inner_ones_eq_zero γ ε _ _ hd]
  convert ((hs.fun_inv (by simpa using scale_ne_zero)).const_mul γ).mul
    ((hg.inner ℝ const).sub (((hg.inner ℝ hn).mul (hn.inner ℝ const)).const_mul
      (Fintype.card ι : ℝ)⁻¹)) using 1
  simp [hd', real_inner_smul_left]
  field_simp

/-- The quadratic form of the Hessian, with the gradient and the Hessian as mathlib's `∇` and `fderiv`:
`G` is the gradient of the loss near the layer's output, `H` its derivative there. -/
@[bridge "Thm 4.2" "with mathlib's gradient and derivative"]
theorem inner_fderiv_gradient_comp_forward {L : EuclideanSpace ℝ ι → ℝ}
    (hL : ∀ᶠ z in 𝓝 (forward γ β ε y), HasGradientAt L (G z) z)
    (hG : HasFDerivAt G H (forward γ β ε y)) (h : 0 < variance y + ε) (hd : ⟪ones, d⟫ = 0)
    (hd' : ⟪normalize ε y, d⟫ = 0) :
    ⟪fderiv ℝ (∇ fun y ↦ L (forward γ β ε y)) y d, d⟫ = γ ^ 2 / scale ε y ^ 2 * ⟪H d, d⟫ -
      γ / (Fintype.card ι * scale ε y ^ 2) * ⟪G (forward γ β ε y), normalize ε y⟫ * ‖d‖ ^ 2 := by
  have hf := hasFDerivAt_forward γ β h
  have hs := (hasFDerivAt_scale h).differentiableAt
  have scale_ne_zero := (scale_pos h).ne'
  have pos : ∀ᶠ y' in 𝓝 y, 0 < variance y' + ε := by
    filter_upwards [hs.continuousAt.eventually_ne scale_ne_zero] with y' hy'
    exact Real.sqrt_pos.1 (lt_of_le_of_ne (Real.sqrt_nonneg _) hy'.symm)
  have eq : (∇ fun y ↦ L (forward γ β ε y)) =ᶠ[𝓝 y]
      fun y ↦ backward γ ε y (G (forward γ β ε y)) := by
    filter_upwards [hf.continuousAt.eventually hL, pos] with y' hL h
    exact (hasGradientAt_comp_forward hL h).gradient
  have diff : DifferentiableAt ℝ (fun y ↦ backward γ ε y (G (forward γ β ε y))) y := by
    have hn := (hasFDerivAt_normalize h).differentiableAt
    have hg : DifferentiableAt ℝ (fun y ↦ G (forward γ β ε y)) y := (hG.comp y hf).differentiableAt
    have hm : DifferentiableAt ℝ (fun y ↦ mean (G (forward γ β ε y))) y := by
      simp_rw [mean_eq_inner_div_norm_sq, div_eq_inv_mul]
      exact ((differentiableAt_const ones).inner ℝ hg).const_mul _
    have hi : DifferentiableAt ℝ (fun y ↦ (scale ε y)⁻¹) y :=
      ((hasDerivAt_inv scale_ne_zero).comp_hasFDerivAt y (hasFDerivAt_scale h)).differentiableAt
    have hc := hg.fun_sub (hm.smul_const ones)
    simp_rw [backward_eq_smul_sub_mean_smul, div_eq_mul_inv γ]
    exact (hi.const_mul γ).fun_smul (hc.fun_sub (((hc.inner ℝ hn).const_mul _).fun_smul hn))
  have line : HasDerivAt (fun t : ℝ ↦ y + t • d) d 0 := by
    simpa using ((hasDerivAt_id (0 : ℝ)).smul_const d).const_add y
  rw [eq.fderiv_eq]
  simpa using ((diff.hasFDerivAt.comp_hasDerivAt_of_eq 0 line (by simp)).inner ℝ
    (hasDerivAt_const (0 : ℝ) d)).unique (hasDerivAt_inner_backward_add_smul hG h hd hd')

/-- **Theorem 4.2** of the paper, the first part, as an equation: along the gradient `d` of the loss at the
layer's input, with `G` the gradient of the loss and `H` its Hessian at the layer's output. The paper states
`≤`. -/
@[bridge "Thm 4.2"]
theorem hasDerivAt_inner_backward_add_smul_gradient {L : EuclideanSpace ℝ ι → ℝ}
    (hL : ∀ z, HasGradientAt L (G z) z) (hG : HasFDerivAt G H (forward γ β 0 y))
    (hd : HasGradientAt (fun y ↦ L (forward γ β 0 y)) d y) (h : 0 < variance y) :
    HasDerivAt (fun t : ℝ ↦ ⟪backward γ 0 (y + t • d) (G (forward γ β 0 (y + t • d))), d⟫)
      (γ ^ 2 / scale 0 y ^ 2 * ⟪H d, d⟫ -
        γ / (Fintype.card ι * scale 0 y ^ 2) * ⟪G (forward γ β 0 y), normalize 0 y⟫ * ‖d‖ ^ 2) 0 := by
  have h' : 0 < variance y + 0 := by rwa [add_zero]
  have d_eq : d = backward γ 0 y (G (forward γ β 0 y)) :=
    hd.unique (hasGradientAt_comp_forward (hL _) h')
  refine hasDerivAt_inner_backward_add_smul hG h' ?_ ?_
  · rw [d_eq, inner_ones_backward]
  · rw [d_eq, inner_normalize_backward_eps_zero γ _ h]

/-- **Theorem 4.2** of the paper, the second part. The paper asks that the Hessian of the loss preserves
the relative norms of the two gradients; what its proof needs is `⟪H d, d⟫ ≤ ⟪H g, g⟫`, with `g` the gradient
at the layer's output. `q` is the quadratic form of the Hessian along `d`. -/
@[bridge "Thm 4.2" "the second part"]
theorem le_of_hasDerivAt_inner_backward_add_smul_gradient {L : EuclideanSpace ℝ ι → ℝ} {q : ℝ}
    {g : EuclideanSpace ℝ ι} (hL : ∀ z, HasGradientAt L (G z) z)
    (hg : HasGradientAt L g (forward γ β 0 y)) (hG : HasFDerivAt G H (forward γ β 0 y))
    (hd : HasGradientAt (fun y ↦ L (forward γ β 0 y)) d y)
    (hq : HasDerivAt (fun t : ℝ ↦ ⟪backward γ 0 (y + t • d) (G (forward γ β 0 (y + t • d))), d⟫) q 0)
    (hH : ⟪H d, d⟫ ≤ ⟪H g, g⟫) (hγ : γ ≠ 0) (h : 0 < variance y) :
    q ≤ γ ^ 2 / scale 0 y ^ 2 *
      (⟪H g, g⟫ - 1 / (Fintype.card ι * γ) * ⟪g, normalize 0 y⟫ * ‖d‖ ^ 2) := by
  rw [hq.unique (hasDerivAt_inner_backward_add_smul_gradient hL hG hd h), (hL _).unique hg]
  calc
    _ ≤ γ ^ 2 / scale 0 y ^ 2 * ⟪H g, g⟫ -
        γ / (Fintype.card ι * scale 0 y ^ 2) * ⟪g, normalize 0 y⟫ * ‖d‖ ^ 2 := by gcongr
    _ = _ := by
      have scale_ne_zero := (scale_pos (ε := 0) (y := y) (by rwa [add_zero])).ne'
      obtain card_eq_zero | card_ne_zero := eq_or_ne (Fintype.card ι : ℝ) 0
      · simp [card_eq_zero]
      · field_simp

end BatchNorm

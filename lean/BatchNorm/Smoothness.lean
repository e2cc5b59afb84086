/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public import BatchNorm.SecondDerivative

/-!
# Theorem 4.2: the Hessian of the loss through BatchNorm

The second derivative of the loss at the layer's input, along a direction `d` that is orthogonal to
`1` and to `ŷ`. Along such a direction `σ` does not move and `ŷ` moves by `d / σ`, to first order.
With `G` the gradient of the loss as a function of the layer's output and `H` its derivative (the
Hessian of the loss), what comes out is `γ² / σ² ⟪H d, d⟫ - γ / (m σ²) ⟪g, ŷ⟫ ‖d‖²`.

The paper states `≤`, for the gradient as `d`, at `ε = 0`. It is an equality, for every such `d` and
for every `ε`; for the gradient to be such a direction, `ε = 0` is needed in general. The loss
needs a gradient near to the layer's output, and a second derivative there; it may have kinks
elsewhere.

## Main results

* `BatchNorm.inner_fderiv_gradient_comp_forward_gradient`: Theorem 4.2, first part.
* `BatchNorm.inner_fderiv_gradient_comp_forward_gradient_le`: Theorem 4.2, second part.
* `BatchNorm.inner_fderiv_gradient_comp_forward`: the quadratic form, for every direction off the
  span of `1` and `ŷ`, and every `ε`.
* `BatchNorm.hasDerivAt_inner_backward_add_smul`: the same as the derivative of
  `t ↦ ⟪∇ (y + t d), d⟫`, with formula (1) for the gradient `∇`.
-/

public section

open Topology
open scoped RealInnerProductSpace Gradient

namespace BatchNorm

variable {ι : Type*} [Fintype ι]

variable {γ β ε : ℝ} {y d : EuclideanSpace ℝ ι} {G : EuclideanSpace ℝ ι → EuclideanSpace ℝ ι}
  {H : EuclideanSpace ℝ ι →L[ℝ] EuclideanSpace ℝ ι} {L : EuclideanSpace ℝ ι → ℝ}

/-- The quadratic form of the Hessian along a direction orthogonal to `1` and `ŷ`. -/
theorem inner_hessian_self (γ ε : ℝ) (y g : EuclideanSpace ℝ ι)
    (H : EuclideanSpace ℝ ι →L[ℝ] EuclideanSpace ℝ ι) (hd : ⟪ones, d⟫ = 0)
    (hd' : ⟪normalize ε y, d⟫ = 0) :
    ⟪hessian γ ε y g H d, d⟫ = γ ^ 2 / scale ε y ^ 2 * ⟪H d, d⟫ -
      γ / (Fintype.card ι * scale ε y ^ 2) * ⟪g, normalize ε y⟫ * ‖d‖ ^ 2 := by
  rw [inner_hessian_left, backward_of_inner_eq_zero γ ε y hd hd',
    backward_of_inner_eq_zero 1 ε y hd hd', map_smul, real_inner_smul_left, real_inner_smul_right,
    real_inner_smul_left, real_inner_self_eq_norm_sq, hd', real_inner_comm (normalize ε y)]
  ring

/-- The quadratic form of the Hessian, with the gradient and the Hessian as mathlib's `∇` and
`fderiv`: `G` is the gradient of the loss near the layer's output, `H` its derivative there. -/
@[bridge "Thm 4.2" "for every direction off the span of 1 and ŷ, and every ε"]
theorem inner_fderiv_gradient_comp_forward
    (hL : ∀ᶠ z in 𝓝 (forward γ β ε y), HasGradientAt L (G z) z)
    (hG : HasFDerivAt G H (forward γ β ε y)) (h : 0 < variance y + ε) (hd : ⟪ones, d⟫ = 0)
    (hd' : ⟪normalize ε y, d⟫ = 0) :
    ⟪fderiv ℝ (∇ fun y ↦ L (forward γ β ε y)) y d, d⟫ = γ ^ 2 / scale ε y ^ 2 * ⟪H d, d⟫ -
      γ / (Fintype.card ι * scale ε y ^ 2) * ⟪G (forward γ β ε y), normalize ε y⟫ * ‖d‖ ^ 2 := by
  rw [(hasFDerivAt_gradient_comp_forward hL hG h).fderiv, inner_hessian_self γ ε y _ H hd hd']

/-- The quadratic form of the Hessian at the layer's input, as the derivative of formula (1) along a
line. -/
@[bridge "Thm 4.2" "as the derivative of formula (1) along a line"]
theorem hasDerivAt_inner_backward_add_smul (hG : HasFDerivAt G H (forward γ β ε y))
    (h : 0 < variance y + ε) (hd : ⟪ones, d⟫ = 0) (hd' : ⟪normalize ε y, d⟫ = 0) :
    HasDerivAt (fun t : ℝ ↦ ⟪backward γ ε (y + t • d) (G (forward γ β ε (y + t • d))), d⟫)
      (γ ^ 2 / scale ε y ^ 2 * ⟪H d, d⟫ - γ / (Fintype.card ι * scale ε y ^ 2) *
        ⟪G (forward γ β ε y), normalize ε y⟫ * ‖d‖ ^ 2) 0 := by
  rw [← inner_hessian_self γ ε y _ H hd hd']
  simpa using ((hasFDerivAt_backward_forward hG h).comp_hasDerivAt_of_eq 0
    (hasDerivAt_add_smul y d) (by simp)).inner ℝ (hasDerivAt_const (0 : ℝ) d)

section EpsZero

variable (hL : ∀ᶠ z in 𝓝 (forward γ β 0 y), HasGradientAt L (G z) z)
  (hG : HasFDerivAt G H (forward γ β 0 y))
  (hd : HasGradientAt (fun y ↦ L (forward γ β 0 y)) d y) (h : 0 < variance y)

include hL hG hd h

/-- **Theorem 4.2** of the paper, the first part, as an equation: along the gradient `d` of the loss
at the layer's input, with `G` the gradient of the loss and `H` its Hessian at the layer's output.
The paper states `≤`. -/
@[bridge "Thm 4.2"]
theorem inner_fderiv_gradient_comp_forward_gradient :
    ⟪fderiv ℝ (∇ fun y ↦ L (forward γ β 0 y)) y d, d⟫ = γ ^ 2 / scale 0 y ^ 2 * ⟪H d, d⟫ -
      γ / (Fintype.card ι * scale 0 y ^ 2) * ⟪G (forward γ β 0 y), normalize 0 y⟫ * ‖d‖ ^ 2 := by
  have h' : 0 < variance y + 0 := by rwa [add_zero]
  have d_eq := hd.unique (hasGradientAt_comp_forward hL.self_of_nhds h')
  refine inner_fderiv_gradient_comp_forward hL hG h' ?_ ?_
  · rw [d_eq, inner_ones_backward]
  · rw [d_eq, inner_normalize_backward_eps_zero γ _ h]

/-- **Theorem 4.2** of the paper, the second part. The paper asks that the Hessian of the loss
preserves the relative norms of the two gradients; what its proof needs is `⟪H d, d⟫ ≤ ⟪H g, g⟫`,
with `g` the gradient at the layer's output. It holds at `γ = 0` too, where both sides are `0`. -/
@[bridge "Thm 4.2" "the second part"]
theorem inner_fderiv_gradient_comp_forward_gradient_le
    (hH : ⟪H d, d⟫ ≤ ⟪H (G (forward γ β 0 y)), G (forward γ β 0 y)⟫) :
    ⟪fderiv ℝ (∇ fun y ↦ L (forward γ β 0 y)) y d, d⟫ ≤ γ ^ 2 / scale 0 y ^ 2 *
      (⟪H (G (forward γ β 0 y)), G (forward γ β 0 y)⟫ -
        1 / (Fintype.card ι * γ) * ⟪G (forward γ β 0 y), normalize 0 y⟫ * ‖d‖ ^ 2) := by
  rw [inner_fderiv_gradient_comp_forward_gradient hL hG hd h]
  obtain rfl | hγ := eq_or_ne γ 0
  · simp
  calc
    _ ≤ γ ^ 2 / scale 0 y ^ 2 * ⟪H (G (forward γ β 0 y)), G (forward γ β 0 y)⟫ -
        γ / (Fintype.card ι * scale 0 y ^ 2) * ⟪G (forward γ β 0 y), normalize 0 y⟫ * ‖d‖ ^ 2 := by
      gcongr
    _ = _ := by
      have scale_ne_zero := (scale_pos (ε := 0) (y := y) (by rwa [add_zero])).ne'
      have := nonempty_of_variance_pos h
      have card_ne_zero : (Fintype.card ι : ℝ) ≠ 0 := by exact_mod_cast Fintype.card_ne_zero
      field_simp

end EpsZero

end BatchNorm

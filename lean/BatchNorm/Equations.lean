/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public import BatchNorm.Bound
public import BatchNorm.Geometry
public import BatchNorm.Gradient

/-!
# Equations (1) to (7) for the gradients themselves

The chain for any loss `L`, in terms of derivatives alone: `g` is the gradient of `L` at the output
of the layer, `d` that of the loss after the layer at its input, `Dγ` and `Dβ` its derivatives in
the parameters. The formula `backward` does not occur in the statements: equation (1) puts it in,
and takes it out.

## Main results

* `BatchNorm.eq_backward_of_hasGradientAt`: equation (1).
* `BatchNorm.eq_smul_sub_inner_smul_of_hasGradientAt`: equation (2).
* `BatchNorm.eq_smul_sub_mean_smul_of_hasGradientAt`: equation (3).
* `BatchNorm.eq_smul_sub_inner_unit_smul_of_hasGradientAt`: equation (4).
* `BatchNorm.norm_sq_eq_mul_norm_sq_of_hasGradientAt`: equation (5).
* `BatchNorm.norm_sq_eq_mul_sub_inner_sq_of_hasGradientAt`: equation (6).
* `BatchNorm.norm_sq_eq_of_hasGradientAt`: equation (7), which is Theorem 4.1 of the paper.
* `BatchNorm.norm_sq_eq_sub_sq_of_hasDerivAt`: equation (7) with the derivatives in `γ` and `β`.
* `BatchNorm.norm_sq_eq_two_sub_of_hasGradientAt`: equation (7ε).
* `BatchNorm.norm_sq_le_of_hasGradientAt`: Theorem 4.1 for every `ε ≥ 0`.
* `BatchNorm.eq_zero_of_hasGradientAt`: a batch of two that differ has the gradient `0`.
* `BatchNorm.norm_sq_ne_of_hasGradientAt`, `BatchNorm.exists_norm_sq_ne`: as an equation, (7) fails
  for every `ε > 0`.
-/

public section

open scoped RealInnerProductSpace

namespace BatchNorm

variable {ι : Type*} [Fintype ι] {γ β ε : ℝ} {y g d : EuclideanSpace ℝ ι}
  {L : EuclideanSpace ℝ ι → ℝ}

/-- The gradient of the loss at the layer's input is the one that formula (1) gives. -/
@[bridge "1" "for the gradients"]
theorem eq_backward_of_hasGradientAt (hL : HasGradientAt L g (forward γ β ε y))
    (hd : HasGradientAt (fun y ↦ L (forward γ β ε y)) d y) (h : 0 < variance y + ε) :
    d = backward γ ε y g :=
  hd.unique (hasGradientAt_comp_forward hL h)

/-- **Equation (2)** for the gradients. -/
@[bridge "2" "for the gradients"]
theorem eq_smul_sub_inner_smul_of_hasGradientAt (hL : HasGradientAt L g (forward γ β ε y))
    (hd : HasGradientAt (fun y ↦ L (forward γ β ε y)) d y) (h : 0 < variance y + ε) :
    d = (γ / (Fintype.card ι * scale ε y)) •
      ((Fintype.card ι : ℝ) • g - ⟪ones, g⟫ • ones - ⟪g, normalize ε y⟫ • normalize ε y) := by
  rw [eq_backward_of_hasGradientAt hL hd h, backward_eq_smul_sub_inner_smul]

/-- **Equation (3)** for the gradients. -/
@[bridge "3" "for the gradients"]
theorem eq_smul_sub_mean_smul_of_hasGradientAt (hL : HasGradientAt L g (forward γ β ε y))
    (hd : HasGradientAt (fun y ↦ L (forward γ β ε y)) d y) (h : 0 < variance y + ε) :
    d = (γ / scale ε y) • (g - mean g • ones -
      (1 / Fintype.card ι * ⟪g - mean g • ones, normalize ε y⟫) • normalize ε y) := by
  rw [eq_backward_of_hasGradientAt hL hd h, backward_eq_smul_sub_mean_smul]

section EpsZero

variable (hL : HasGradientAt L g (forward γ β 0 y))
  (hd : HasGradientAt (fun y ↦ L (forward γ β 0 y)) d y) (h : 0 < variance y)

include hL hd h

/-- **Equation (4)** for the gradients. -/
@[bridge "4" "for the gradients"]
theorem eq_smul_sub_inner_unit_smul_of_hasGradientAt :
    d = (γ / scale 0 y) • (g - mean g • ones -
      ⟪g - mean g • ones, ‖normalize 0 y‖⁻¹ • normalize 0 y⟫ •
        (‖normalize 0 y‖⁻¹ • normalize 0 y)) := by
  rw [eq_backward_of_hasGradientAt hL hd (by rwa [add_zero]),
    backward_eps_zero_eq_smul_sub_inner_unit_smul γ g h]

/-- **Equation (5)** for the gradients. -/
@[bridge "5" "for the gradients"]
theorem norm_sq_eq_mul_norm_sq_of_hasGradientAt :
    ‖d‖ ^ 2 = γ ^ 2 / scale 0 y ^ 2 * ‖g - mean g • ones -
      ⟪g - mean g • ones, ‖normalize 0 y‖⁻¹ • normalize 0 y⟫ •
        (‖normalize 0 y‖⁻¹ • normalize 0 y)‖ ^ 2 := by
  rw [eq_backward_of_hasGradientAt hL hd (by rwa [add_zero]),
    norm_sq_backward_eps_zero_eq_mul_norm_sq γ g h]

/-- **Equation (6)** for the gradients. -/
@[bridge "6" "for the gradients"]
theorem norm_sq_eq_mul_sub_inner_sq_of_hasGradientAt :
    ‖d‖ ^ 2 = γ ^ 2 / scale 0 y ^ 2 * (‖g - mean g • ones‖ ^ 2 -
      ⟪g - mean g • ones, ‖normalize 0 y‖⁻¹ • normalize 0 y⟫ ^ 2) := by
  rw [eq_backward_of_hasGradientAt hL hd (by rwa [add_zero]),
    norm_sq_backward_eps_zero_eq_mul_sub_inner_sq γ g h]

/-- **Equation (7)** for the gradients, with the derivatives of the loss in `γ` and in `β`, whatever
they are. -/
@[bridge "7" "for the gradients, with the derivatives in γ and β"]
theorem norm_sq_eq_sub_sq_of_hasDerivAt {Dγ Dβ : ℝ}
    (hγ : HasDerivAt (fun γ ↦ L (forward γ β 0 y)) Dγ γ)
    (hβ : HasDerivAt (fun β ↦ L (forward γ β 0 y)) Dβ β) :
    ‖d‖ ^ 2 = γ ^ 2 / scale 0 y ^ 2 *
      (‖g‖ ^ 2 - Dβ ^ 2 / Fintype.card ι - Dγ ^ 2 / Fintype.card ι) := by
  rw [eq_backward_of_hasGradientAt hL hd (by rwa [add_zero]),
    hγ.unique (hasDerivAt_comp_forward_gamma hL), hβ.unique (hasDerivAt_comp_forward_beta hL),
    norm_sq_backward_eps_zero_eq_mul_sub_sq γ g h]

/-- A batch of two that differ has the gradient `0`, at `ε = 0` and whatever the loss is: the layer
puts out `γ + β` and `β - γ`. (That there are two and that they differ is `0 < variance y`.) -/
@[bridge "geometry" "two samples, for the gradients"]
theorem eq_zero_of_hasGradientAt (hι : Fintype.card ι ≤ 2) : d = 0 := by
  rw [eq_backward_of_hasGradientAt hL hd (by rwa [add_zero]),
    backward_eps_zero_of_card_le_two γ g y hι]

end EpsZero

/-- **Theorem 4.1** of the paper, for the gradients themselves and as an equation: `g` is the
gradient of the loss at the output of the layer, `d` that at its input. The paper states `≤`. -/
@[bridge "Thm 4.1" "for the gradients"]
theorem norm_sq_eq_of_hasGradientAt (hL : HasGradientAt L g (forward γ β 0 y))
    (hd : HasGradientAt (fun y ↦ L (forward γ β 0 y)) d y) (h : 0 < variance y) :
    ‖d‖ ^ 2 = γ ^ 2 / scale 0 y ^ 2 *
      (‖g‖ ^ 2 - ⟪ones, g⟫ ^ 2 / Fintype.card ι - ⟪g, normalize 0 y⟫ ^ 2 / Fintype.card ι) := by
  rw [eq_backward_of_hasGradientAt hL hd (by rwa [add_zero]), norm_sq_backward_eps_zero γ g h]

/-- **Theorem 4.1** of the paper for every `ε ≥ 0`, where it is an inequality. -/
@[bridge "Thm 4.1" "for the gradients and every ε"]
theorem norm_sq_le_of_hasGradientAt (hL : HasGradientAt L g (forward γ β ε y))
    (hd : HasGradientAt (fun y ↦ L (forward γ β ε y)) d y) (hε : 0 ≤ ε)
    (h : 0 < variance y + ε) :
    ‖d‖ ^ 2 ≤ γ ^ 2 / scale ε y ^ 2 *
      (‖g‖ ^ 2 - ⟪ones, g⟫ ^ 2 / Fintype.card ι - ⟪g, normalize ε y⟫ ^ 2 / Fintype.card ι) := by
  rw [eq_backward_of_hasGradientAt hL hd h]
  exact norm_sq_backward_le γ g hε h

/-- As an equation, (7) fails for every `ε > 0` and `γ ≠ 0`, as soon as `g` has a part along `ŷ`. -/
theorem norm_sq_ne_of_hasGradientAt (hL : HasGradientAt L g (forward γ β ε y))
    (hd : HasGradientAt (fun y ↦ L (forward γ β ε y)) d y) (hγ : γ ≠ 0) (hε : 0 < ε)
    (hg : ⟪g, normalize ε y⟫ ≠ 0) :
    ‖d‖ ^ 2 ≠ γ ^ 2 / scale ε y ^ 2 *
      (‖g‖ ^ 2 - ⟪ones, g⟫ ^ 2 / Fintype.card ι - ⟪g, normalize ε y⟫ ^ 2 / Fintype.card ι) := by
  rw [eq_backward_of_hasGradientAt hL hd (add_pos_of_nonneg_of_pos (variance_nonneg y) hε)]
  exact norm_sq_backward_ne hγ hε hg

/-- For every `ε > 0` and `γ ≠ 0` and every batch that is not constant there is a loss for which
equation (7) is false: the inner product with `ŷ` is one. -/
theorem exists_norm_sq_ne (β : ℝ) (hγ : γ ≠ 0) (hε : 0 < ε) (h : 0 < variance y) :
    ∃ (L : EuclideanSpace ℝ ι → ℝ) (g d : EuclideanSpace ℝ ι),
      HasGradientAt L g (forward γ β ε y) ∧
      HasGradientAt (fun y ↦ L (forward γ β ε y)) d y ∧
      ‖d‖ ^ 2 ≠ γ ^ 2 / scale ε y ^ 2 *
        (‖g‖ ^ 2 - ⟪ones, g⟫ ^ 2 / Fintype.card ι - ⟪g, normalize ε y⟫ ^ 2 / Fintype.card ι) := by
  obtain ⟨g, hg⟩ := exists_norm_sq_backward_ne_of_variance_pos hγ hε h
  have hL : HasGradientAt (fun z ↦ ⟪g, z⟫) g (forward γ β ε y) :=
    hasGradientAt_iff_hasFDerivAt.2 (innerSL ℝ g).hasFDerivAt
  exact ⟨_, g, _, hL, hasGradientAt_comp_forward hL (add_pos h hε), hg⟩

/-- **Equation (7ε)** for the gradients. -/
@[bridge "7ε" "for the gradients"]
theorem norm_sq_eq_two_sub_of_hasGradientAt (hL : HasGradientAt L g (forward γ β ε y))
    (hd : HasGradientAt (fun y ↦ L (forward γ β ε y)) d y) (h : 0 < variance y + ε) :
    ‖d‖ ^ 2 = γ ^ 2 / scale ε y ^ 2 * (‖g‖ ^ 2 - ⟪ones, g⟫ ^ 2 / Fintype.card ι -
      (2 - variance y / (variance y + ε)) * ⟪g, normalize ε y⟫ ^ 2 / Fintype.card ι) := by
  rw [eq_backward_of_hasGradientAt hL hd h, norm_sq_backward γ g h]

end BatchNorm

/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public import BatchNorm.Derivative
public import BatchNorm.VJP

/-!
# The gradient of a loss through BatchNorm

Formula (1) as a theorem: where `g` is the gradient of a loss at the layer's output,
`backward γ ε y g` is its gradient at the layer's input. No loss is special, and neither is `ε`: all
that is asked is `0 < variance y + ε`. The derivative of the layer is self-adjoint, so that the
gradient of the composition, its adjoint at `g`, is itself at `g`.

## Main results

* `BatchNorm.hasVJPAt_forward`: the backward pass of the layer is formula (1).
* `BatchNorm.hasVJPAt_forward_fibers`: along the fibers of a map of positions, formula (1) in each.
* `BatchNorm.hasGradientAt_comp_forward`: equation (1).
* `BatchNorm.hasDerivAt_comp_forward_add_smul_single`: equation (1), as partial derivatives.
* `BatchNorm.hasDerivAt_comp_forward_gamma`, `BatchNorm.hasDerivAt_comp_forward_beta`,
  `BatchNorm.hasFDerivAt_comp_forward`: the derivatives in `γ`, in `β`, and in all three.
-/

public section

open scoped RealInnerProductSpace Gradient

namespace BatchNorm

variable {ι : Type*} [Fintype ι] {γ β ε : ℝ} {y g : EuclideanSpace ℝ ι} {L : EuclideanSpace ℝ ι → ℝ}

/-! ### The gradient in the batch -/

/-- The backward pass of BatchNorm: formula (1), since the derivative is self-adjoint. -/
theorem hasVJPAt_forward (γ β : ℝ) (h : 0 < variance y + ε) :
    HasVJPAt (forward γ β ε) (backward γ ε y) y :=
  ⟨_, hasFDerivAt_forward γ β h, fun g v ↦ by rw [jacobian_apply, inner_backward_left]⟩

/-- The backward pass of the normalized batch. -/
theorem hasVJPAt_normalize (h : 0 < variance y + ε) :
    HasVJPAt (normalize ε) (backward 1 ε y) y :=
  ⟨_, hasFDerivAt_normalize h, fun g v ↦ by rw [jacobian_apply, inner_backward_left]⟩

/-- **Normalization along the fibers of a map of positions**: the backward pass of the layer that
normalizes the entries with the same `r i` together, with a factor and an offset for each. BatchNorm
takes for `r i` the channel of the entry, InstanceNorm its sample and channel. -/
theorem hasVJPAt_forward_fibers {κ : Type*} [Fintype κ] [DecidableEq κ] (r : ι → κ) (γ β : κ → ℝ)
    (h : ∀ k, 0 < variance (fibers r y k) + ε) :
    HasVJPAt
      (fun y ↦ WithLp.toLp 2 fun i ↦ forward (γ (r i)) (β (r i)) ε (fibers r y (r i)) ⟨i, rfl⟩)
      (fun g ↦ WithLp.toLp 2 fun i ↦
        backward (γ (r i)) ε (fibers r y (r i)) (fibers r g (r i)) ⟨i, rfl⟩) y :=
  .along_fibers r fun k ↦ hasVJPAt_forward (γ k) (β k) (h k)

/-- **Equation (1)**, the gradient of BatchNorm: where `g` is the gradient of the loss at the
layer's output, formula (1) gives its gradient at the layer's input. -/
@[bridge "1" "the gradient"]
theorem hasGradientAt_comp_forward (hL : HasGradientAt L g (forward γ β ε y))
    (h : 0 < variance y + ε) :
    HasGradientAt (fun y ↦ L (forward γ β ε y)) (backward γ ε y g) y :=
  (hasVJPAt_forward γ β h).hasGradientAt_comp hL

/-- **Equation (1)** within a set of batches that the layer maps into a set of outputs. -/
theorem hasGradientWithinAt_comp_forward {s t : Set (EuclideanSpace ℝ ι)}
    (hL : HasGradientWithinAt L g t (forward γ β ε y)) (hst : Set.MapsTo (forward γ β ε) s t)
    (h : 0 < variance y + ε) :
    HasGradientWithinAt (fun y ↦ L (forward γ β ε y)) (backward γ ε y g) s y :=
  hL.comp_of_inner_eq (hasFDerivAt_forward γ β h).hasFDerivWithinAt hst fun v ↦ by
    rw [jacobian_apply, inner_backward_left]

/-- The gradient of the loss at the layer's input, as mathlib's `∇`. -/
theorem gradient_comp_forward (hL : DifferentiableAt ℝ L (forward γ β ε y))
    (h : 0 < variance y + ε) :
    ∇ (fun y ↦ L (forward γ β ε y)) y = backward γ ε y (∇ L (forward γ β ε y)) :=
  (hasGradientAt_comp_forward hL.hasGradientAt h).gradient

/-- The derivative of a line in the space of batches. -/
theorem hasDerivAt_add_smul (y v : EuclideanSpace ℝ ι) :
    HasDerivAt (fun t : ℝ ↦ y + t • v) v 0 := by
  simpa using ((hasDerivAt_id (0 : ℝ)).smul_const v).const_add y

/-- The derivative of the loss along a direction at the layer's input. -/
theorem hasDerivAt_comp_forward_add_smul (hL : HasGradientAt L g (forward γ β ε y))
    (h : 0 < variance y + ε) (v : EuclideanSpace ℝ ι) :
    HasDerivAt (fun t : ℝ ↦ L (forward γ β ε (y + t • v))) ⟪backward γ ε y g, v⟫ 0 :=
  HasGradientAt.comp_hasDerivAt (f := fun y ↦ L (forward γ β ε y))
    (by simpa using hasGradientAt_comp_forward hL h) (hasDerivAt_add_smul y v)

/-- **Equation (1)** as a partial derivative: how the loss changes with the value `y b` of one
sample. -/
theorem hasDerivAt_comp_forward_add_smul_single [DecidableEq ι]
    (hL : HasGradientAt L g (forward γ β ε y)) (h : 0 < variance y + ε) (b : ι) :
    HasDerivAt (fun t : ℝ ↦ L (forward γ β ε (y + t • EuclideanSpace.single b 1)))
      (γ / (Fintype.card ι * scale ε y) * (Fintype.card ι * g b - ∑ k, g k -
        normalize ε y b * ∑ k, g k * normalize ε y k)) 0 := by
  simpa [EuclideanSpace.inner_single_right, backward_apply] using
    hasDerivAt_comp_forward_add_smul hL h (EuclideanSpace.single b 1)

/-! ### The parameters of the layer -/

/-- The derivative of the loss in the factor `γ` is `⟪g, ŷ⟫`. It needs no hypothesis on the batch.
-/
@[bridge "derivative" "in γ"]
theorem hasDerivAt_comp_forward_gamma (hL : HasGradientAt L g (forward γ β ε y)) :
    HasDerivAt (fun γ ↦ L (forward γ β ε y)) (backwardGamma ε y g) γ := by
  have : HasDerivAt (fun γ ↦ forward γ β ε y) (normalize ε y) γ := by
    simp_rw [forward_eq_smul_add_smul]
    simpa using ((hasDerivAt_id γ).smul_const (normalize ε y)).add_const (β • ones)
  rw [backwardGamma_eq_inner]
  exact hL.comp_hasDerivAt this

/-- The derivative of the loss in the offset `β` is `⟪1, g⟫`. It needs no hypothesis on the batch.
-/
@[bridge "derivative" "in β"]
theorem hasDerivAt_comp_forward_beta (hL : HasGradientAt L g (forward γ β ε y)) :
    HasDerivAt (fun β ↦ L (forward γ β ε y)) (backwardBeta g) β := by
  have : HasDerivAt (fun β ↦ forward γ β ε y) ones β := by
    simp_rw [forward_eq_smul_add_smul]
    simpa using ((hasDerivAt_id β).smul_const ones).const_add (γ • normalize ε y)
  rw [backwardBeta_eq_inner, real_inner_comm]
  exact hL.comp_hasDerivAt this

/-- The derivative of the layer in the batch, the factor and the offset at once. -/
theorem hasFDerivAt_forward_uncurried (h : 0 < variance y + ε) :
    HasFDerivAt (fun p : EuclideanSpace ℝ ι × ℝ × ℝ ↦ forward p.2.1 p.2.2 ε p.1)
      (γ • (jacobian 1 ε y ∘L .fst ℝ _ _) +
        (.fst ℝ _ _ ∘L .snd ℝ _ _ : EuclideanSpace ℝ ι × ℝ × ℝ →L[ℝ] ℝ).smulRight (normalize ε y) +
        (.snd ℝ _ _ ∘L .snd ℝ _ _ : EuclideanSpace ℝ ι × ℝ × ℝ →L[ℝ] ℝ).smulRight ones)
      (y, γ, β) := by
  have hy : HasFDerivAt (fun p : EuclideanSpace ℝ ι × ℝ × ℝ ↦ normalize ε p.1)
      (jacobian 1 ε y ∘L .fst ℝ _ _) (y, γ, β) :=
    HasFDerivAt.comp (f := Prod.fst) (y, γ, β) (hasFDerivAt_normalize h) hasFDerivAt_fst
  have hγ : HasFDerivAt (fun p : EuclideanSpace ℝ ι × ℝ × ℝ ↦ p.2.1)
      (.fst ℝ _ _ ∘L .snd ℝ _ _) (y, γ, β) := hasFDerivAt_fst.comp (y, γ, β) hasFDerivAt_snd
  have hβ : HasFDerivAt (fun p : EuclideanSpace ℝ ι × ℝ × ℝ ↦ p.2.2)
      (.snd ℝ _ _ ∘L .snd ℝ _ _) (y, γ, β) := hasFDerivAt_snd.comp (y, γ, β) hasFDerivAt_snd
  simp_rw [forward_eq_smul_add_smul]
  exact (hγ.fun_smul hy).fun_add (hβ.smul_const ones)

/-- The derivative of the loss in the batch, the factor and the offset at once. -/
@[bridge "derivative" "in y, γ and β"]
theorem hasFDerivAt_comp_forward (hL : HasGradientAt L g (forward γ β ε y))
    (h : 0 < variance y + ε) :
    HasFDerivAt (fun p : EuclideanSpace ℝ ι × ℝ × ℝ ↦ L (forward p.2.1 p.2.2 ε p.1))
      ((innerSL ℝ (backward γ ε y g)).coprod
        ((ContinuousLinearMap.toSpanSingleton ℝ (backwardGamma ε y g)).coprod
          (ContinuousLinearMap.toSpanSingleton ℝ (backwardBeta g)))) (y, γ, β) := by
  refine (HasFDerivAt.comp (f := fun p : EuclideanSpace ℝ ι × ℝ × ℝ ↦ forward p.2.1 p.2.2 ε p.1)
    (y, γ, β) hL.hasFDerivAt (hasFDerivAt_forward_uncurried h)).congr_fderiv ?_
  refine ContinuousLinearMap.ext fun p ↦ ?_
  have inner_eq : ⟪backward γ ε y g, p.1⟫ = γ * ⟪g, backward 1 ε y p.1⟫ := by
    rw [inner_backward_left, ← smul_backward_one, real_inner_smul_right]
  simp [inner_eq, jacobian_apply, backwardGamma_eq_inner, backwardBeta_eq_inner,
    real_inner_comm ones g, add_assoc]

end BatchNorm

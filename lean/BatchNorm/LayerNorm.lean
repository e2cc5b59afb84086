/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public import BatchNorm.Gradient

/-!
# Layer normalization

Layer normalization is batch normalization of the features of one sample, followed by a factor and
an offset for each feature. Its gradient is that of BatchNorm with `γ = 1`, at the upstream gradient
rescaled by the factors; and so is its norm identity. The hypothesis of the norm identity is there
for the reader: where it does not hold, the scale is `0`, and Lean's division by zero makes both
sides `0`.

## Main definitions

* `LayerNorm.rescale γ y`: the componentwise product.
* `LayerNorm.forward γ β ε x`, `LayerNorm.backward γ ε x g`: the layer and its gradient.

## Main results

* `LayerNorm.hasGradientAt_comp_forward`: the gradient in the sample.
* `LayerNorm.hasGradientAt_comp_forward_gamma`, `LayerNorm.hasGradientAt_comp_forward_beta`: the
  gradients in the parameters.
* `LayerNorm.norm_sq_backward`: the norm identity, (7ε) for the rescaled gradient.

## References

* [J. L. Ba, J. R. Kiros, G. E. Hinton, *Layer Normalization* (2016)][ba2016]
-/

@[expose] public section

open scoped RealInnerProductSpace

namespace LayerNorm

variable {ι : Type*} [Fintype ι]

/-- The componentwise product of two vectors. -/
@[bridge]
noncomputable def rescale (γ y : EuclideanSpace ℝ ι) : EuclideanSpace ℝ ι :=
  WithLp.toLp 2 fun i ↦ γ i * y i

/-- The output of layer normalization: each feature of the normalized sample has its own factor and
offset. -/
@[bridge]
noncomputable def forward (γ β : EuclideanSpace ℝ ι) (ε : ℝ) (x : EuclideanSpace ℝ ι) :
    EuclideanSpace ℝ ι :=
  WithLp.toLp 2 fun i ↦ γ i * BatchNorm.normalize ε x i + β i

/-- The gradient of the loss at the input of layer normalization, from its gradient `g` at the
output. -/
@[bridge]
noncomputable def backward (γ : EuclideanSpace ℝ ι) (ε : ℝ) (x g : EuclideanSpace ℝ ι) :
    EuclideanSpace ℝ ι :=
  BatchNorm.backward 1 ε x (rescale γ g)

variable {γ β x g : EuclideanSpace ℝ ι} {ε : ℝ} {L : EuclideanSpace ℝ ι → ℝ}

/-- The backward pass of layer normalization. -/
theorem hasVJPAt_forward (γ β : EuclideanSpace ℝ ι) (h : 0 < BatchNorm.variance x + ε) :
    HasVJPAt (forward γ β ε) (backward γ ε x) x :=
  (HasVJPAt.rows fun i ↦ HasVJPAt.const_mul_add (γ i) (β i) _).comp
    (BatchNorm.hasVJPAt_normalize h)

/-- The gradient of layer normalization. -/
@[bridge "LayerNorm" "the gradient"]
theorem hasGradientAt_comp_forward (hL : HasGradientAt L g (forward γ β ε x))
    (h : 0 < BatchNorm.variance x + ε) :
    HasGradientAt (fun x ↦ L (forward γ β ε x)) (backward γ ε x g) x :=
  (hasVJPAt_forward γ β h).hasGradientAt_comp hL

/-- The gradient in the factors: componentwise `g x̂`. -/
@[bridge "LayerNorm" "the gradient in γ"]
theorem hasGradientAt_comp_forward_gamma (hL : HasGradientAt L g (forward γ β ε x)) :
    HasGradientAt (fun γ ↦ L (forward γ β ε x)) (rescale (BatchNorm.normalize ε x) g) γ := by
  have hf : HasVJPAt (fun γ ↦ forward γ β ε x) _ γ :=
    HasVJPAt.rows fun i ↦ HasVJPAt.mul_const_add (BatchNorm.normalize ε x i) (β i) _
  refine (hf.congr fun g ↦ ?_).hasGradientAt_comp hL
  ext i
  simp [rescale, mul_comm]

/-- The gradient in the offsets: `g`. -/
@[bridge "LayerNorm" "the gradient in β"]
theorem hasGradientAt_comp_forward_beta (hL : HasGradientAt L g (forward γ β ε x)) :
    HasGradientAt (fun β ↦ L (forward γ β ε x)) g β := by
  have hf : HasVJPAt (fun β ↦ forward γ β ε x) (fun g ↦ g) β :=
    HasVJPAt.rows fun i ↦ HasVJPAt.const_add (γ i * BatchNorm.normalize ε x i) _
  exact hf.hasGradientAt_comp hL

/-- The norm identity of layer normalization, for every `ε`: (7ε) for the rescaled upstream
gradient. -/
@[bridge "LayerNorm" "the norm identity"]
theorem norm_sq_backward (γ g : EuclideanSpace ℝ ι) (h : 0 < BatchNorm.variance x + ε) :
    ‖backward γ ε x g‖ ^ 2 = 1 / BatchNorm.scale ε x ^ 2 *
      (‖rescale γ g‖ ^ 2 - ⟪BatchNorm.ones, rescale γ g⟫ ^ 2 / Fintype.card ι -
        (2 - BatchNorm.variance x / (BatchNorm.variance x + ε)) *
          ⟪rescale γ g, BatchNorm.normalize ε x⟫ ^ 2 / Fintype.card ι) := by
  rw [backward, BatchNorm.norm_sq_backward 1 _ h, one_pow]

end LayerNorm

/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public import BatchNorm.Gradient

/-!
# Instance normalization

Of an array of samples, channels and positions, each channel of each sample is normalized by
itself, over its positions; factor and offset are one for each channel, shared by the samples.

## Main definitions

* `InstanceNorm.Layer.forward`, `InstanceNorm.Layer.backward`, `InstanceNorm.Layer.backwardGamma`,
  `InstanceNorm.Layer.backwardBeta`.

## Main results

* `InstanceNorm.Layer.hasGradientAt_comp_forward`,
  `InstanceNorm.Layer.hasGradientAt_comp_forward_gamma`,
  `InstanceNorm.Layer.hasGradientAt_comp_forward_beta`: the gradients in the array and the
  parameters.

## References

* [D. Ulyanov, A. Vedaldi, V. Lempitsky, *Instance Normalization: The Missing Ingredient for Fast
  Stylization* (2016)][ulyanov2016]
-/

@[expose] public section

open BatchNorm (Tensor₃ normalize)

namespace InstanceNorm.Layer

variable {ν κ σ : Type*} [Fintype ν] [Fintype κ] [Fintype σ]

/-- The output of instance normalization. -/
@[bridge]
noncomputable def forward (γ β : EuclideanSpace ℝ κ) (ε : ℝ) (x : Tensor₃ ν κ σ) : Tensor₃ ν κ σ :=
  WithLp.toLp 2 fun n ↦ WithLp.toLp 2 fun c ↦ BatchNorm.forward (γ c) (β c) ε (x n c)

/-- The gradient in the array, from the gradient `g` at the output. -/
@[bridge]
noncomputable def backward (γ : EuclideanSpace ℝ κ) (ε : ℝ) (x g : Tensor₃ ν κ σ) :
    Tensor₃ ν κ σ :=
  WithLp.toLp 2 fun n ↦ WithLp.toLp 2 fun c ↦ BatchNorm.backward (γ c) ε (x n c) (g n c)

/-- The gradient in the factors: a sum over samples and positions. -/
@[bridge]
noncomputable def backwardGamma (ε : ℝ) (x g : Tensor₃ ν κ σ) : EuclideanSpace ℝ κ :=
  WithLp.toLp 2 fun c ↦ ∑ n, ∑ s, g n c s * normalize ε (x n c) s

/-- The gradient in the offsets: a sum over samples and positions. -/
@[bridge]
noncomputable def backwardBeta (g : Tensor₃ ν κ σ) : EuclideanSpace ℝ κ :=
  WithLp.toLp 2 fun c ↦ ∑ n, ∑ s, g n c s

variable {γ β : EuclideanSpace ℝ κ} {ε : ℝ} {x g : Tensor₃ ν κ σ} {L : Tensor₃ ν κ σ → ℝ}

/-- The gradient of instance normalization in the array. -/
@[bridge "InstanceNorm" "the gradient"]
theorem hasGradientAt_comp_forward (hL : HasGradientAt L g (forward γ β ε x))
    (h : ∀ n c, 0 < BatchNorm.variance (x n c) + ε) :
    HasGradientAt (fun x ↦ L (forward γ β ε x)) (backward γ ε x g) x :=
  (HasVJPAt.rows fun n ↦ HasVJPAt.rows fun c ↦
    BatchNorm.hasVJPAt_forward (γ c) (β c) (h n c)).hasGradientAt_comp hL

/-- The gradient of instance normalization in the factors. -/
@[bridge "InstanceNorm" "the gradient in γ"]
theorem hasGradientAt_comp_forward_gamma (hL : HasGradientAt L g (forward γ β ε x)) :
    HasGradientAt (fun γ ↦ L (forward γ β ε x)) (backwardGamma ε x g) γ := by
  have hf : HasVJPAt (fun γ ↦ forward γ β ε x) (backwardGamma ε x) γ :=
    HasVJPAt.columns fun n c ↦ HasVJPAt.shared fun s ↦
      HasVJPAt.mul_const_add (normalize ε (x n c) s) (β c) _
  exact hf.hasGradientAt_comp hL

/-- The gradient of instance normalization in the offsets. -/
@[bridge "InstanceNorm" "the gradient in β"]
theorem hasGradientAt_comp_forward_beta (hL : HasGradientAt L g (forward γ β ε x)) :
    HasGradientAt (fun β ↦ L (forward γ β ε x)) (backwardBeta g) β := by
  have hf : HasVJPAt (fun β ↦ forward γ β ε x) backwardBeta β :=
    HasVJPAt.columns fun n c ↦ HasVJPAt.shared fun s ↦
      HasVJPAt.const_add (γ c * normalize ε (x n c) s) _
  exact hf.hasGradientAt_comp hL

end InstanceNorm.Layer

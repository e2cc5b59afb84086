/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public import BatchNorm.Block

/-!
# BatchNorm of an array of samples, channels and positions

The batch of a channel is a block, the channel's entries in all samples and at all positions
(rows and columns of images), so that `m = N H W`; where there is one position, an array of samples
and features is meant. Factor and offset are one for each channel.

## Main definitions

* `BatchNorm.Layer.forward`, `BatchNorm.Layer.backward`, `BatchNorm.Layer.backwardGamma`,
  `BatchNorm.Layer.backwardBeta`.

## Main results

* `BatchNorm.Layer.hasGradientAt_comp_forward`, `BatchNorm.Layer.hasGradientAt_comp_forward_gamma`,
  `BatchNorm.Layer.hasGradientAt_comp_forward_beta`: the gradients in the array and the parameters.

## References

* [S. Ioffe, C. Szegedy, *Batch Normalization: Accelerating Deep Network Training by Reducing
  Internal Covariate Shift* (2015)][ioffe2015]
-/

@[expose] public section

namespace BatchNorm.Layer

variable {ν κ σ : Type*} [Fintype ν] [Fintype κ] [Fintype σ]

/-- The output of BatchNorm in training mode. -/
@[bridge]
noncomputable def forward (γ β : EuclideanSpace ℝ κ) (ε : ℝ) (x : Tensor₃ ν κ σ) : Tensor₃ ν κ σ :=
  WithLp.toLp 2 fun n ↦ WithLp.toLp 2 fun c ↦ WithLp.toLp 2 fun s ↦
    γ c * BlockNorm.normalize ε (WithLp.toLp 2 fun k ↦ x k c) n s + β c

/-- The gradient in the array, from the gradient `g` at the output: formula (1) in each channel. -/
@[bridge]
noncomputable def backward (γ : EuclideanSpace ℝ κ) (ε : ℝ) (x g : Tensor₃ ν κ σ) :
    Tensor₃ ν κ σ :=
  WithLp.toLp 2 fun n ↦ WithLp.toLp 2 fun c ↦
    BlockNorm.backward (γ c) ε (WithLp.toLp 2 fun k ↦ x k c) (WithLp.toLp 2 fun k ↦ g k c) n

/-- The gradient in the factors: a sum over samples and positions. -/
@[bridge]
noncomputable def backwardGamma (ε : ℝ) (x g : Tensor₃ ν κ σ) : EuclideanSpace ℝ κ :=
  WithLp.toLp 2 fun c ↦ ∑ n, ∑ s, g n c s * BlockNorm.normalize ε (WithLp.toLp 2 fun k ↦ x k c) n s

/-- The gradient in the offsets: a sum over samples and positions. -/
@[bridge]
noncomputable def backwardBeta (g : Tensor₃ ν κ σ) : EuclideanSpace ℝ κ :=
  WithLp.toLp 2 fun c ↦ ∑ n, ∑ s, g n c s

variable {γ β : EuclideanSpace ℝ κ} {ε : ℝ} {x g : Tensor₃ ν κ σ} {L : Tensor₃ ν κ σ → ℝ}

/-- The gradient of BatchNorm in the array. -/
@[bridge "channels" "the gradient of a layer"]
theorem hasGradientAt_comp_forward (hL : HasGradientAt L g (forward γ β ε x))
    (h : ∀ c, 0 < BlockNorm.variance (WithLp.toLp 2 fun k ↦ x k c) + ε) :
    HasGradientAt (fun x ↦ L (forward γ β ε x)) (backward γ ε x g) x := by
  have hf := HasVJPAt.conj (x := x) (transpose : Tensor₃ ν κ σ ≃ₗᵢ[ℝ] Tensor₃ κ ν σ)
    (HasVJPAt.rows fun c ↦ BlockNorm.hasVJPAt_forward (γ c) (β c) (h c))
  exact hf.hasGradientAt_comp hL

/-- The gradient of BatchNorm in the factors. -/
@[bridge "channels" "the gradient of a layer in γ"]
theorem hasGradientAt_comp_forward_gamma (hL : HasGradientAt L g (forward γ β ε x)) :
    HasGradientAt (fun γ ↦ L (forward γ β ε x)) (backwardGamma ε x g) γ := by
  have hf : HasVJPAt (fun γ ↦ forward γ β ε x) (backwardGamma ε x) γ :=
    HasVJPAt.columns fun n c ↦ HasVJPAt.shared fun s ↦
      HasVJPAt.mul_const_add (BlockNorm.normalize ε (WithLp.toLp 2 fun k ↦ x k c) n s) (β c) _
  exact hf.hasGradientAt_comp hL

/-- The gradient of BatchNorm in the offsets. -/
@[bridge "channels" "the gradient of a layer in β"]
theorem hasGradientAt_comp_forward_beta (hL : HasGradientAt L g (forward γ β ε x)) :
    HasGradientAt (fun β ↦ L (forward γ β ε x)) (backwardBeta g) β := by
  have hf : HasVJPAt (fun β ↦ forward γ β ε x) backwardBeta β :=
    HasVJPAt.columns fun n c ↦ HasVJPAt.shared fun s ↦
      HasVJPAt.const_add (γ c * BlockNorm.normalize ε (WithLp.toLp 2 fun k ↦ x k c) n s) _
  exact hf.hasGradientAt_comp hL

end BatchNorm.Layer

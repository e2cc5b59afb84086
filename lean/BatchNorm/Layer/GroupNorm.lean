/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public import BatchNorm.Block

/-!
# Group normalization

Of an array of samples, channels and positions, the channels are put into groups, and each group
of each sample is normalized as a whole, over its channels and positions; factor and offset are one
for each channel, shared by the samples. The channels are given as groups and channels of a group.

## Main definitions

* `GroupNorm.Layer.forward`, `GroupNorm.Layer.backward`, `GroupNorm.Layer.backwardGamma`,
  `GroupNorm.Layer.backwardBeta`.

## Main results

* `GroupNorm.Layer.hasGradientAt_comp_forward`, `GroupNorm.Layer.hasGradientAt_comp_forward_gamma`,
  `GroupNorm.Layer.hasGradientAt_comp_forward_beta`: the gradients in the array and the parameters.

## References

* [Y. Wu, K. He, *Group Normalization* (2018)][wu2018]
-/

@[expose] public section

open BatchNorm (Tensor₂ Tensor₄)
open BlockNorm (normalize)

namespace GroupNorm.Layer

variable {ν α κ σ : Type*} [Fintype ν] [Fintype α] [Fintype κ] [Fintype σ]

/-- The output of group normalization. -/
@[bridge]
noncomputable def forward (γ β : Tensor₂ α κ) (ε : ℝ) (x : Tensor₄ ν α κ σ) : Tensor₄ ν α κ σ :=
  WithLp.toLp 2 fun n ↦ WithLp.toLp 2 fun a ↦ WithLp.toLp 2 fun c ↦ WithLp.toLp 2 fun s ↦
    γ a c * normalize ε (x n a) c s + β a c

/-- The gradient in the array, from the gradient `g` at the output. -/
@[bridge]
noncomputable def backward (γ : Tensor₂ α κ) (ε : ℝ) (x g : Tensor₄ ν α κ σ) :
    Tensor₄ ν α κ σ :=
  WithLp.toLp 2 fun n ↦ WithLp.toLp 2 fun a ↦ BlockNorm.backward 1 ε (x n a)
    (WithLp.toLp 2 fun c ↦ WithLp.toLp 2 fun s ↦ γ a c * g n a c s)

/-- The gradient in the factors: a sum over samples and positions. -/
@[bridge]
noncomputable def backwardGamma (ε : ℝ) (x g : Tensor₄ ν α κ σ) : Tensor₂ α κ :=
  WithLp.toLp 2 fun a ↦ WithLp.toLp 2 fun c ↦ ∑ n, ∑ s, g n a c s * normalize ε (x n a) c s

/-- The gradient in the offsets: a sum over samples and positions. -/
@[bridge]
noncomputable def backwardBeta (g : Tensor₄ ν α κ σ) : Tensor₂ α κ :=
  WithLp.toLp 2 fun a ↦ WithLp.toLp 2 fun c ↦ ∑ n, ∑ s, g n a c s

variable {γ β : Tensor₂ α κ} {ε : ℝ} {x g : Tensor₄ ν α κ σ} {L : Tensor₄ ν α κ σ → ℝ}

/-- The gradient of group normalization in the array. -/
@[bridge "GroupNorm" "the gradient"]
theorem hasGradientAt_comp_forward (hL : HasGradientAt L g (forward γ β ε x))
    (h : ∀ n a, 0 < BlockNorm.variance (x n a) + ε) :
    HasGradientAt (fun x ↦ L (forward γ β ε x)) (backward γ ε x g) x :=
  (HasVJPAt.rows fun n ↦ HasVJPAt.rows fun a ↦
    (HasVJPAt.rows fun c ↦ HasVJPAt.rows fun _ ↦ HasVJPAt.const_mul_add (γ a c) (β a c) _).comp
      (BlockNorm.hasVJPAt_normalize (h n a))).hasGradientAt_comp hL

/-- The gradient of group normalization in the factors. -/
@[bridge "GroupNorm" "the gradient in γ"]
theorem hasGradientAt_comp_forward_gamma (hL : HasGradientAt L g (forward γ β ε x)) :
    HasGradientAt (fun γ ↦ L (forward γ β ε x)) (backwardGamma ε x g) γ := by
  have hf : HasVJPAt (fun γ ↦ forward γ β ε x) _ γ :=
    HasVJPAt.shared fun n ↦ HasVJPAt.rows fun a ↦ HasVJPAt.rows fun c ↦ HasVJPAt.shared fun s ↦
      HasVJPAt.mul_const_add (normalize ε (x n a) c s) (β a c) _
  refine (hf.congr fun g ↦ ?_).hasGradientAt_comp hL
  ext a c
  simp [backwardGamma]

/-- The gradient of group normalization in the offsets. -/
@[bridge "GroupNorm" "the gradient in β"]
theorem hasGradientAt_comp_forward_beta (hL : HasGradientAt L g (forward γ β ε x)) :
    HasGradientAt (fun β ↦ L (forward γ β ε x)) (backwardBeta g) β := by
  have hf : HasVJPAt (fun β ↦ forward γ β ε x) _ β :=
    HasVJPAt.shared fun n ↦ HasVJPAt.rows fun a ↦ HasVJPAt.rows fun c ↦ HasVJPAt.shared fun s ↦
      HasVJPAt.const_add (γ a c * normalize ε (x n a) c s) _
  refine (hf.congr fun g ↦ ?_).hasGradientAt_comp hL
  ext a c
  simp [backwardBeta]

end GroupNorm.Layer

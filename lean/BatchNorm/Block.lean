/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public import BatchNorm.Gradient

/-!
# Batch normalization of a block

A block is an array with two axes that is normalized as a whole, such as the channels of a group
and their positions, or samples and positions of one channel. Its statistics are sums over both
axes, as the frameworks write them. It is batch normalization of all its entries in one batch
(`BatchNorm.flatten`), and what is known of that holds here.

## Main definitions

* `BlockNorm.mean`, `BlockNorm.variance`, `BlockNorm.scale`, `BlockNorm.normalize`,
  `BlockNorm.backward`.

## Main results

* `BlockNorm.hasVJPAt_forward`: the derivative of `γ ŷ + β` in the block.
-/

@[expose] public section

open BatchNorm (Tensor₂ flatten flatten_apply flatten_symm_apply)

namespace BlockNorm

variable {κ σ : Type*} [Fintype κ] [Fintype σ]

/-- The mean of all entries of a block. -/
@[bridge]
noncomputable def mean (y : Tensor₂ κ σ) : ℝ :=
  (∑ c, ∑ s, y c s) / (Fintype.card κ * Fintype.card σ)

/-- The biased variance of all entries of a block. -/
@[bridge]
noncomputable def variance (y : Tensor₂ κ σ) : ℝ :=
  (∑ c, ∑ s, (y c s - mean y) ^ 2) / (Fintype.card κ * Fintype.card σ)

/-- What a block is divided by: `√(variance y + ε)`. -/
@[bridge]
noncomputable def scale (ε : ℝ) (y : Tensor₂ κ σ) : ℝ :=
  √(variance y + ε)

/-- The normalized block `ŷ`: its mean taken off, and divided by its scale. -/
@[bridge]
noncomputable def normalize (ε : ℝ) (y : Tensor₂ κ σ) :
    Tensor₂ κ σ :=
  WithLp.toLp 2 fun c ↦ WithLp.toLp 2 fun s ↦ (y c s - mean y) / scale ε y

/-- Formula (1) for a block: the gradient at the block `y`, from the gradient `g` at `γ ŷ + β`. -/
@[bridge]
noncomputable def backward (γ ε : ℝ) (y g : Tensor₂ κ σ) :
    Tensor₂ κ σ :=
  WithLp.toLp 2 fun c ↦ WithLp.toLp 2 fun s ↦
    γ / (Fintype.card κ * Fintype.card σ * scale ε y) *
      (Fintype.card κ * Fintype.card σ * g c s - ∑ b, ∑ k, g b k -
        normalize ε y c s * ∑ b, ∑ k, g b k * normalize ε y b k)

variable (γ β ε : ℝ) (y g : Tensor₂ κ σ)

/-! ### A block is a batch -/

/-- The mean of a block is that of its entries. -/
theorem mean_flatten : BatchNorm.mean (flatten y) = mean y := by
  simp [mean, BatchNorm.mean, Fintype.sum_prod_type]

/-- The variance of a block is that of its entries. -/
theorem variance_flatten : BatchNorm.variance (flatten y) = variance y := by
  simp [variance, BatchNorm.variance, mean_flatten, Fintype.sum_prod_type]

/-- The standard deviation of a block, with `ε`, is that of its entries. -/
theorem scale_flatten : BatchNorm.scale ε (flatten y) = scale ε y := by
  rw [scale, BatchNorm.scale, variance_flatten]

/-- A block is normalized as its entries are. -/
theorem normalize_flatten : BatchNorm.normalize ε (flatten y) = flatten (normalize ε y) := by
  ext i
  simp [normalize, BatchNorm.normalize_apply, mean_flatten, scale_flatten]

/-- The gradient at a block is that at its entries. -/
theorem backward_flatten :
    BatchNorm.backward γ ε (flatten y) (flatten g) = flatten (backward γ ε y g) := by
  ext i
  simp [backward, BatchNorm.backward_apply, normalize_flatten, scale_flatten,
    Fintype.sum_prod_type]

/-! ### The derivative -/

variable {ε y}

/-- The backward pass of `γ ŷ + β` in the block. -/
theorem hasVJPAt_forward (h : 0 < variance y + ε) :
    HasVJPAt (fun y : Tensor₂ κ σ ↦
        (WithLp.toLp 2 fun c ↦ WithLp.toLp 2 fun s ↦ γ * normalize ε y c s + β :
          Tensor₂ κ σ))
      (backward γ ε y) y := by
  have hf := (BatchNorm.hasVJPAt_forward γ β (by rwa [variance_flatten])).conj flatten (x := y)
  simp only [backward_flatten, LinearIsometryEquiv.symm_apply_apply] at hf
  convert hf using 2 with y
  ext c s
  simp [flatten_symm_apply, BatchNorm.forward_apply, normalize_flatten]

/-- The backward pass of the normalized block. -/
theorem hasVJPAt_normalize (h : 0 < variance y + ε) :
    HasVJPAt (normalize ε) (backward 1 ε y) y := by
  simpa only [one_mul, add_zero] using hasVJPAt_forward 1 0 h

end BlockNorm

/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public import BatchNorm.RMSNorm
public import BatchNorm.VJP

/-!
# Backward passes of one batch

The derivatives of BatchNorm, layer normalization and RMS normalization of one batch, as
vector–Jacobian products: what whole layers are put together from.

## Main results

* `BatchNorm.hasVJPAt_forward`, `BatchNorm.hasVJPAt_normalize`.
* `LayerNorm.hasVJPAt_forward`.
* `RMSNorm.hasVJPAt_forward`.
-/

public section

open scoped RealInnerProductSpace

variable {ι : Type*} [Fintype ι] {y : EuclideanSpace ℝ ι} {ε : ℝ}

/-- The backward pass of BatchNorm of one batch. -/
theorem BatchNorm.hasVJPAt_forward (γ β : ℝ) (h : 0 < variance y + ε) :
    HasVJPAt (forward γ β ε) (backward γ ε y) y :=
  ⟨_, hasFDerivAt_forward γ β h, fun g v ↦ by rw [jacobian_apply, inner_backward_left]⟩

/-- The backward pass of the normalized batch. -/
theorem BatchNorm.hasVJPAt_normalize (h : 0 < variance y + ε) :
    HasVJPAt (normalize ε) (backward 1 ε y) y :=
  ⟨_, hasFDerivAt_normalize h, fun g v ↦ by rw [jacobian_apply, inner_backward_left]⟩

/-- The backward pass of layer normalization of one sample. -/
theorem LayerNorm.hasVJPAt_forward (γ β : EuclideanSpace ℝ ι) (h : 0 < BatchNorm.variance y + ε) :
    HasVJPAt (forward γ β ε) (backward γ ε y) y :=
  (HasVJPAt.rows fun i ↦ HasVJPAt.const_mul_add (γ i) (β i) _).comp
    (BatchNorm.hasVJPAt_normalize h)

/-- The backward pass of RMS normalization of one sample. -/
theorem RMSNorm.hasVJPAt_forward (γ : EuclideanSpace ℝ ι) (h : 0 < meanSquare y + ε) :
    HasVJPAt (forward γ ε) (backward γ ε y) y := by
  have hf : HasVJPAt (normalize ε) (backward BatchNorm.ones ε y) y :=
    ⟨_, hasFDerivAt_normalize h, fun g v ↦ by
      rw [inner_backward_left]
      congr 1
      ext i
      simp [LayerNorm.rescale]⟩
  have := (HasVJPAt.rows fun i ↦ HasVJPAt.const_mul_add (γ i) 0 _).comp hf
  simp only [add_zero] at this
  refine this.congr fun g ↦ ?_
  ext i
  simp [backward]

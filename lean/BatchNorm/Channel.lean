/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public import BatchNorm.Gradient

/-!
# BatchNorm of a batch with channels

A batch of `N` samples with `C` channels is normalized channel by channel, each with its own `γ` and
`β`: a family of batches `y c`, with `κ` the type of the channels. (For images the batch of one
channel runs over samples, rows and columns: `m = N H W`.) Nothing mixes the channels, so that the
gradient is taken channel by channel and the squared norms add up. With `0 < ε`, as in every
framework, the hypothesis is met by all channels at once.

## Main results

* `BatchNorm.hasGradientAt_comp_forward_channels`: the gradient of a loss of all channels.
* `BatchNorm.sum_norm_sq_backward`: the norm identity (7ε), summed over the channels.
-/

public section

open scoped RealInnerProductSpace

namespace BatchNorm

variable {ι κ : Type*} [Fintype ι] [Fintype κ] {ε : ℝ}

/-- The gradient of a loss of all channels: formula (1) in each. -/
@[bridge "channels" "the gradient"]
theorem hasGradientAt_comp_forward_channels {γ β : EuclideanSpace ℝ κ}
    {L : PiLp 2 (fun _ : κ ↦ EuclideanSpace ℝ ι) → ℝ} {y g : PiLp 2 fun _ : κ ↦ EuclideanSpace ℝ ι}
    (hL : HasGradientAt L g (WithLp.toLp 2 fun c ↦ forward (γ c) (β c) ε (y c)))
    (h : ∀ c, 0 < variance (y c) + ε) :
    HasGradientAt (fun y : PiLp 2 (fun _ : κ ↦ EuclideanSpace ℝ ι) ↦
        L (WithLp.toLp 2 fun c ↦ forward (γ c) (β c) ε (y c)))
      (WithLp.toLp 2 fun c ↦ backward (γ c) ε (y c) (g c)) y :=
  (HasVJPAt.rows fun c ↦ hasVJPAt_forward (γ c) (β c) (h c)).hasGradientAt_comp hL

/-- The norm identity (7ε), summed over the channels. It needs no hypothesis: where `variance + ε`
is not positive, Lean's division by zero makes both sides `0`. -/
@[bridge "channels"]
theorem sum_norm_sq_backward (γ : EuclideanSpace ℝ κ) (ε : ℝ) (y g : κ → EuclideanSpace ℝ ι) :
    ∑ c, ‖backward (γ c) ε (y c) (g c)‖ ^ 2 = ∑ c, γ c ^ 2 / scale ε (y c) ^ 2 *
      (‖g c‖ ^ 2 - ⟪ones, g c⟫ ^ 2 / Fintype.card ι -
        (2 - variance (y c) / (variance (y c) + ε)) *
          ⟪g c, normalize ε (y c)⟫ ^ 2 / Fintype.card ι) := by
  refine Finset.sum_congr rfl fun c _ ↦ ?_
  obtain h | h := lt_or_ge 0 (variance (y c) + ε)
  · exact norm_sq_backward (γ c) (g c) h
  · simp [backward_eq_zero_of_variance_add_nonpos (γ c) (g c) h, scale_of_variance_add_nonpos h]

end BatchNorm

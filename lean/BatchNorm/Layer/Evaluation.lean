/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public import BatchNorm.Layer.BatchNorm

/-!
# BatchNorm in evaluation mode, and its running statistics

In evaluation mode mean and variance are given numbers, one pair for each channel, and the layer is
an affine map of each entry: its gradient is `γ / √(v + ε)` times the upstream gradient, and no
hypothesis is needed. In training the given statistics run after those of the batches, with a
momentum, and the variance among them is the unbiased one.

## Main definitions

* `BatchNorm.Eval.forward`, `BatchNorm.Eval.backward`, `BatchNorm.Eval.backwardGamma`.
  The gradient in the offsets is `BatchNorm.Layer.backwardBeta`, as in training mode.
* `BatchNorm.unbiasedVariance`, `BatchNorm.runningMean`, `BatchNorm.runningVariance`: of one batch.
* `BatchNorm.Eval.runningMean`, `BatchNorm.Eval.runningVariance`: of the layer, one pair for each
  channel.

## Main results

* `BatchNorm.Eval.hasGradientAt_comp_forward`, `BatchNorm.Eval.hasGradientAt_comp_forward_gamma`,
  `BatchNorm.Eval.hasGradientAt_comp_forward_beta`: the gradients in the array and the parameters.
* `BatchNorm.Eval.forward_mean_variance`: with the batch's own statistics, the output is that of
  training mode. The gradient is in general another one: evaluation mode takes the statistics for
  constants, training mode for functions of the array.
* `BatchNorm.unbiasedVariance_eq`: `m / (m - 1)` times the biased one.
* `BatchNorm.Eval.runningMean_apply`, `BatchNorm.Eval.runningVariance_apply`: those of the layer are
  in each channel those of the batch of its entries.
-/

@[expose] public section

namespace BatchNorm.Eval

variable {ν κ σ : Type*} [Fintype ν] [Fintype κ] [Fintype σ]

/-- The output of BatchNorm in evaluation mode, with the mean `μ` and variance `v` given. -/
@[bridge]
noncomputable def forward (γ β : EuclideanSpace ℝ κ) (ε : ℝ) (μ v : EuclideanSpace ℝ κ)
    (x : Tensor₃ ν κ σ) : Tensor₃ ν κ σ :=
  WithLp.toLp 2 fun n ↦ WithLp.toLp 2 fun c ↦ WithLp.toLp 2 fun s ↦
    γ c * ((x n c s - μ c) / √(v c + ε)) + β c

/-- The gradient in the array, from the gradient `g` at the output. -/
@[bridge]
noncomputable def backward (γ : EuclideanSpace ℝ κ) (ε : ℝ) (v : EuclideanSpace ℝ κ)
    (g : Tensor₃ ν κ σ) : Tensor₃ ν κ σ :=
  WithLp.toLp 2 fun n ↦ WithLp.toLp 2 fun c ↦ WithLp.toLp 2 fun s ↦ γ c / √(v c + ε) * g n c s

/-- The gradient in the factors: a sum over samples and positions. -/
@[bridge]
noncomputable def backwardGamma (ε : ℝ) (μ v : EuclideanSpace ℝ κ) (x g : Tensor₃ ν κ σ) :
    EuclideanSpace ℝ κ :=
  WithLp.toLp 2 fun c ↦ ∑ n, ∑ s, g n c s * ((x n c s - μ c) / √(v c + ε))

variable {γ β μ v : EuclideanSpace ℝ κ} {ε : ℝ} {x g : Tensor₃ ν κ σ} {L : Tensor₃ ν κ σ → ℝ}

/-- The gradient in the array. -/
@[bridge "evaluation" "the gradient"]
theorem hasGradientAt_comp_forward (hL : HasGradientAt L g (forward γ β ε μ v x)) :
    HasGradientAt (fun x ↦ L (forward γ β ε μ v x)) (backward γ ε v g) x := by
  have affine (c : κ) (t : ℝ) :
      HasVJPAt (fun t ↦ γ c * ((t - μ c) / √(v c + ε)) + β c)
        (fun g ↦ γ c / √(v c + ε) * g) t := by
    convert HasVJPAt.const_mul_add (γ c / √(v c + ε)) (β c - γ c / √(v c + ε) * μ c) t using 2
    ring
  exact (HasVJPAt.rows fun n ↦ HasVJPAt.rows fun c ↦ HasVJPAt.rows fun s ↦
    affine c (x n c s)).hasGradientAt_comp hL

/-- The gradient in the factors. -/
@[bridge "evaluation" "the gradient in γ"]
theorem hasGradientAt_comp_forward_gamma (hL : HasGradientAt L g (forward γ β ε μ v x)) :
    HasGradientAt (fun γ ↦ L (forward γ β ε μ v x)) (backwardGamma ε μ v x g) γ := by
  have hf : HasVJPAt (fun γ ↦ forward γ β ε μ v x) (backwardGamma ε μ v x) γ :=
    HasVJPAt.columns fun n c ↦ HasVJPAt.shared fun s ↦
      HasVJPAt.mul_const_add ((x n c s - μ c) / √(v c + ε)) (β c) _
  exact hf.hasGradientAt_comp hL

/-- The gradient in the offsets: that of training mode. -/
@[bridge "evaluation" "the gradient in β"]
theorem hasGradientAt_comp_forward_beta (hL : HasGradientAt L g (forward γ β ε μ v x)) :
    HasGradientAt (fun β ↦ L (forward γ β ε μ v x)) (Layer.backwardBeta g) β := by
  have hf : HasVJPAt (fun β ↦ forward γ β ε μ v x) Layer.backwardBeta β :=
    HasVJPAt.columns fun n c ↦ HasVJPAt.shared fun s ↦
      HasVJPAt.const_add (γ c * ((x n c s - μ c) / √(v c + ε))) _
  exact hf.hasGradientAt_comp hL

omit [Fintype κ] in
/-- With the mean and variance of the batch itself, the output is that in training mode. -/
@[bridge "evaluation" "with the batch's own statistics"]
theorem forward_mean_variance (γ β : EuclideanSpace ℝ κ) (ε : ℝ) (x : Tensor₃ ν κ σ) :
    forward γ β ε (WithLp.toLp 2 fun c ↦ BlockNorm.mean (WithLp.toLp 2 fun n ↦ x n c))
        (WithLp.toLp 2 fun c ↦ BlockNorm.variance (WithLp.toLp 2 fun n ↦ x n c)) x =
      Layer.forward γ β ε x :=
  rfl

end BatchNorm.Eval

namespace BatchNorm

variable {ι : Type*} [Fintype ι]

/-- The unbiased variance of a batch, which divides by `m - 1`. -/
@[bridge]
noncomputable def unbiasedVariance (y : EuclideanSpace ℝ ι) : ℝ :=
  (∑ i, (y i - mean y) ^ 2) / (Fintype.card ι - 1)

/-- The running mean `μ` after a batch, with the momentum `q`. -/
@[bridge]
noncomputable def runningMean (q μ : ℝ) (y : EuclideanSpace ℝ ι) : ℝ :=
  (1 - q) * μ + q * mean y

/-- The running variance `v` after a batch, with the momentum `q`. -/
@[bridge]
noncomputable def runningVariance (q v : ℝ) (y : EuclideanSpace ℝ ι) : ℝ :=
  (1 - q) * v + q * unbiasedVariance y

variable (q μ v : ℝ) (y : EuclideanSpace ℝ ι)

/-- The unbiased variance is `m / (m - 1)` times the biased one. -/
@[bridge "evaluation" "the unbiased variance"]
theorem unbiasedVariance_eq :
    unbiasedVariance y = Fintype.card ι / (Fintype.card ι - 1) * variance y := by
  rw [unbiasedVariance, ← card_mul_variance, div_mul_eq_mul_div]

/-- A batch multiplies the distance of the running mean from its own by `1 - q`. -/
@[bridge "evaluation" "the running mean"]
theorem runningMean_sub_mean : runningMean q μ y - mean y = (1 - q) * (μ - mean y) := by
  rw [runningMean]
  ring

/-- A batch multiplies the distance of the running variance from its own by `1 - q`. -/
@[bridge "evaluation" "the running variance"]
theorem runningVariance_sub_unbiasedVariance :
    runningVariance q v y - unbiasedVariance y = (1 - q) * (v - unbiasedVariance y) := by
  rw [runningVariance]
  ring

end BatchNorm

namespace BatchNorm.Eval

variable {ν κ σ : Type*} [Fintype ν] [Fintype σ]

/-- The running means of the channels after an array, with the momentum `q`. -/
@[bridge]
noncomputable def runningMean (q : ℝ) (μ : EuclideanSpace ℝ κ) (x : Tensor₃ ν κ σ) :
    EuclideanSpace ℝ κ :=
  WithLp.toLp 2 fun c ↦ (1 - q) * μ c + q * BlockNorm.mean (WithLp.toLp 2 fun n ↦ x n c)

/-- The running variances of the channels after an array, with the momentum `q`: what is kept of an
array with `m` entries in a channel is the unbiased variance, `m / (m - 1)` times the biased one. -/
@[bridge]
noncomputable def runningVariance (q : ℝ) (v : EuclideanSpace ℝ κ) (x : Tensor₃ ν κ σ) :
    EuclideanSpace ℝ κ :=
  WithLp.toLp 2 fun c ↦ (1 - q) * v c + q * (Fintype.card ν * Fintype.card σ /
    (Fintype.card ν * Fintype.card σ - 1) * BlockNorm.variance (WithLp.toLp 2 fun n ↦ x n c))

variable (q : ℝ) (μ v : EuclideanSpace ℝ κ) (x : Tensor₃ ν κ σ) (c : κ)

/-- The running mean of a channel is that of the batch of its entries. -/
theorem runningMean_apply : runningMean q μ x c =
    BatchNorm.runningMean q (μ c) (flatten (WithLp.toLp 2 fun n ↦ x n c)) := by
  rw [BatchNorm.runningMean, BlockNorm.mean_flatten]
  rfl

/-- The running variance of a channel is that of the batch of its entries. -/
theorem runningVariance_apply : runningVariance q v x c =
    BatchNorm.runningVariance q (v c) (flatten (WithLp.toLp 2 fun n ↦ x n c)) := by
  rw [BatchNorm.runningVariance, unbiasedVariance_eq, BlockNorm.variance_flatten,
    Fintype.card_prod, Nat.cast_mul]
  rfl

/-- The running variance of a channel, with the unbiased variance of its entries written out. -/
@[bridge "evaluation" "the running variances of a layer"]
theorem runningVariance_eq : runningVariance q v x c = (1 - q) * v c + q *
    ((∑ n, ∑ s, (x n c s - BlockNorm.mean (WithLp.toLp 2 fun k ↦ x k c)) ^ 2) /
      (Fintype.card ν * Fintype.card σ - 1)) := by
  rw [runningVariance_apply, BatchNorm.runningVariance, unbiasedVariance, BlockNorm.mean_flatten]
  simp [Fintype.sum_prod_type]

/-- An array multiplies the distance of a channel's running mean from its own by `1 - q`. -/
@[bridge "evaluation" "the running means of a layer"]
theorem runningMean_sub_mean : runningMean q μ x c - BlockNorm.mean (WithLp.toLp 2 fun n ↦ x n c) =
    (1 - q) * (μ c - BlockNorm.mean (WithLp.toLp 2 fun n ↦ x n c)) := by
  rw [runningMean_apply, ← BlockNorm.mean_flatten]
  exact BatchNorm.runningMean_sub_mean q (μ c) _

end BatchNorm.Eval

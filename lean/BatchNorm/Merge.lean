/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public import BatchNorm.Block

/-!
# Statistics of a batch from those of its parts

Where a batch is spread over devices (SyncBN), comes in pieces (Chan) or entry by entry (Welford),
its mean and variance are made of those of the parts and their sizes, and its gradient of sums that
are merged. The merged batch of `y` and `z` is `append y z`, over `ι ⊕ κ`.

## Main definitions

* `BatchNorm.mergedMean`, `BatchNorm.mergedVariance`: from sizes, means and variances.
* `BatchNorm.mergedBackward`: formula (1) for a part, from merged statistics and sums.

## Main results

* `BatchNorm.mean_append`, `BatchNorm.variance_append`; in sums: `BatchNorm.mergedMean_eq`,
  `BatchNorm.mergedVariance_eq`.
* `BatchNorm.mergedMean_one`, `BatchNorm.mergedVariance_one`: one more entry.
* `BlockNorm.mean_eq_mean`, `BlockNorm.variance_eq_add`: any number of parts of one size.
* `BatchNorm.backward_append`, `BlockNorm.backward_eq_mergedBackward`: the gradient, of two parts
  and of any number of one size.

## References

* [B. P. Welford, *Note on a Method for Calculating Corrected Sums of Squares and Products*
  (1962)][welford1962]
* [T. F. Chan, G. H. Golub, R. J. LeVeque, *Algorithms for Computing the Sample Variance: Analysis
  and Recommendations* (1983)][chan1983]
-/

@[expose] public section

namespace BatchNorm

variable {ι κ : Type*} [Fintype ι] [Fintype κ]

/-- The mean of a batch from the sizes `m`, `n` and means `μ`, `μ'` of its two parts. -/
@[bridge]
noncomputable def mergedMean (m n μ μ' : ℝ) : ℝ :=
  (m * μ + n * μ') / (m + n)

/-- The variance of a batch from the sizes, means and variances of its two parts. -/
@[bridge]
noncomputable def mergedVariance (m n μ μ' v v' : ℝ) : ℝ :=
  (m * v + n * v') / (m + n) + m * n * (μ - μ') ^ 2 / (m + n) ^ 2

/-- Formula (1) for a part `y` of a batch with `m` entries, mean `μ` and variance `v`, where `s` is
the sum of the upstream gradient over the batch and `t` that of its products with `ŷ`. -/
@[bridge]
noncomputable def mergedBackward (γ ε m μ v s t : ℝ) (y g : EuclideanSpace ℝ ι) :
    EuclideanSpace ℝ ι :=
  WithLp.toLp 2 fun i ↦ γ / (m * √(v + ε)) * (m * g i - s - (y i - μ) / √(v + ε) * t)

/-- The merged batch. -/
def append (y : EuclideanSpace ℝ ι) (z : EuclideanSpace ℝ κ) : EuclideanSpace ℝ (ι ⊕ κ) :=
  WithLp.toLp 2 (Sum.elim y z)

variable (y g : EuclideanSpace ℝ ι) (z h : EuclideanSpace ℝ κ) (γ ε : ℝ)

/-- `m` times the mean is the sum. -/
@[bridge "definition" "m times the mean"]
theorem card_mul_mean : Fintype.card ι * mean y = ∑ i, y i := by
  cases isEmpty_or_nonempty ι
  · simp
  · exact mul_div_cancel₀ _ (by exact_mod_cast Fintype.card_ne_zero)

/-- The squared deviations from any number: from the mean, and that of the mean. -/
@[bridge "merging" "deviations from any number"]
theorem sum_sub_sq (a : ℝ) :
    ∑ i, (y i - a) ^ 2 = Fintype.card ι * (variance y + (mean y - a) ^ 2) := by
  have (i : ι) : (y i - a) ^ 2 =
      (y i - mean y) ^ 2 + 2 * (mean y - a) * (y i - mean y) + (mean y - a) ^ 2 := by ring
  simp_rw [this, Finset.sum_add_distrib, ← Finset.mul_sum, sum_sub_mean, mul_add,
    card_mul_variance]
  simp

/-- The merged mean is the mean of all entries. -/
@[bridge "merging"]
theorem mergedMean_eq : mergedMean (Fintype.card ι) (Fintype.card κ) (mean y) (mean z) =
    (∑ i, y i + ∑ k, z k) / (Fintype.card ι + Fintype.card κ) := by
  rw [mergedMean, card_mul_mean, card_mul_mean]

/-- The merged variance is the mean of the squared deviations from the merged mean. -/
@[bridge "merging"]
theorem mergedVariance_eq :
    mergedVariance (Fintype.card ι) (Fintype.card κ) (mean y) (mean z) (variance y) (variance z) =
      (∑ i, (y i - mergedMean (Fintype.card ι) (Fintype.card κ) (mean y) (mean z)) ^ 2 +
        ∑ k, (z k - mergedMean (Fintype.card ι) (Fintype.card κ) (mean y) (mean z)) ^ 2) /
          (Fintype.card ι + Fintype.card κ) := by
  rw [sum_sub_sq, sum_sub_sq, mergedVariance, mergedMean]
  obtain h | h := eq_or_ne ((Fintype.card ι : ℝ) + Fintype.card κ) 0
  · simp [h]
  · field_simp
    ring

/-- The mean of two parts together is the merged mean. -/
theorem mean_append :
    mean (append y z) = mergedMean (Fintype.card ι) (Fintype.card κ) (mean y) (mean z) := by
  rw [mergedMean_eq]
  simp [mean, append]

/-- The variance of two parts together is the merged variance. -/
theorem variance_append : variance (append y z) =
    mergedVariance (Fintype.card ι) (Fintype.card κ) (mean y) (mean z) (variance y)
      (variance z) := by
  rw [mergedVariance_eq, variance, mean_append]
  simp [append]

/-- One more entry `t` moves the mean by its deviation, divided by the new size. -/
@[bridge "merging" "one more entry"]
theorem mergedMean_one {m : ℝ} (hm : m + 1 ≠ 0) (μ t : ℝ) :
    mergedMean m 1 μ t = μ + (t - μ) / (m + 1) := by
  rw [mergedMean]
  field_simp
  ring

/-- One more entry `t` adds to the sum of the squared deviations the product of its deviations from
the old and from the new mean. -/
@[bridge "merging" "one more entry"]
theorem mergedVariance_one {m : ℝ} (hm : m + 1 ≠ 0) (μ v t : ℝ) :
    (m + 1) * mergedVariance m 1 μ t v 0 = m * v + (t - μ) * (t - mergedMean m 1 μ t) := by
  rw [mergedVariance, mergedMean_one hm]
  field_simp
  ring

/-- The gradient of a batch from merged statistics and sums: each part computes its own. -/
theorem backward_append :
    backward γ ε (append y z) (append g h) =
      append
        (mergedBackward γ ε (Fintype.card ι + Fintype.card κ) (mean (append y z))
          (variance (append y z)) (∑ i, g i + ∑ k, h k)
          (∑ i, g i * normalize ε (append y z) (.inl i) +
            ∑ k, h k * normalize ε (append y z) (.inr k)) y g)
        (mergedBackward γ ε (Fintype.card ι + Fintype.card κ) (mean (append y z))
          (variance (append y z)) (∑ i, g i + ∑ k, h k)
          (∑ i, g i * normalize ε (append y z) (.inl i) +
            ∑ k, h k * normalize ε (append y z) (.inr k)) z h) := by
  ext i
  cases i <;> simp [backward_apply, mergedBackward, append, normalize_apply, scale]

end BatchNorm

namespace BlockNorm

open BatchNorm (Tensor₂)

variable {ρ φ : Type*} [Fintype ρ] [Fintype φ] (y : Tensor₂ ρ φ)

/-- The mean of a batch in parts of one size is the mean of their means. -/
@[bridge "merging" "parts of one size"]
theorem mean_eq_mean : mean y = BatchNorm.mean (WithLp.toLp 2 fun r ↦ BatchNorm.mean (y r)) := by
  simp only [mean, BatchNorm.mean, ← Finset.sum_div]
  rw [div_div, mul_comm]

/-- The variance of a batch in parts of one size is the mean of their variances plus the
variance of their means. -/
@[bridge "merging" "parts of one size"]
theorem variance_eq_add : variance y =
    BatchNorm.mean (WithLp.toLp 2 fun r ↦ BatchNorm.variance (y r)) +
      BatchNorm.variance (WithLp.toLp 2 fun r ↦ BatchNorm.mean (y r)) := by
  obtain _ | _ := isEmpty_or_nonempty φ
  · simp [variance, BatchNorm.mean, BatchNorm.variance]
  have card_ne_zero : (Fintype.card φ : ℝ) ≠ 0 := by exact_mod_cast Fintype.card_ne_zero
  simp only [variance, BatchNorm.sum_sub_sq, ← Finset.mul_sum, Finset.sum_add_distrib,
    mean_eq_mean y]
  rw [mul_comm (Fintype.card ρ : ℝ), mul_div_mul_left _ _ card_ne_zero, add_div]
  rfl

/-- The gradient of a batch in parts of one size (SyncBN): each part computes its own, from merged
statistics and merged sums. -/
@[bridge "merging" "each part computes its own gradient"]
theorem backward_eq_mergedBackward (γ ε : ℝ) (g : Tensor₂ ρ φ) :
    backward γ ε y g = WithLp.toLp 2 fun r ↦
      BatchNorm.mergedBackward γ ε (Fintype.card ρ * Fintype.card φ) (mean y) (variance y)
        (∑ q, ∑ s, g q s) (∑ q, ∑ s, g q s * normalize ε y q s) (y r) (g r) :=
  rfl

end BlockNorm

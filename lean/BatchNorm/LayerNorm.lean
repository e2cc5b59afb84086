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
rescaled by the factors; and so is its norm identity.

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

/-- The componentwise product with `γ` is self-adjoint. -/
theorem inner_rescale_left (γ g v : EuclideanSpace ℝ ι) : ⟪rescale γ g, v⟫ = ⟪g, rescale γ v⟫ := by
  simp only [BatchNorm.inner_eq_sum_mul, rescale]
  exact Finset.sum_congr rfl fun i _ ↦ by ring

omit [Fintype ι] in
theorem rescale_comm (γ y : EuclideanSpace ℝ ι) : rescale γ y = rescale y γ := by
  ext i
  simp [rescale, mul_comm]

/-- The componentwise product with `γ` as a linear map. -/
private noncomputable def rescaleCLM (γ : EuclideanSpace ℝ ι) :
    EuclideanSpace ℝ ι →L[ℝ] EuclideanSpace ℝ ι :=
  LinearMap.toContinuousLinearMap
    { toFun := rescale γ
      map_add' y v := by ext i; simp [rescale, mul_add]
      map_smul' c y := by ext i; simp [rescale, mul_left_comm] }

variable {γ β x g : EuclideanSpace ℝ ι} {ε : ℝ} {L : EuclideanSpace ℝ ι → ℝ}

/-- The gradient of a function of `γ y + β`, componentwise, in `y`. -/
theorem hasGradientAt_comp_rescale {y : EuclideanSpace ℝ ι}
    (hL : HasGradientAt L g (rescale γ y + β)) :
    HasGradientAt (fun y ↦ L (rescale γ y + β)) (rescale γ g) y := by
  have affine : HasFDerivAt (fun y ↦ rescale γ y + β) (rescaleCLM γ) y :=
    (rescaleCLM γ).hasFDerivAt.add_const β
  exact HasGradientAt.comp_of_inner_eq (φ := fun y ↦ rescale γ y + β) hL affine
    (inner_rescale_left γ g)

theorem forward_eq_rescale_add (γ β : EuclideanSpace ℝ ι) (ε : ℝ) (x : EuclideanSpace ℝ ι) :
    forward γ β ε x = rescale γ (BatchNorm.normalize ε x) + β := rfl

/-- The gradient of layer normalization. -/
@[bridge "LayerNorm" "the gradient"]
theorem hasGradientAt_comp_forward (hL : HasGradientAt L g (forward γ β ε x))
    (h : 0 < BatchNorm.variance x + ε) :
    HasGradientAt (fun x ↦ L (forward γ β ε x)) (backward γ ε x g) x := by
  have := BatchNorm.hasGradientAt_comp_forward (γ := 1) (β := 0) (ε := ε) (y := x)
    (L := fun y ↦ L (rescale γ y + β)) (g := rescale γ g)
    (hasGradientAt_comp_rescale (by rwa [BatchNorm.forward_one_zero])) h
  simpa only [BatchNorm.forward_one_zero] using this

/-- The gradient in the factors: componentwise `g x̂`. -/
@[bridge "LayerNorm" "the gradient in γ"]
theorem hasGradientAt_comp_forward_gamma (hL : HasGradientAt L g (forward γ β ε x)) :
    HasGradientAt (fun γ ↦ L (forward γ β ε x)) (rescale (BatchNorm.normalize ε x) g) γ := by
  simp_rw [forward_eq_rescale_add, rescale_comm _ (BatchNorm.normalize ε x)] at hL ⊢
  exact hasGradientAt_comp_rescale hL

/-- The gradient in the offsets: `g`. -/
@[bridge "LayerNorm" "the gradient in β"]
theorem hasGradientAt_comp_forward_beta (hL : HasGradientAt L g (forward γ β ε x)) :
    HasGradientAt (fun β ↦ L (forward γ β ε x)) g β := by
  have affine : HasFDerivAt (fun β ↦ forward γ β ε x) (.id ℝ _) β :=
    (hasFDerivAt_id β).const_add (rescale γ (BatchNorm.normalize ε x))
  exact HasGradientAt.comp_of_inner_eq (φ := fun β ↦ forward γ β ε x) hL affine fun _ ↦ rfl

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

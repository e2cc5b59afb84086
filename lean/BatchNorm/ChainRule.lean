/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

-- `Bridge.Attr` has every module record what its proofs rest on; no statement here is exported.
public import Bridge.Attr
public import Mathlib.Analysis.Calculus.Deriv.Comp
public import Mathlib.Analysis.Calculus.Gradient.Basic

/-!
# The chain rule for gradients

The gradient of `x ↦ f (φ x)` is the adjoint of the derivative of `φ`, at the gradient of `f`.
Stated here without an adjoint: it is any vector whose inner products are those.

## Main results

* `HasGradientAt.comp_of_inner_eq`, `HasGradientWithinAt.comp_of_inner_eq`: the chain rule.
* `HasGradientAt.comp_hasDerivAt`: along a curve.
-/

public section

open scoped RealInnerProductSpace

variable {E F : Type*} [NormedAddCommGroup E] [InnerProductSpace ℝ E] [CompleteSpace E]
  [NormedAddCommGroup F] [InnerProductSpace ℝ F] [CompleteSpace F]
  {f : F → ℝ} {φ : E → F} {φ' : E →L[ℝ] F} {g : F} {g' x : E} {s : Set E} {t : Set F}

/-- The chain rule for gradients within a set. -/
theorem HasGradientWithinAt.comp_of_inner_eq (hf : HasGradientWithinAt f g t (φ x))
    (hφ : HasFDerivWithinAt φ φ' s x) (hst : Set.MapsTo φ s t) (h : ∀ v, ⟪g', v⟫ = ⟪g, φ' v⟫) :
    HasGradientWithinAt (fun x ↦ f (φ x)) g' s x := by
  rw [hasGradientWithinAt_iff_hasFDerivWithinAt]
  convert hf.hasFDerivWithinAt.comp x hφ hst using 1
  ext v
  exact h v

/-- The chain rule for gradients. -/
theorem HasGradientAt.comp_of_inner_eq (hf : HasGradientAt f g (φ x)) (hφ : HasFDerivAt φ φ' x)
    (h : ∀ v, ⟪g', v⟫ = ⟪g, φ' v⟫) : HasGradientAt (fun x ↦ f (φ x)) g' x :=
  hasGradientWithinAt_univ.1 ((hasGradientWithinAt_univ.2 hf).comp_of_inner_eq
    hφ.hasFDerivWithinAt (Set.mapsTo_univ _ _) h)

/-- The derivative of a function along a curve. -/
theorem HasGradientAt.comp_hasDerivAt {c : ℝ → F} {c' : F} {r : ℝ} (hf : HasGradientAt f g (c r))
    (hc : HasDerivAt c c' r) : HasDerivAt (fun r ↦ f (c r)) ⟪g, c'⟫ r :=
  hf.hasFDerivAt.comp_hasDerivAt r hc

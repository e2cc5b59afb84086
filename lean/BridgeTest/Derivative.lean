/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
import BridgeTest.Command

/-! # Tests of the translation: derivatives, and maps of vectors -/

open InnerProductSpace
open scoped InnerProduct RealInnerProductSpace

namespace BridgeTest

variable {ι : Type} [Fintype ι]

/-- A linear map that is not marked: what it does is found by unfolding it. -/
noncomputable def twice : EuclideanSpace ℝ ι →L[ℝ] EuclideanSpace ℝ ι :=
  (2 : ℝ) • .id ℝ _

/-! ### Maps of vectors -/

/--
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι] (L : EuclideanSpace ℝ ι → ℝ) (y : EuclideanSpace ℝ ι), L y = 0

/--
-/
#guard_msgs in
#translate ∀ {E : Type} [NormedAddCommGroup E] [InnerProductSpace ℝ E] (G : E → E) (u : E), G u = u

/--
-/
#guard_msgs in
#translate ∀ {E F : Type} [NormedAddCommGroup E] [InnerProductSpace ℝ E] [CompleteSpace E]
  [NormedAddCommGroup F] [InnerProductSpace ℝ F] [CompleteSpace F] (A : E →L[ℝ] F) (u : E) (v : F),
  ⟪A u, v⟫ = ⟪u, A† v⟫

/--
-/
#guard_msgs in
#translate ∀ {E : Type} [NormedAddCommGroup E] [InnerProductSpace ℝ E] (A : E →L[ℝ] E) (x : ℝ) (u : E),
  ‖A‖ ≤ x → ‖A u‖ ≤ x * ‖u‖

/--
-/
#guard_msgs in
#translate ∀ {E : Type} [NormedAddCommGroup E] [InnerProductSpace ℝ E] [CompleteSpace E] [Nontrivial E]
  (x : ℝ) (u : E), IsGreatest {r | ∃ A : E →L[ℝ] E, ‖A‖ ≤ x ∧ ‖A† u‖ = r} (x * ‖u‖)

/-! ### Derivatives -/

/--
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι] (L : EuclideanSpace ℝ ι → ℝ) (g y : EuclideanSpace ℝ ι),
  HasGradientAt L g y → HasGradientAt (fun y ↦ 2 * L y) ((2 : ℝ) • g) y

/--
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι] (L : EuclideanSpace ℝ ι → ℝ) (G : EuclideanSpace ℝ ι → EuclideanSpace ℝ ι),
  (∀ z, HasGradientAt L (G z) z) → L 0 = 0

/--
-/
#guard_msgs in
#translate ∀ x : ℝ, HasDerivAt (fun t ↦ t ^ 2) (2 * x) x

/--
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι] (y : EuclideanSpace ℝ ι), HasFDerivAt (fun y ↦ (2 : ℝ) • y) twice y

/--
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι] (y g : EuclideanSpace ℝ ι),
  HasFDerivAt (fun y ↦ ⟪y, g⟫ • g) (rankOne ℝ g g) y

/--
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι] (y g : EuclideanSpace ℝ ι) (a : ℝ),
  HasFDerivAt (fun p : EuclideanSpace ℝ ι × ℝ ↦ ⟪g, p.1⟫ + a * p.2)
    ((innerSL ℝ g).coprod (ContinuousLinearMap.toSpanSingleton ℝ a)) (y, a)

end BridgeTest

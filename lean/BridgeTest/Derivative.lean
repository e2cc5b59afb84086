/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
import BridgeTest.Command

/-! # Tests of the translation: derivatives, and maps of vectors -/

open InnerProductSpace Topology
open scoped Gradient InnerProduct RealInnerProductSpace

namespace BridgeTest

variable {ι : Type} [Fintype ι]

/-- A linear map that is not marked: what it does is found by unfolding it. -/
noncomputable def twice : EuclideanSpace ℝ ι →L[ℝ] EuclideanSpace ℝ ι :=
  (2 : ℝ) • .id ℝ _

/-! ### Maps of vectors -/

/--
info: {"eq":{"left":{"apply":{"arg":{"var":{"name":"y"}},"function":"L"}},"right":{"nat":{"value":0}}}}
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι] (L : EuclideanSpace ℝ ι → ℝ) (y : EuclideanSpace ℝ ι), L y = 0

/--
info: {"vectorEq":{"left":{"apply":{"arg":{"var":{"name":"u"}},"function":"G"}},"right":{"var":{"name":"u"}}}}
-/
#guard_msgs in
#translate ∀ {E : Type} [NormedAddCommGroup E] [InnerProductSpace ℝ E] (G : E → E) (u : E), G u = u

/--
info: {"eq":{"left":{"inner":{"left":{"apply":{"arg":{"var":{"name":"u"}},"function":"A"}},"right":{"var":{"name":"v"}}}},"right":{"inner":{"left":{"var":{"name":"u"}},"right":{"adjoint":{"arg":{"var":{"name":"v"}},"operator":"A"}}}}}}
-/
#guard_msgs in
#translate ∀ {E F : Type} [NormedAddCommGroup E] [InnerProductSpace ℝ E] [CompleteSpace E]
  [NormedAddCommGroup F] [InnerProductSpace ℝ F] [CompleteSpace F] (A : E →L[ℝ] F) (u : E) (v : F),
  ⟪A u, v⟫ = ⟪u, (A†) v⟫

/--
info: {"opNormLe":{"bound":{"var":{"name":"x"}},"operator":"A"}}
---
info: {"le":{"left":{"norm":{"arg":{"apply":{"arg":{"var":{"name":"u"}},"function":"A"}}}},"right":{"mul":{"left":{"var":{"name":"x"}},"right":{"norm":{"arg":{"var":{"name":"u"}}}}}}}}
-/
#guard_msgs in
#translate ∀ {E : Type} [NormedAddCommGroup E] [InnerProductSpace ℝ E] (A : E →L[ℝ] E) (x : ℝ)
  (u : E), ‖A‖ ≤ x → ‖A u‖ ≤ x * ‖u‖

/--
info: {"isGreatest":{"body":{"norm":{"arg":{"adjoint":{"arg":{"var":{"name":"u"}},"operator":"A"}}}},"constraint":{"opNormLe":{"bound":{"var":{"name":"x"}},"operator":"A"}},"value":{"mul":{"left":{"var":{"name":"x"}},"right":{"norm":{"arg":{"var":{"name":"u"}}}}}},"variable":{"kind":{"operator":{"codomain":{"abstract":{"name":"E"}},"domain":{"abstract":{"name":"E"}}}},"name":"A"}}}
-/
#guard_msgs in
#translate ∀ {E : Type} [NormedAddCommGroup E] [InnerProductSpace ℝ E] [CompleteSpace E]
  [Nontrivial E] (x : ℝ) (u : E), IsGreatest {r | ∃ A : E →L[ℝ] E, ‖A‖ ≤ x ∧ ‖(A†) u‖ = r} (x * ‖u‖)

/-! ### Norms of operators -/

/--
info: {"eq":{"left":{"opNorm":{"body":{"smul":{"scalar":{"nat":{"value":2}},"vector":{"var":{"name":"x"}}}},"variable":{"kind":{"vector":{"space":{"euclidean":{"index":"ι"}}}},"name":"x"}}},"right":{"nat":{"value":2}}}}
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι] [Nonempty ι],
  ‖(twice : EuclideanSpace ℝ ι →L[ℝ] EuclideanSpace ℝ ι)‖ = 2

/--
info: {"le":{"left":{"opNorm":{"body":{"smul":{"scalar":{"inner":{"left":{"var":{"name":"h"}},"right":{"var":{"name":"x"}}}},"vector":{"var":{"name":"g"}}}},"variable":{"kind":{"vector":{"space":{"euclidean":{"index":"ι"}}}},"name":"x"}}},"right":{"mul":{"left":{"norm":{"arg":{"var":{"name":"g"}}}},"right":{"norm":{"arg":{"var":{"name":"h"}}}}}}}}
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι] (g h : EuclideanSpace ℝ ι), ‖rankOne ℝ g h‖ ≤ ‖g‖ * ‖h‖

/--
info: {"lt":{"left":{"var":{"name":"a"}},"right":{"opNorm":{"body":{"sub":{"left":{"var":{"name":"x'"}},"right":{"smul":{"scalar":{"var":{"name":"a"}},"vector":{"smul":{"scalar":{"inner":{"left":{"var":{"name":"x"}},"right":{"var":{"name":"x'"}}}},"vector":{"var":{"name":"x"}}}}}}}},"variable":{"kind":{"vector":{"space":{"euclidean":{"index":"ι"}}}},"name":"x'"}}}}}
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι] (x : EuclideanSpace ℝ ι) (a : ℝ),
  a < ‖.id ℝ _ - a • rankOne ℝ x x‖

/--
info: {"eq":{"left":{"opNorm":{"body":{"apply":{"arg":{"var":{"name":"x'"}},"function":"A"}},"variable":{"kind":{"vector":{"space":{"abstract":{"name":"E"}}}},"name":"x'"}}},"right":{"var":{"name":"x"}}}}
-/
#guard_msgs in
#translate ∀ {E : Type} [NormedAddCommGroup E] [InnerProductSpace ℝ E] (A : E →L[ℝ] E) (x : ℝ),
  ‖A‖ = x

/--
info: {"le":{"left":{"opNorm":{"body":{"fderiv":{"body":{"gradient":{"body":{"apply":{"arg":{"var":{"name":"x''"}},"function":"L"}},"point":{"var":{"name":"x'"}},"variable":{"kind":{"vector":{"space":{"euclidean":{"index":"ι"}}}},"name":"x''"}}},"direction":{"var":{"name":"x"}},"point":{"var":{"name":"y"}},"variable":{"kind":{"vector":{"space":{"euclidean":{"index":"ι"}}}},"name":"x'"}}},"variable":{"kind":{"vector":{"space":{"euclidean":{"index":"ι"}}}},"name":"x"}}},"right":{"nat":{"value":1}}}}
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι] (L : EuclideanSpace ℝ ι → ℝ) (y : EuclideanSpace ℝ ι),
  ‖fderiv ℝ (∇ L) y‖ ≤ 1

/-! ### Derivatives -/

/--
info: {"hasGradientAt":{"body":{"apply":{"arg":{"var":{"name":"x"}},"function":"L"}},"gradient":{"var":{"name":"g"}},"point":{"var":{"name":"y"}},"variable":{"kind":{"vector":{"space":{"euclidean":{"index":"ι"}}}},"name":"x"}}}
---
info: {"hasGradientAt":{"body":{"mul":{"left":{"nat":{"value":2}},"right":{"apply":{"arg":{"var":{"name":"y'"}},"function":"L"}}}},"gradient":{"smul":{"scalar":{"nat":{"value":2}},"vector":{"var":{"name":"g"}}}},"point":{"var":{"name":"y"}},"variable":{"kind":{"vector":{"space":{"euclidean":{"index":"ι"}}}},"name":"y'"}}}
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι] (L : EuclideanSpace ℝ ι → ℝ) (g y : EuclideanSpace ℝ ι),
  HasGradientAt L g y → HasGradientAt (fun y ↦ 2 * L y) ((2 : ℝ) • g) y

/--
info: {"forall":{"body":{"hasGradientAt":{"body":{"apply":{"arg":{"var":{"name":"x"}},"function":"L"}},"gradient":{"apply":{"arg":{"var":{"name":"z"}},"function":"G"}},"point":{"var":{"name":"z"}},"variable":{"kind":{"vector":{"space":{"euclidean":{"index":"ι"}}}},"name":"x"}}},"variable":{"kind":{"vector":{"space":{"euclidean":{"index":"ι"}}}},"name":"z"}}}
---
info: {"eq":{"left":{"apply":{"arg":{"zero":{"space":{"euclidean":{"index":"ι"}}}},"function":"L"}},"right":{"nat":{"value":0}}}}
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι] (L : EuclideanSpace ℝ ι → ℝ)
  (G : EuclideanSpace ℝ ι → EuclideanSpace ℝ ι), (∀ z, HasGradientAt L (G z) z) → L 0 = 0

/--
info: {"hasDerivAt":{"body":{"pow":{"base":{"var":{"name":"t"}},"exponent":2}},"derivative":{"mul":{"left":{"nat":{"value":2}},"right":{"var":{"name":"x"}}}},"point":{"var":{"name":"x"}},"variable":"t"}}
-/
#guard_msgs in
#translate ∀ x : ℝ, HasDerivAt (fun t ↦ t ^ 2) (2 * x) x

/--
info: {"hasFDerivAt":{"body":{"vector":{"term":{"smul":{"scalar":{"nat":{"value":2}},"vector":{"var":{"name":"y'"}}}}}},"derivative":{"vector":{"term":{"smul":{"scalar":{"nat":{"value":2}},"vector":{"var":{"name":"dy"}}}}}},"directions":["dy"],"points":[{"vector":{"term":{"var":{"name":"y"}}}}],"variables":[{"kind":{"vector":{"space":{"euclidean":{"index":"ι"}}}},"name":"y'"}]}}
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι] (y : EuclideanSpace ℝ ι),
  HasFDerivAt (fun y ↦ (2 : ℝ) • y) twice y

/--
info: {"hasFDerivAt":{"body":{"vector":{"term":{"var":{"name":"y'"}}}},"derivative":{"vector":{"term":{"smul":{"scalar":{"var":{"name":"a"}},"vector":{"smul":{"scalar":{"nat":{"value":2}},"vector":{"var":{"name":"dy"}}}}}}}},"directions":["dy"],"points":[{"vector":{"term":{"var":{"name":"y"}}}}],"variables":[{"kind":{"vector":{"space":{"euclidean":{"index":"ι"}}}},"name":"y'"}]}}
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι] (a : ℝ) (y : EuclideanSpace ℝ ι),
  HasFDerivAt (fun y ↦ y) (a • twice) y

/--
info: {"hasFDerivAt":{"body":{"vector":{"term":{"smul":{"scalar":{"inner":{"left":{"var":{"name":"y'"}},"right":{"var":{"name":"g"}}}},"vector":{"var":{"name":"g"}}}}}},"derivative":{"vector":{"term":{"smul":{"scalar":{"inner":{"left":{"var":{"name":"g"}},"right":{"var":{"name":"dy"}}}},"vector":{"var":{"name":"g"}}}}}},"directions":["dy"],"points":[{"vector":{"term":{"var":{"name":"y"}}}}],"variables":[{"kind":{"vector":{"space":{"euclidean":{"index":"ι"}}}},"name":"y'"}]}}
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι] (y g : EuclideanSpace ℝ ι),
  HasFDerivAt (fun y ↦ ⟪y, g⟫ • g) (rankOne ℝ g g) y

/--
info: {"hasFDerivAt":{"body":{"scalar":{"term":{"add":{"left":{"inner":{"left":{"var":{"name":"g"}},"right":{"var":{"name":"y'"}}}},"right":{"mul":{"left":{"var":{"name":"a"}},"right":{"var":{"name":"a'"}}}}}}}},"derivative":{"scalar":{"term":{"add":{"left":{"inner":{"left":{"var":{"name":"g"}},"right":{"var":{"name":"dy"}}}},"right":{"mul":{"left":{"var":{"name":"da"}},"right":{"var":{"name":"a"}}}}}}}},"directions":["dy","da"],"points":[{"vector":{"term":{"var":{"name":"y"}}}},{"scalar":{"term":{"var":{"name":"a"}}}}],"variables":[{"kind":{"vector":{"space":{"euclidean":{"index":"ι"}}}},"name":"y'"},{"kind":"scalar","name":"a'"}]}}
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι] (y g : EuclideanSpace ℝ ι) (a : ℝ),
  HasFDerivAt (fun p : EuclideanSpace ℝ ι × ℝ ↦ ⟪g, p.1⟫ + a * p.2)
    ((innerSL ℝ g).coprod (ContinuousLinearMap.toSpanSingleton ℝ a)) (y, a)

/-! ### Gradients and derivatives as terms -/

/--
info: {"vectorEq":{"left":{"gradient":{"body":{"apply":{"arg":{"var":{"name":"x"}},"function":"L"}},"point":{"var":{"name":"y"}},"variable":{"kind":{"vector":{"space":{"euclidean":{"index":"ι"}}}},"name":"x"}}},"right":{"gradient":{"body":{"mul":{"left":{"nat":{"value":2}},"right":{"apply":{"arg":{"var":{"name":"z"}},"function":"L"}}}},"point":{"var":{"name":"y"}},"variable":{"kind":{"vector":{"space":{"euclidean":{"index":"ι"}}}},"name":"z"}}}}}
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι] (L : EuclideanSpace ℝ ι → ℝ) (y : EuclideanSpace ℝ ι),
  ∇ L y = ∇ (fun z ↦ 2 * L z) y

/--
info: {"eq":{"left":{"inner":{"left":{"fderiv":{"body":{"gradient":{"body":{"apply":{"arg":{"var":{"name":"x'"}},"function":"L"}},"point":{"var":{"name":"x"}},"variable":{"kind":{"vector":{"space":{"euclidean":{"index":"ι"}}}},"name":"x'"}}},"direction":{"var":{"name":"d"}},"point":{"var":{"name":"y"}},"variable":{"kind":{"vector":{"space":{"euclidean":{"index":"ι"}}}},"name":"x"}}},"right":{"var":{"name":"d"}}}},"right":{"nat":{"value":0}}}}
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι] (L : EuclideanSpace ℝ ι → ℝ) (y d : EuclideanSpace ℝ ι),
  ⟪fderiv ℝ (∇ L) y d, d⟫ = 0

/--
info: {"eq":{"left":{"inner":{"left":{"fderiv":{"body":{"gradient":{"body":{"apply":{"arg":{"var":{"name":"x'"}},"function":"L"}},"point":{"var":{"name":"x"}},"variable":{"kind":{"vector":{"space":{"euclidean":{"index":"ι"}}}},"name":"x'"}}},"direction":{"var":{"name":"u"}},"point":{"var":{"name":"y"}},"variable":{"kind":{"vector":{"space":{"euclidean":{"index":"ι"}}}},"name":"x"}}},"right":{"var":{"name":"v"}}}},"right":{"nat":{"value":0}}}}
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι] (L : EuclideanSpace ℝ ι → ℝ) (y u v : EuclideanSpace ℝ ι),
  ⟪fderiv ℝ (∇ L) y u, v⟫ = 0

/--
info: {"eventually":{"body":{"eq":{"left":{"apply":{"arg":{"var":{"name":"z"}},"function":"L"}},"right":{"nat":{"value":0}}}},"point":{"var":{"name":"y"}},"variable":{"kind":{"vector":{"space":{"euclidean":{"index":"ι"}}}},"name":"z"}}}
---
info: {"eq":{"left":{"apply":{"arg":{"var":{"name":"y"}},"function":"L"}},"right":{"nat":{"value":0}}}}
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι] (L : EuclideanSpace ℝ ι → ℝ) (y : EuclideanSpace ℝ ι),
  (∀ᶠ z in 𝓝 y, L z = 0) → L y = 0

end BridgeTest

/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
import BridgeTest.Command

/-! # Tests of the translation: every construct it knows, in a statement that it must take -/

open InnerProductSpace
open scoped RealInnerProductSpace

namespace BridgeTest

/-- The number itself. -/
@[bridge]
noncomputable def same (x : ℝ) : ℝ := x

/-- A vector times a number. -/
@[bridge]
noncomputable def scaled {ι : Type*} [Fintype ι] (c : ℝ) (y : EuclideanSpace ℝ ι) : EuclideanSpace ℝ ι :=
  c • y

/-! ### Numbers -/

/-- info: {"eq":{"left":{"var":{"name":"x"}},"right":{"nat":{"value":2}}}} -/
#guard_msgs in
#translate ∀ x : ℝ, x = 2

/--
info: {"eq":{"left":{"add":{"left":{"var":{"name":"x"}},"right":{"var":{"name":"y"}}}},"right":{"sub":{"left":{"var":{"name":"x"}},"right":{"var":{"name":"y"}}}}}}
-/
#guard_msgs in
#translate ∀ x y : ℝ, x + y = x - y

/--
info: {"eq":{"left":{"mul":{"left":{"var":{"name":"x"}},"right":{"var":{"name":"y"}}}},"right":{"div":{"left":{"var":{"name":"x"}},"right":{"var":{"name":"y"}}}}}}
-/
#guard_msgs in
#translate ∀ x y : ℝ, x * y = x / y

/--
info: {"eq":{"left":{"neg":{"arg":{"var":{"name":"x"}}}},"right":{"inv":{"arg":{"var":{"name":"y"}}}}}}
-/
#guard_msgs in
#translate ∀ x y : ℝ, -x = y⁻¹

/--
info: {"eq":{"left":{"sqrt":{"arg":{"var":{"name":"x"}}}},"right":{"abs":{"arg":{"var":{"name":"x"}}}}}}
-/
#guard_msgs in
#translate ∀ x : ℝ, √x = |x|

/--
info: {"eq":{"left":{"pow":{"base":{"var":{"name":"x"}},"exponent":3}},"right":{"abs":{"arg":{"var":{"name":"x"}}}}}}
-/
#guard_msgs in
#translate ∀ x : ℝ, x ^ 3 = ‖x‖

/-- info: {"eq":{"left":{"var":{"name":"x"}},"right":{"card":{"index":"ι"}}}} -/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι] (x : ℝ), x = Fintype.card ι

/-! ### Sizes, compared as natural numbers -/

/--
info: {"le":{"left":{"nat":{"value":3}},"right":{"card":{"index":"ι"}}}}
---
info: {"lt":{"left":{"card":{"index":"κ"}},"right":{"card":{"index":"ι"}}}}
---
info: {"le":{"left":{"nat":{"value":2}},"right":{"card":{"index":"ι"}}}}
---
info: {"eq":{"left":{"var":{"name":"x"}},"right":{"nat":{"value":0}}}}
-/
#guard_msgs in
#translate ∀ {ι κ : Type} [Fintype ι] [Fintype κ] (x : ℝ),
  3 ≤ Fintype.card ι → Fintype.card κ < Fintype.card ι → Fintype.card ι ≥ 2 → x = 0

/-! ### Calls -/

/--
info: {"eq":{"left":{"call":{"args":[{"scalar":{"term":{"var":{"name":"x"}}}}],"indices":[],"name":"BridgeTest.same"}},"right":{"var":{"name":"x"}}}}
-/
#guard_msgs in
#translate ∀ x : ℝ, same x = x

/-! ### Vectors -/

/--
info: {"eq":{"left":{"inner":{"left":{"var":{"name":"y"}},"right":{"var":{"name":"g"}}}},"right":{"norm":{"arg":{"var":{"name":"y"}}}}}}
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι] (y g : EuclideanSpace ℝ ι), ⟪y, g⟫ = ‖y‖

/--
info: {"eq":{"left":{"component":{"position":"i","vector":{"var":{"name":"y"}}}},"right":{"sum":{"body":{"component":{"position":"k","vector":{"var":{"name":"y"}}}},"index":"ι","variable":"k"}}}}
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι] (y : EuclideanSpace ℝ ι) (i : ι), y i = ∑ k, y k

/--
info: {"vectorEq":{"left":{"add":{"left":{"var":{"name":"y"}},"right":{"var":{"name":"g"}}}},"right":{"sub":{"left":{"var":{"name":"y"}},"right":{"var":{"name":"g"}}}}}}
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι] (y g : EuclideanSpace ℝ ι), y + g = y - g

/--
info: {"vectorEq":{"left":{"smul":{"scalar":{"var":{"name":"c"}},"vector":{"var":{"name":"y"}}}},"right":{"neg":{"arg":{"var":{"name":"y"}}}}}}
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι] (c : ℝ) (y : EuclideanSpace ℝ ι), c • y = -y

/--
info: {"vectorEq":{"left":{"build":{"body":{"add":{"left":{"component":{"position":"k","vector":{"var":{"name":"y"}}}},"right":{"nat":{"value":1}}}},"index":"ι","variable":"k"}},"right":{"zero":{"space":{"euclidean":{"index":"ι"}}}}}}
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι] (y : EuclideanSpace ℝ ι), WithLp.toLp 2 (fun k ↦ y k + 1) = 0

/--
info: {"vectorEq":{"left":{"call":{"args":[{"scalar":{"term":{"nat":{"value":2}}}},{"vector":{"term":{"var":{"name":"y"}}}}],"indices":["ι"],"name":"BridgeTest.scaled"}},"right":{"var":{"name":"y"}}}}
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι] (y : EuclideanSpace ℝ ι), scaled 2 y = y

/--
info: {"eq":{"left":{"inner":{"left":{"var":{"name":"u"}},"right":{"var":{"name":"v"}}}},"right":{"norm":{"arg":{"add":{"left":{"var":{"name":"u"}},"right":{"var":{"name":"v"}}}}}}}}
-/
#guard_msgs in
#translate ∀ {E : Type} [NormedAddCommGroup E] [InnerProductSpace ℝ E] (u v : E), ⟪u, v⟫ = ‖u + v‖

/--
info: {"orthonormal":{"family":"b"}}
---
info: {"vectorEq":{"left":{"sum":{"body":{"member":{"family":"b","position":"k"}},"index":"κ","variable":"k"}},"right":{"zero":{"space":{"abstract":{"name":"E"}}}}}}
-/
#guard_msgs in
#translate ∀ {κ E : Type} [Fintype κ] [NormedAddCommGroup E] [InnerProductSpace ℝ E] (b : κ → E),
  Orthonormal ℝ b → ∑ k, b k = 0

/-! ### Projections, sets and channels -/

/--
info: {"vectorEq":{"left":{"project":{"arg":{"var":{"name":"w"}},"generators":[{"var":{"name":"u"}},{"var":{"name":"v"}}]}},"right":{"zero":{"space":{"euclidean":{"index":"ι"}}}}}}
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι] (u v w : EuclideanSpace ℝ ι),
  (Submodule.span ℝ {u, v}).starProjection w = 0

/--
info: {"vectorEq":{"left":{"sub":{"left":{"var":{"name":"v"}},"right":{"project":{"arg":{"var":{"name":"v"}},"generators":[{"var":{"name":"u"}}]}}}},"right":{"zero":{"space":{"abstract":{"name":"E"}}}}}}
-/
#guard_msgs in
#translate ∀ {E : Type} [NormedAddCommGroup E] [InnerProductSpace ℝ E] (u v : E),
  (ℝ ∙ u)ᗮ.starProjection v = 0

/--
info: {"forall":{"body":{"imp":{"left":{"lt":{"left":{"nat":{"value":0}},"right":{"var":{"name":"a"}}}},"right":{"mem":{"set":"S","vector":{"smul":{"scalar":{"var":{"name":"a"}},"vector":{"var":{"name":"u"}}}}}}}},"variable":{"kind":"scalar","name":"a"}}}
---
info: {"eq":{"left":{"infDist":{"point":{"var":{"name":"u"}},"set":"S"}},"right":{"nat":{"value":0}}}}
-/
#guard_msgs in
#translate ∀ {E : Type} [NormedAddCommGroup E] [InnerProductSpace ℝ E] (S : Set E) (u : E),
  (∀ a : ℝ, 0 < a → a • u ∈ S) → Metric.infDist u S = 0

/--
info: {"forall":{"body":{"le":{"left":{"apply":{"arg":{"neg":{"arg":{"var":{"name":"u"}}}},"function":"L"}},"right":{"apply":{"arg":{"neg":{"arg":{"var":{"name":"x"}}}},"function":"L"}}}},"variable":{"kind":{"vector":{"space":{"abstract":{"name":"E"}}}},"name":"x"}}}
-/
#guard_msgs in
#translate ∀ {E : Type} [NormedAddCommGroup E] [InnerProductSpace ℝ E] (L : E → ℝ) (u : E),
  IsMinOn (fun v ↦ L (-v)) Set.univ u

/--
info: {"eventually":{"body":{"le":{"left":{"apply":{"arg":{"neg":{"arg":{"var":{"name":"u"}}}},"function":"L"}},"right":{"apply":{"arg":{"neg":{"arg":{"var":{"name":"x"}}}},"function":"L"}}}},"point":{"var":{"name":"u"}},"variable":{"kind":{"vector":{"space":{"abstract":{"name":"E"}}}},"name":"x"}}}
-/
#guard_msgs in
#translate ∀ {E : Type} [NormedAddCommGroup E] [InnerProductSpace ℝ E] (L : E → ℝ) (u : E),
  IsLocalMin (fun v ↦ L (-v)) u

/--
info: {"forall":{"body":{"forall":{"body":{"le":{"left":{"norm":{"arg":{"sub":{"left":{"smul":{"scalar":{"var":{"name":"a"}},"vector":{"var":{"name":"x"}}}},"right":{"smul":{"scalar":{"var":{"name":"a"}},"vector":{"var":{"name":"y"}}}}}}}},"right":{"mul":{"left":{"div":{"left":{"add":{"left":{"var":{"name":"a"}},"right":{"abs":{"arg":{"var":{"name":"a"}}}}}},"right":{"nat":{"value":2}}}},"right":{"norm":{"arg":{"sub":{"left":{"var":{"name":"x"}},"right":{"var":{"name":"y"}}}}}}}}}},"variable":{"kind":{"vector":{"space":{"euclidean":{"index":"ι"}}}},"name":"y"}}},"variable":{"kind":{"vector":{"space":{"euclidean":{"index":"ι"}}}},"name":"x"}}}
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι] (a : ℝ),
  LipschitzWith a.toNNReal (fun v : EuclideanSpace ℝ ι ↦ a • v)

/--
info: {"eq":{"left":{"component":{"position":"i","vector":{"channel":{"position":"c","vector":{"var":{"name":"y"}}}}}},"right":{"nat":{"value":0}}}}
---
info: {"vectorEq":{"left":{"channels":{"body":{"smul":{"scalar":{"component":{"position":"c'","vector":{"var":{"name":"x"}}}},"vector":{"channel":{"position":"c'","vector":{"var":{"name":"y"}}}}}},"index":"κ","variable":"c'"}},"right":{"var":{"name":"y"}}}}
-/
#guard_msgs in
#translate ∀ {ι κ : Type} [Fintype ι] [Fintype κ] (y : PiLp 2 fun _ : κ ↦ EuclideanSpace ℝ ι)
  (x : EuclideanSpace ℝ κ) (c : κ) (i : ι),
  y c i = 0 → WithLp.toLp 2 (fun c ↦ x c • y c) = y

/--
info: {"forall":{"body":{"lt":{"left":{"nat":{"value":0}},"right":{"component":{"position":"s","vector":{"channel":{"position":"c","vector":{"channel":{"position":"n","vector":{"var":{"name":"x"}}}}}}}}}},"variable":{"kind":{"position":{"index":"ν"}},"name":"n"}}}
---
info: {"vectorEq":{"left":{"channels":{"body":{"channel":{"position":"n","vector":{"var":{"name":"x"}}}},"index":"ν","variable":"n"}},"right":{"zero":{"space":{"nested":{"family":"ν","inner":{"channels":{"family":"κ","index":"σ"}}}}}}}}
-/
#guard_msgs in
#translate ∀ {ν κ σ : Type} [Fintype ν] [Fintype κ] [Fintype σ]
  (x : PiLp 2 fun _ : ν ↦ PiLp 2 fun _ : κ ↦ EuclideanSpace ℝ σ) (c : κ) (s : σ),
  (∀ n, 0 < x n c s) → WithLp.toLp 2 (fun n ↦ x n) = 0

/-! ### Propositions -/

/--
info: {"lt":{"left":{"var":{"name":"x"}},"right":{"var":{"name":"y"}}}}
---
info: {"lt":{"left":{"var":{"name":"x"}},"right":{"var":{"name":"y"}}}}
---
info: {"le":{"left":{"var":{"name":"x"}},"right":{"var":{"name":"y"}}}}
-/
#guard_msgs in
#translate ∀ x y : ℝ, x < y → y > x → x ≤ y

/--
info: {"ne":{"left":{"var":{"name":"x"}},"right":{"var":{"name":"y"}}}}
---
info: {"le":{"left":{"var":{"name":"y"}},"right":{"var":{"name":"x"}}}}
-/
#guard_msgs in
#translate ∀ x y : ℝ, x ≠ y → x ≥ y

/--
info: {"and":{"left":{"vectorNe":{"left":{"var":{"name":"y"}},"right":{"var":{"name":"g"}}}},"right":{"eq":{"left":{"norm":{"arg":{"var":{"name":"y"}}}},"right":{"nat":{"value":1}}}}}}
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι] (y g : EuclideanSpace ℝ ι), y ≠ g ∧ ‖y‖ = 1

/--
info: {"iff":{"left":{"vectorEq":{"left":{"var":{"name":"y"}},"right":{"zero":{"space":{"euclidean":{"index":"ι"}}}}}},"right":{"eq":{"left":{"norm":{"arg":{"var":{"name":"y"}}}},"right":{"nat":{"value":0}}}}}}
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι] (y : EuclideanSpace ℝ ι), y = 0 ↔ ‖y‖ = 0

/-! ### Names: a bound variable that would hide another gets a prime -/

/--
info: {"eq":{"left":{"sum":{"body":{"component":{"position":"k'","vector":{"var":{"name":"y"}}}},"index":"ι","variable":"k'"}},"right":{"component":{"position":"k","vector":{"var":{"name":"y"}}}}}}
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι] (y : EuclideanSpace ℝ ι) (k : ι), ∑ k, y k = y k

/--
info: {"eq":{"left":{"sum":{"body":{"mul":{"left":{"component":{"position":"i","vector":{"var":{"name":"y"}}}},"right":{"sum":{"body":{"component":{"position":"i'","vector":{"var":{"name":"y"}}}},"index":"ι","variable":"i'"}}}},"index":"ι","variable":"i"}},"right":{"nat":{"value":0}}}}
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι] (y : EuclideanSpace ℝ ι), ∑ i, (y i * ∑ i, y i) = 0

/-! ### A body that is no `fun` -/

/--
info: {"eq":{"left":{"sum":{"body":{"component":{"position":"i","vector":{"var":{"name":"y"}}}},"index":"ι","variable":"i"}},"right":{"nat":{"value":0}}}}
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι] (y : EuclideanSpace ℝ ι), Finset.sum Finset.univ y = 0

end BridgeTest

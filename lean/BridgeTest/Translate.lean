/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
import BridgeTest.Command

/-! # Tests of the translation: every construct it knows, in a statement that it must take -/

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

/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
import BridgeTest.Command

/-! # Tests of the translation: what it must refuse, with the subterm named -/

open scoped RealInnerProductSpace

namespace BridgeTest

/-- A definition that is not marked. -/
noncomputable def unmarked (x : ℝ) : ℝ := x

/-! ### Constants in no table -/

/--
error: cannot export the term
  unmarked x
'unmarked' is in no table of the translation, and is no definition marked with `@[bridge]`
-/
#guard_msgs in
#translate ∀ x : ℝ, unmarked x = x

/--
error: cannot export the term
  max x 0
'max' is in no table of the translation, and is no definition marked with `@[bridge]`
-/
#guard_msgs in
#translate ∀ x : ℝ, max x 0 = x

/--
error: cannot export the term
  (fun t ↦ t) x
its head is neither a constant nor a variable of the statement
-/
#guard_msgs in
#translate ∀ x : ℝ, (fun t : ℝ ↦ t) x = x

/--
error: cannot export the term
  ℝ → ℝ
variables are reals, vectors, positions, families of vectors, and maps and sets of vectors
-/
#guard_msgs in
#translate ∀ f : ℝ → ℝ, f 0 = 0

/-! ### Types -/

/--
error: cannot export the term
  ℕ
variables are reals, vectors, positions, families of vectors, and maps and sets of vectors
-/
#guard_msgs in
#translate ∀ n : ℕ, n = n

/--
error: cannot export the term
  ℕ
variables are reals, vectors, positions, families of vectors, and maps and sets of vectors
-/
#guard_msgs in
#translate ∀ n : ℕ, (n : ℝ) = 0

/--
error: cannot export the term
  ι → ℝ
variables are reals, vectors, positions, families of vectors, and maps and sets of vectors
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι] (y : ι → ℝ), ‖y‖ = 0

/--
error: cannot export the term
  PiLp 1 fun x ↦ ℝ
variables are reals, vectors, positions, families of vectors, and maps and sets of vectors
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι] (y : PiLp 1 fun _ : ι ↦ ℝ), ‖y‖ = 0

/--
error: cannot export the term
  PiLp 1 fun x ↦ EuclideanSpace ℝ ι
variables are reals, vectors, positions, families of vectors, and maps and sets of vectors
-/
#guard_msgs in
#translate ∀ {ι κ : Type} [Fintype ι] [Fintype κ] (y : PiLp 1 fun _ : κ ↦ EuclideanSpace ℝ ι),
  ‖y‖ = 0

/--
error: cannot export the term
  PiLp 2 fun x ↦ E
variables are reals, vectors, positions, families of vectors, and maps and sets of vectors
-/
#guard_msgs in
#translate ∀ {κ E : Type} [Fintype κ] [NormedAddCommGroup E] [InnerProductSpace ℝ E]
  (y : PiLp 2 fun _ : κ ↦ E), ‖y‖ = 0

/--
error: cannot export the term
  E
a type is either an index type or a real inner product space
-/
#guard_msgs in
#translate ∀ {E : Type} [NormedAddCommGroup E] (u : E), ‖u‖ = 0

/--
error: cannot export the term
  Fin 2
it is not an index type of the statement
-/
#guard_msgs in
#translate ∀ y : EuclideanSpace ℝ (Fin 2), ‖y‖ = 0

/--
error: cannot export the term
  EuclideanSpace ℂ ι
variables are reals, vectors, positions, families of vectors, and maps and sets of vectors
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι] (y : EuclideanSpace ℂ ι), ‖y‖ = 0

/--
error: cannot export the term
  E → F
variables are reals, vectors, positions, families of vectors, and maps and sets of vectors
-/
#guard_msgs in
#translate ∀ {E F : Type} [NormedAddCommGroup E] [InnerProductSpace ℝ E] [NormedAddCommGroup F]
  [InnerProductSpace ℝ F] (f : E → F) (u : E), ‖f u‖ = 0

/-! ### Classes and instances -/

/--
error: cannot export the term
  InnerProductSpace ℂ E
no statement with this class is exported
-/
#guard_msgs in
#translate ∀ {E : Type} [NormedAddCommGroup E] [InnerProductSpace ℂ E] (u : E), ‖u‖ = 0

/--
error: cannot export the term
  Nontrivial ι
no statement with this class is exported
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι] [Nontrivial ι] (y : EuclideanSpace ℝ ι), ‖y‖ = 0

/--
error: cannot export the term
  Subsingleton ι
no statement with this class is exported
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι] [Subsingleton ι] (y : EuclideanSpace ℝ ι), ‖y‖ = 0

/--
error: cannot export the term
  x + y
its instance
  { hAdd := fun a b ↦ a - b }
is not the expected one
  instHAdd
-/
#guard_msgs in
#translate ∀ x y : ℝ, @HAdd.hAdd ℝ ℝ ℝ ⟨fun a b ↦ a - b⟩ x y = 0

/--
error: cannot export the term
  x < y
its instance
  { lt := fun a b ↦ b < a }
is not the expected one
  Real.instLT
-/
#guard_msgs in
#translate ∀ x y : ℝ, @LT.lt ℝ ⟨fun a b ↦ b < a⟩ x y

/--
error: cannot export the term
  ‖y‖
its instance
  { norm := fun x ↦ 0 }
is not the expected one
  PiLp.instNorm 2 fun x ↦ ℝ
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι] (y : EuclideanSpace ℝ ι), @norm _ ⟨fun _ ↦ 0⟩ y = 0

/-! ### Numerals, exponents and sums -/

/--
error: cannot export the term
  ℕ
variables are reals, vectors, positions, families of vectors, and maps and sets of vectors
-/
#guard_msgs in
#translate ∀ (x : ℝ) (n : ℕ), x ^ n = 0

/--
error: cannot export the term
  x ^ 2
the exponent is not a natural number
-/
#guard_msgs in
#translate ∀ x : ℝ, x ^ (2 : ℤ) = 0

/--
error: cannot export the term
  Finset ι
variables are reals, vectors, positions, families of vectors, and maps and sets of vectors
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι] (s : Finset ι) (y : EuclideanSpace ℝ ι), ∑ i ∈ s, y i = 0

/--
error: cannot export the term
  {j}
sums have to run over all of an index type (`Finset.univ`)
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι] [DecidableEq ι] (j : ι) (y : EuclideanSpace ℝ ι),
  ∑ i ∈ {j}, y i = 0

/-! ### Natural numbers -/

/--
error: cannot export the term
  Fintype.card ι - 1
of the natural numbers only numerals and the sizes of index types are compared
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι], Fintype.card ι - 1 < 2

/--
error: cannot export the term
  Option ι
it is not an index type of the statement
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι], Fintype.card (Option ι) ≤ 3

/--
error: cannot export the term
  Fintype.card ι
a vector was expected here, and its type is
  ℕ
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι], Fintype.card ι = 3

/--
error: cannot export the term
  3 < Fintype.card ι
its instance
  { lt := fun a b ↦ b < a }
is not the expected one
  instLTNat
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι], @LT.lt ℕ ⟨fun a b ↦ b < a⟩ 3 (Fintype.card ι)

/-! ### Propositions -/

/--
error: cannot export the term
  x = 0 ∨ x ≠ 0
propositions are equations, inequalities, derivatives, `Orthonormal`, `IsGreatest`, `IsMinOn`, `IsLocalMin`, `LipschitzWith`, `∈`, and `∀`, `∀ᶠ`, `→`, `∧` and `↔` of such
-/
#guard_msgs in
#translate ∀ x : ℝ, x = 0 ∨ x ≠ 0

/--
error: cannot export the term
  ∃ x, x = 0
propositions are equations, inequalities, derivatives, `Orthonormal`, `IsGreatest`, `IsMinOn`, `IsLocalMin`, `LipschitzWith`, `∈`, and `∀`, `∀ᶠ`, `→`, `∧` and `↔` of such
-/
#guard_msgs in
#translate ∃ x : ℝ, x = 0

/--
error: cannot export the term
  ∀ (n : ℕ), ↑n = x
only real numbers, the vectors of a space and positions are quantified over
-/
#guard_msgs in
#translate ∀ x : ℝ, (∀ n : ℕ, (n : ℝ) = x) → x = 0

/--
error: cannot export the term
  Filter.atTop
the only filters read are the neighbourhoods of a vector
-/
#guard_msgs in
#translate ∀ x : ℝ, (∀ᶠ y : ℝ in Filter.atTop, y = x) → x = 0

/--
error: cannot export the term
  IsMinOn f s u
a minimum is read over all vectors (`Set.univ`) alone
-/
#guard_msgs in
#translate ∀ {E : Type} [NormedAddCommGroup E] [InnerProductSpace ℝ E] (f : E → ℝ) (s : Set E)
  (u : E), IsMinOn f s u

/--
error: cannot export the term
  ∀ (x y : ι → ℝ), ‖a • x - a • y‖ ≤ ↑a.toNNReal * ‖x - y‖
only real numbers, the vectors of a space and positions are quantified over
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι] (a : ℝ), LipschitzWith a.toNNReal (fun v : ι → ℝ ↦ a • v)

/--
error: cannot export the term
  ↑(Real.nnabs a)
of the non-negative numbers only `Real.toNNReal` is known
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι] (a : ℝ),
  LipschitzWith a.nnabs (fun v : EuclideanSpace ℝ ι ↦ a • v)

/-! ### Sets and subspaces -/

/--
error: cannot export the term
  Set ℝ
variables are reals, vectors, positions, families of vectors, and maps and sets of vectors
-/
#guard_msgs in
#translate ∀ s : Set ℝ, (0 : ℝ) ∈ s

/--
error: cannot export the term
  {v}
it is not a set of vectors of the statement
-/
#guard_msgs in
#translate ∀ {E : Type} [NormedAddCommGroup E] [InnerProductSpace ℝ E] (u v : E), u ∈ ({v} : Set E)

/--
error: cannot export the term
  S
the vectors that span a subspace have to be written out
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι] (S : Set (EuclideanSpace ℝ ι)) (u : EuclideanSpace ℝ ι),
  (Submodule.span ℝ S).starProjection u = u

/-! ### Derivatives and operators -/

/--
error: cannot export the term
  (fderiv ℝ f y) dy
'DFunLike.coe' is in no table of the translation, and is no definition marked with `@[bridge]`
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι] (f : EuclideanSpace ℝ ι → ℝ) (y : EuclideanSpace ℝ ι),
  HasFDerivAt f (fderiv ℝ f y) y

/--
error: cannot export the term
  DifferentiableAt ℝ f u
propositions are equations, inequalities, derivatives, `Orthonormal`, `IsGreatest`, `IsMinOn`, `IsLocalMin`, `LipschitzWith`, `∈`, and `∀`, `∀ᶠ`, `→`, `∧` and `↔` of such
-/
#guard_msgs in
#translate ∀ {E : Type} [NormedAddCommGroup E] [InnerProductSpace ℝ E] (f : E → ℝ) (u : E),
  DifferentiableAt ℝ f u

/--
error: cannot export the term
  A.comp A
it is not an operator of the statement
-/
#guard_msgs in
#translate ∀ {E : Type} [NormedAddCommGroup E] [InnerProductSpace ℝ E] (A : E →L[ℝ] E) (u : E),
  (A ∘L A) u = u

/--
error: cannot export the term
  (innerSL ℝ) g
the norm of an operator is read where it takes vectors of a space to such vectors
-/
#guard_msgs in
#translate ∀ {ι : Type} [Fintype ι] (g : EuclideanSpace ℝ ι), ‖innerSL ℝ g‖ = ‖g‖

/--
error: cannot export the term
  A.coprod A
the norm of an operator is read where it takes vectors of a space to such vectors
-/
#guard_msgs in
#translate ∀ {E : Type} [NormedAddCommGroup E] [InnerProductSpace ℝ E] (A : E →L[ℝ] E),
  ‖A.coprod A‖ = 2

/--
error: cannot export the term
  ‖A‖
its instance
  { norm := fun x ↦ 0 }
is not the expected one
  ContinuousLinearMap.hasOpNorm
-/
#guard_msgs in
#translate ∀ {E : Type} [NormedAddCommGroup E] [InnerProductSpace ℝ E] (A : E →L[ℝ] E),
  @norm _ ⟨fun _ ↦ 0⟩ A = 0

/--
error: cannot export the term
  IsGreatest {r | 0 < r} x
`IsGreatest` is read of sets `{r | ∃ A, … ∧ … = r}` alone
-/
#guard_msgs in
#translate ∀ x : ℝ, IsGreatest {r | 0 < r} x

/-! ### `sorry` -/

set_option warn.sorry false in
/-- A statement that is not there. -/
@[bridge "7"] theorem sorryStatement : (sorry : ℝ) = 0 := sorry

/-- error: 'sorryStatement': its statement contains `sorry` -/
#guard_msgs in
#bridge_statement sorryStatement

set_option warn.sorry false in
/-- A statement whose proof is not there. -/
@[bridge "7"] theorem sorryProof : (1 : ℝ) = 0 := sorry

/-- error: 'sorryProof': its proof contains `sorry` -/
#guard_msgs in
#bridge_statement sorryProof

/-- error: 'unmarked' is not marked with `@[bridge]` -/
#guard_msgs in
#bridge_statement unmarked

/-! ### Nothing is written where something is refused -/

/-- error: 'sorryStatement': its statement contains `sorry` -/
#guard_msgs in
#bridge_export "/nonexistent/bridge.json"

end BridgeTest

/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public meta import Lean.Data.Json.FromToJson
public import Lean.Data.Json.FromToJson

/-!
# The terms of an exported statement

A statement leaves Lean as a term, of one of three sorts: scalars (real numbers), vectors (elements
of `EuclideanSpace ℝ ι`, of a family of such, or of an abstract real inner product space) and
propositions.

The JSON is the derived one: a node is an object with one key, its constructor, which holds an
object of its fields; a constructor without fields is a string. `pybridge.export` reads the same
constructors. Definitions stay calls; binders carry their name and the index type they run over. -/

public meta section

open Lean

namespace Bridge

/-- Where a vector lives. -/
inductive Space where
  /-- `EuclideanSpace ℝ ι`. -/
  | euclidean (index : String)
  /-- A variable `E` with `[NormedAddCommGroup E] [InnerProductSpace ℝ E]`. -/
  | abstract (name : String)
  /-- `PiLp 2 fun _ : family ↦ EuclideanSpace ℝ index`, a batch with channels. -/
  | channels (family index : String)
  /-- `PiLp 2 fun _ : family ↦ inner`, where `inner` has channels itself: an array of several axes.
  -/
  | nested (family : String) (inner : Space)
  deriving BEq, Repr, Inhabited, ToJson, FromJson

/-- What a variable of a statement is. -/
inductive Kind where
  /-- `x : ℝ`. -/
  | scalar
  /-- `x : EuclideanSpace ℝ ι` or `x : E`. -/
  | vector (space : Space)
  /-- `i : ι`. -/
  | position (index : String)
  /-- `v : κ → E`. -/
  | family (index : String) (space : Space)
  /-- `L : E → ℝ`. -/
  | loss (space : Space)
  /-- `G : E → E`. -/
  | field (space : Space)
  /-- `A : E →L[ℝ] F`. -/
  | operator (domain codomain : Space)
  /-- `S : Set E`. -/
  | set (space : Space)
  deriving BEq, Repr, Inhabited, ToJson, FromJson

/-- An explicit or implicit variable of a statement, or one that a statement binds. -/
structure Variable where
  name : String
  kind : Kind
  deriving BEq, Inhabited, ToJson, FromJson

/-- A real number (scalar) or a vector. `add`, `sub`, `neg`, `sum`, `var` and `call` are of the sort
of what they are made of; the translation, which is typed, never mixes them, and `pybridge.export`
checks it again. -/
inductive Term where
  /-- A numeral. -/
  | nat (value : Nat)
  /-- A variable. -/
  | var (name : String)
  /-- `Fintype.card ι`, as a real number. -/
  | card (index : String)
  | add (left right : Term)
  | sub (left right : Term)
  | mul (left right : Term)
  /-- Lean's division: `x / 0 = 0`. -/
  | div (left right : Term)
  | neg (arg : Term)
  /-- Lean's inverse: `0⁻¹ = 0`. -/
  | inv (arg : Term)
  /-- `Real.sqrt`, which is `0` on negative numbers. -/
  | sqrt (arg : Term)
  | abs (arg : Term)
  /-- A power with a numeral as exponent. -/
  | pow (base : Term) (exponent : Nat)
  /-- `⟪left, right⟫` over `ℝ`. -/
  | inner (left right : Term)
  | norm (arg : Term)
  /-- `vector i`, a scalar. -/
  | component (vector : Term) (position : String)
  /-- `∑ variable, body`. -/
  | sum («variable» index : String) (body : Term)
  /-- A definition of the project, applied; each of `args` is a `scalar` or a `vector`. -/
  | call (name : String) (indices : Array String) (args : Array Term)
  /-- The zero vector. -/
  | zero (space : Space)
  | smul (scalar vector : Term)
  /-- `WithLp.toLp 2 fun variable ↦ body`, a vector. -/
  | build («variable» index : String) (body : Term)
  /-- `family i`, a vector. -/
  | member (family position : String)
  /-- `L x`, a scalar, or `G x` or `A x`, a vector: a variable that is a function, applied to a
  vector. -/
  | apply (function : String) (arg : Term)
  /-- `A† x`, a vector: the adjoint of a variable that is an operator, applied. -/
  | adjoint (operator : String) (arg : Term)
  /-- `y c` for a `y` of a space with channels, a vector. -/
  | channel (vector : Term) (position : String)
  /-- `WithLp.toLp 2 fun variable ↦ body` with vectors for `body`, of a space with channels. -/
  | channels («variable» index : String) (body : Term)
  /-- `(Submodule.span ℝ {generators}).starProjection arg`, a vector. -/
  | project (generators : Array Term) (arg : Term)
  /-- `∇ (fun variable ↦ body) point`, a vector; `body` is a scalar. -/
  | gradient («variable» : Variable) (body point : Term)
  /-- `fderiv ℝ (fun variable ↦ body) point direction`, a vector; `body` is one. -/
  | fderiv («variable» : Variable) (body point direction : Term)
  /-- `Metric.infDist point set`, a scalar. -/
  | infDist (point : Term) (set : String)
  /-- `‖A‖`, a scalar, for the continuous linear map `A` that makes `body`, a vector, of `variable`,
  a vector. -/
  | opNorm («variable» : Variable) (body : Term)
  /-- A scalar, as an argument or as the value of a definition. -/
  | scalar (term : Term)
  /-- A vector, as an argument or as the value of a definition. -/
  | vector (term : Term)
  deriving BEq, Inhabited, ToJson, FromJson

/-- A hypothesis or a conclusion. -/
inductive Proposition where
  | eq (left right : Term)
  | ne (left right : Term)
  | lt (left right : Term)
  | le (left right : Term)
  | vectorEq (left right : Term)
  | vectorNe (left right : Term)
  /-- `Orthonormal ℝ family`. -/
  | orthonormal (family : String)
  | and (left right : Proposition)
  | iff (left right : Proposition)
  | imp (left right : Proposition)
  /-- `HasGradientAt (fun variable ↦ body) gradient point`. -/
  | hasGradientAt («variable» : Variable) (body gradient point : Term)
  /-- `HasDerivAt (fun variable ↦ body) derivative point`, of a real function of a real variable. -/
  | hasDerivAt («variable» : String) (body derivative point : Term)
  /-- `HasFDerivAt (fun variables ↦ body) A points`: `derivative` is what `A` makes of `directions`,
  which are of the kinds of `variables`. Each of `body`, `derivative` and `points` is a `scalar` or
  a `vector`. -/
  | hasFDerivAt («variables» : Array Variable) (body : Term) (directions : Array String)
      (derivative : Term) (points : Array Term)
  /-- `∀ variable, body`, over the real numbers, the vectors of a space, or the positions of an
  index type. -/
  | forall («variable» : Variable) (body : Proposition)
  /-- `∀ᶠ variable in 𝓝 point, body`. -/
  | eventually («variable» : Variable) (point : Term) (body : Proposition)
  /-- `vector ∈ set`, for a variable that is a set. -/
  | mem (vector : Term) (set : String)
  /-- `‖A‖ ≤ bound`, for the operator norm. -/
  | opNormLe (operator : String) (bound : Term)
  /-- `IsGreatest {r | ∃ variable, constraint ∧ body = r} value`. -/
  | isGreatest («variable» : Variable) (constraint : Proposition) (body value : Term)
  deriving BEq, Inhabited, ToJson, FromJson

/-- An index type of a statement. Python tries finite ones. -/
structure Index where
  name : String
  /-- Whether the statement assumes `[Nonempty ι]`. -/
  nonempty : Bool
  deriving BEq, Inhabited, ToJson, FromJson

/-- An abstract inner product space of a statement. Python tries finite-dimensional ones. -/
structure AbstractSpace where
  name : String
  /-- Whether the statement assumes `[Nontrivial E]`. -/
  nontrivial : Bool
  deriving BEq, Inhabited, ToJson, FromJson

/-- A hypothesis of a theorem. -/
structure Hypothesis where
  name : String
  /-- As Lean prints it. -/
  statement : String
  proposition : Proposition
  deriving BEq, Inhabited, ToJson, FromJson

/-- An exported definition. -/
structure Definition where
  name : String
  docstring : String
  file : String
  line : Nat
  /-- As Lean prints it. -/
  statement : String
  indices : Array Index
  parameters : Array Variable
  body : Term
  deriving BEq, Inhabited, ToJson, FromJson

/-- The axioms that a proof rests on. -/
structure Axioms where
  names : Array String
  /-- Whether every proof was seen; else they are those that the project's own proofs use. -/
  complete : Bool
  deriving BEq, Inhabited, ToJson, FromJson

/-- A declaration of the project that an exported one rests on, and what it uses. -/
structure Proof where
  name : String
  /-- `theorem`, `definition`, `opaque` or `inductive`. -/
  kind : String
  file : String
  /-- The declarations of the project in its type and its value. -/
  uses : Array String
  /-- The constants of other libraries, as places in the document's `outside`. -/
  outside : Array Nat
  deriving BEq, Inhabited, ToJson, FromJson

/-- An exported theorem. -/
structure Theorem where
  name : String
  /-- The label in `@[bridge "…"]`. -/
  equation : String
  comment : String
  docstring : String
  file : String
  line : Nat
  /-- As Lean prints it. -/
  statement : String
  indices : Array Index
  /-- The abstract inner product spaces. -/
  spaces : Array AbstractSpace
  variables : Array Variable
  hypotheses : Array Hypothesis
  conclusion : Proposition
  axioms : Axioms
  deriving BEq, Inhabited, ToJson, FromJson

/-- The Lean that exported. -/
structure LeanVersion where
  version : String
  githash : String
  deriving BEq, Inhabited, ToJson, FromJson

/-- What the exporter writes. -/
structure Document where
  /-- The version of this format. -/
  schema : Nat
  lean : LeanVersion
  definitions : Array Definition
  theorems : Array Theorem
  /-- The project's declarations that these rest on, themselves among them. -/
  proofs : Array Proof
  /-- The constants of other libraries that the proofs use. -/
  outside : Array String
  deriving BEq, Inhabited, ToJson, FromJson

end Bridge

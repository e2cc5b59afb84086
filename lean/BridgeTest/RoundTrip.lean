/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public meta import Bridge.IR
public meta import Bridge.Export
public meta import Lean.Elab.Command

/-!
# Tests of the format: a document survives the way to JSON and back, constructor by constructor
-/

public meta section

open Lean
open Bridge hiding Term

namespace BridgeTest

/-- Every constructor of `Term` once. -/
def allTerms : Array Bridge.Term :=
  let x := Bridge.Term.var "x"
  let v : Variable := { name := "v", kind := .vector (.abstract "E") }
  #[.nat 12345678901234567890, x, .card "ι", .add x x, .sub x x, .mul x x, .div x x, .neg x, .inv x,
    .sqrt x, .abs x, .pow x 2, .inner x x, .norm x, .component x "i", .sum "i" "ι" x,
    .call "f" #["ι"] #[.scalar x, .vector x], .zero (.abstract "E"), .smul x x, .build "i" "ι" x,
    .member "b" "k", .apply "L" x, .adjoint "A" x, .channel x "c", .channels "c" "κ" x,
    .project #[x, x] x, .gradient v x x, .fderiv v x x x, .infDist x "S",
    .opNorm v x, .scalar x, .vector x]

/-- Every constructor of `Proposition` once. -/
def allPropositions : Array Proposition :=
  let x := Bridge.Term.var "x"
  let v : Variable := { name := "v", kind := .vector (.abstract "E") }
  #[.eq x x, .ne x x, .lt x x, .le x x, .vectorEq x x, .vectorNe x x, .orthonormal "b",
    .and (.eq x x) (.ne x x), .imp (.eq x x) (.ne x x), .eventually v x (.eq x x), .mem x "S", .iff (.eq x x) (.ne x x), .hasGradientAt v x x x, .hasDerivAt "t" x x x,
    .hasFDerivAt #[v, v] (.scalar x) #["d", "d'"] (.scalar x) #[.vector x, .vector x],
    .forall v (.eq x x), .opNormLe "A" x, .isGreatest v (.opNormLe "v" x) x x]

/-- A document with one of everything. -/
def allDocument (axioms : Axioms) : Document where
  schema := schemaVersion
  lean := { version := "4.27.0", githash := "abc" }
  definitions := allTerms.map fun body => {
    name := "f", docstring := "d", file := "lean/F.lean", line := 1, statement := "s"
    indices := #[{ name := "ι", nonempty := true }], body
    parameters := #[{ name := "x", kind := .scalar }, { name := "y", kind := .vector (.euclidean "ι") },
      { name := "i", kind := .position "ι" }, { name := "b", kind := .family "κ" (.abstract "E") },
      { name := "L", kind := .loss (.euclidean "ι") }, { name := "G", kind := .field (.euclidean "ι") },
      { name := "A", kind := .operator (.abstract "E") (.euclidean "ι") },
      { name := "S", kind := .set (.channels "κ" "ι") },
      { name := "A", kind := .vector (.nested "ν" (.channels "κ" "ι")) }] }
  theorems := allPropositions.map fun p => {
    name := "t", equation := "7ε", comment := "", docstring := "d \"quoted\"\n⟪y, g⟫"
    file := "lean/F.lean", line := 2, statement := "s", indices := #[], spaces := #[{ name := "E", nontrivial := true }], «variables» := #[]
    hypotheses := #[{ name := "h", statement := "s", proposition := p }], conclusion := p, axioms }
  proofs := #[{
    name := "t", kind := "theorem", file := "lean/F.lean", uses := #["f"], outside := #[0, 2] }]
  outside := #["Eq", "Nat", "propext"]

/-- info: 32 terms and 18 propositions come back, axioms seen or not -/
#guard_msgs in
run_cmd
  for axioms in [⟨#[], false⟩, ⟨#["propext"], true⟩] do
    let document := allDocument axioms
    match Json.parse (toJson document).compress >>= fromJson? with
    | .ok (back : Document) => unless back == document do throwError "another document came back"
    | .error e => throwError e
  logInfo m!"{allTerms.size} terms and {allPropositions.size} propositions come back, \
    axioms seen or not"

end BridgeTest

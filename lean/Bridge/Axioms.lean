/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public meta import Bridge.Attr
public meta import Bridge.IR
public meta import Lean.Elab.Command
public meta import Lean.Util.CollectAxioms

/-!
# What a theorem rests on

The declarations of the project that a proof uses, the axioms it rests on, and its boundary: the
constants of other libraries at which the records of `Bridge.Proofs` end. In a file without `module`
header the official Lean sees every proof, and then the axioms are the full set; where it sees none,
they are those that the project's own proofs use. An axiom outside `allowedAxioms` is an error, and
so is a declaration of the project of which no record is there. -/

public meta section

open Lean

namespace Bridge

/-- The axioms a proof may rest on. -/
def allowedAxioms : Array Name := #[``propext, ``Classical.choice, ``Quot.sound]

/-- What declarations rest on. -/
structure Basis where
  /-- The declarations of the project met so far. -/
  declarations : NameSet := {}
  /-- The axioms that one of them uses. -/
  axioms : NameSet := {}
  /-- The constants of other libraries that one of them uses. -/
  boundary : NameSet := {}

/-- The module that a private name says it is of. -/
def privateModule? (declName : Name) : Option Name := do
  let .num module _ ← privatePrefix? declName | none
  return module.replacePrefix `_private .anonymous

/-- The module a declaration stands in. Where imported private declarations are not loaded, their
names say so. -/
def moduleOf (env : Environment) (declName : Name) : Name :=
  match env.getModuleIdxFor? declName with
  | some idx => env.allImportedModuleNames[idx]!
  | none => (privateModule? declName).getD env.mainModule

/-- Whether a declaration belongs to a library with marked declarations. -/
def isOwn (env : Environment) (declName : Name) : Bool :=
  let root := (moduleOf env declName).getRoot
  (entries env).any (·.module.getRoot == root)

/-- What `declName` uses, and what that rests on, added to `basis`. -/
partial def addBasis (basis : Basis) (declName : Name) : CoreM Basis := do
  let env ← getEnv
  if basis.declarations.contains declName || basis.axioms.contains declName ||
      basis.boundary.contains declName then return basis
  if getOriginalConstKind? env declName == some .axiom then
    return { basis with axioms := basis.axioms.insert declName }
  match uses? env declName with
  | some used =>
    let mut basis := { basis with declarations := basis.declarations.insert declName }
    for name in used do basis ← addBasis basis name
    return basis
  | none =>
    if isOwn env declName then
      throwError "what '{declName}' uses is not recorded: its module \
        {moduleOf env declName} has to import `Bridge.Attr`"
    return { basis with boundary := basis.boundary.insert declName }

/-- The source file of a module of this project. -/
def sourceFile (module : Name) : String :=
  "lean/" ++ "/".intercalate (module.components.map toString) ++ ".lean"

/-- Names as they are written, sorted. -/
def sorted (names : Array Name) : Array String :=
  names.map (privateToUserName · |>.toString) |>.qsort (· < ·)

/-- The axioms a theorem rests on: all of them where its proof can be seen, else those that the
proofs of the project use. -/
def axiomsOf (declName : Name) : CoreM Axioms := do
  let complete := ((← getEnv).find? declName).any fun info => info matches .thmInfo _
  let axioms ← if complete then collectAxioms declName
    else pure (← addBasis {} declName).axioms.toArray
  if axioms.contains ``sorryAx then throwError "its proof contains `sorry`"
  for a in axioms do
    unless allowedAxioms.contains a do throwError "it rests on the axiom '{a}'"
  return { names := sorted axioms, complete }

/-- The kind of a declaration, in one word; `private` where it is one that is not loaded. -/
def kindOf (env : Environment) (declName : Name) : String :=
  match getOriginalConstKind? env declName with
  | some .thm => "theorem"
  | some .defn => "definition"
  | some .opaque => "opaque"
  | some .axiom => "axiom"
  | some .quot | some .induct | some .ctor | some .recursor => "inductive"
  | none => "private"

/-- The declarations of the project that some declarations rest on, and what each of them uses; then
the constants of other libraries, which they name by their places. -/
def proofsOf (declNames : Array Name) : CoreM (Array Proof × Array String) := do
  let env ← getEnv
  let mut basis : Basis := {}
  for declName in declNames do basis ← addBasis basis declName
  let outside := sorted (basis.boundary ++ basis.axioms).toArray
  let mut proofs := #[]
  for declName in basis.declarations.toArray.qsort Name.lt do
    let used := (uses? env declName).getD #[]
    let (own, others) := used.partition basis.declarations.contains
    let name := (privateToUserName declName).toString
    if proofs.any fun (p : Proof) => p.name == name then
      throwError "two declarations are called '{name}', at least one of them private: rename one"
    proofs := proofs.push {
      name, kind := kindOf env declName, file := sourceFile (moduleOf env declName)
      uses := sorted own, outside := (sorted others).filterMap outside.idxOf? }
  return (proofs, outside)

end Bridge

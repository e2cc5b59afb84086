/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public meta import Lean.CoreM

/-!
# What each proof uses

Under Lean's module system a proof is seen in its own module only. So every module that imports this
file records, when it is written, which constants each of its declarations uses, in its type and in
its value. From these records the exporter knows which theorems a theorem rests on, and which
axioms, also where the proofs themselves cannot be seen any more: as far as there are records, that
is, through the project, up to the constants of other libraries (the boundary).

What Lean makes of a declaration by itself (`f._proof_1`, `f.match_1`, `f.eq_1`) counts as a part of
it. -/

public meta section

open Lean

namespace Bridge

/-- What a declaration uses. -/
structure Uses where
  /-- The declaration. -/
  declName : Name
  /-- The constants in its type and in its value, sorted. -/
  constants : Array Name
  deriving Inhabited

/-- Whether `name` is a part of a declaration rather than one by itself. -/
def isPart (name : Name) : Bool :=
  go (privateToUserName name)
where
  /-- Whether a component of the name marks what Lean makes by itself. -/
  go : Name → Bool
    | .anonymous => false
    | name@(.str init _) | name@(.num init _) => name.isInternalDetail || go init

/-- A declaration of the module at hand, with its value. -/
def findHere? (env : Environment) (name : Name) : Option ConstantInfo :=
  if (env.getModuleIdxFor? name).isSome then none else (env.setExporting false).find? name

/-- The declaration of which `name` is a part; `name` itself where there is none. -/
def ownerOf (env : Environment) (name : Name) : Name :=
  let owner := strip name
  if env.contains owner then owner else name
where
  /-- The name without what marks it as a part. -/
  strip : Name → Name
    | .anonymous => .anonymous
    | name@(.str init _) | name@(.num init _) => if isPart name then strip init else name

/-- The constants a declaration of the module at hand uses. In the place of a part of this module
stands what it uses, in the place of a part of another one the declaration it belongs to. -/
partial def usedConstants (env : Environment) (declName : Name) : Array Name :=
  let rec visit (seen : NameSet) (name : Name) : NameSet :=
    match findHere? env name with
    | none => seen
    | some info => info.getUsedConstantsAsSet.foldl (init := seen) fun seen used =>
      if seen.contains used then seen
      else if !isPart used then seen.insert used
      else if (findHere? env used).isSome then visit (seen.insert used) used
      else seen.insert (ownerOf env used)
  let all := (visit {} declName).toArray.filter fun name =>
    name != declName && !(isPart name && (findHere? env name).isSome)
  all.qsort Name.lt

/-- What each declaration of the module at hand uses. -/
def usesOfModule (env : Environment) : Array Uses :=
  let names : Array Name := (env.setExporting false).constants.foldStage2
    (fun names name _ => if isPart name then names else names.push name) #[]
  (names.qsort Name.lt).map fun declName => { declName, constants := usedConstants env declName }

/-- What the declarations of the imported modules use. -/
initialize usesExt : PersistentEnvExtension Uses Empty (NameMap (Array Name)) ←
  registerPersistentEnvExtension {
    mkInitial := pure {}
    addImportedFn := fun (modules : Array (Array Uses)) =>
      return modules.foldl (init := {}) fun map records =>
        records.foldl (init := map) fun map record => map.insert record.declName record.constants
    addEntryFn := fun map _ => map
    exportEntriesFnEx := fun env _ _ => usesOfModule env
  }

/-- The constants a declaration uses, sorted; `none` where no record of it is there. -/
def uses? (env : Environment) (declName : Name) : Option (Array Name) :=
  match (usesExt.getState env).find? declName with
  | some constants => some constants
  | none => if (findHere? env declName).isSome then some (usedConstants env declName) else none

end Bridge

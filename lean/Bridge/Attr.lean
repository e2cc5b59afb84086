/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public meta import Bridge.Proofs
public meta import Lean.Elab.Command
public meta import Lean.Elab.DeclarationRange
public meta import Lean.DocString

/-!
# The `bridge` attribute

`@[bridge "7"]` marks a theorem whose statement leaves Lean; `@[bridge]` marks a definition that
such statements may mention. The label of a theorem is an equation or theorem of the paper, or one
of the few other labels in `Bridge.labels`.

An attribute, and not a scan of the environment, because the choice is then made, and its errors are
reported, at the declaration; because a statement is exported only where somebody said that it
should be; and because under Lean's module system an importing file sees neither docstrings nor
source positions, which the attribute records while they can be seen. What it cannot know yet it
leaves to the exporter: the translation (`Bridge.Translate`) and the axioms (`Bridge.Axioms`). With
it comes `Bridge.Proofs`, which records what each proof of the module uses.

This file imports nothing of mathlib, so that a library can be marked without the translator.
-/

public meta section

open Lean Elab

namespace Bridge

/-- The labels a theorem may carry: equations, theorems and lemmas of the paper, then names of
groups of statements. The order is the order of the export. -/
def labels : Array String :=
  #["1", "2", "3", "4", "5", "6", "7", "7ε", "Thm 4.1", "Thm 4.2", "Obs 4.3", "Thm 4.4", "Lem 4.5",
    "definition", "projection", "normalize", "derivative", "geometry", "degenerate",
    "LayerNorm", "RMSNorm", "channels", "GroupNorm", "InstanceNorm", "evaluation", "merging"]

/-- What the attribute records of a declaration. -/
structure Entry where
  /-- The declaration. -/
  declName : Name
  /-- The module it stands in. -/
  module : Name
  /-- For a theorem, its label; for a definition, `none`. -/
  label? : Option String
  /-- An optional remark, such as the paper's own name of the statement. -/
  comment : String
  /-- The docstring. -/
  docstring : String
  /-- The line at which it stands, from 1 on: that of the tag, where the tag is part of the
  declaration. -/
  line : Nat
  deriving Inhabited

/-- All marked declarations of a module and of what it imports. -/
initialize entryExt : SimplePersistentEnvExtension Entry (Array Entry) ←
  registerSimplePersistentEnvExtension {
    addImportedFn := fun as => as.foldl (· ++ ·) #[]
    addEntryFn := .push
  }

/-- The marked declarations that `env` knows of. -/
def entries (env : Environment) : Array Entry :=
  entryExt.getState env

/-- The entry of a declaration, if it is marked. -/
def entry? (env : Environment) (declName : Name) : Option Entry :=
  (entries env).find? (·.declName == declName)

/--
`@[bridge "LABEL" "optional comment"]` on a theorem exports its statement under an equation of the
paper; `@[bridge]` on a definition lets exported statements mention it. Both want a docstring.
-/
syntax (name := bridge) "bridge" (ppSpace str)? (ppSpace str)? : attr

/-- The line of a declaration. Its range is recorded only after its attributes have been applied, so
that within the declaration the position of the tag has to serve. -/
def declarationLine (declName : Name) (tag : Syntax) : CoreM Nat := do
  if let some ranges ← findDeclarationRanges? declName then return ranges.range.pos.line
  let some pos := tag.getPos?
    | throwError "no source position is known of '{MessageData.ofConstName declName}'"
  return ((← getFileMap).toPosition pos).line

/-- Checks a use of the attribute, and makes the entry. -/
def mkEntry (declName : Name) (label? : Option String) (comment : String) (tag : Syntax) :
    CoreM Entry := withoutExporting do
  let shown := MessageData.ofConstName declName
  let some info := (← getEnv).findAsync? declName | throwError "unknown declaration '{declName}'"
  match info.kind, label? with
  | .thm, none =>
    throwError "the theorem '{shown}' needs a label: `@[bridge \"LABEL\"]` with one of {labels}"
  | .thm, some label =>
    unless labels.contains label do
      throwError "'{label}' is no label of `@[bridge]`: it takes one of {labels}"
  | .defn, some _ =>
    throwError "'{shown}' is a definition: `@[bridge]` takes a label on theorems only"
  | .defn, none => pure ()
  | _, _ => throwError "`@[bridge]` marks theorems and definitions, and '{shown}' is neither"
  let some docstring ← findDocString? (← getEnv) declName
    | throwError "'{shown}' needs a docstring: `@[bridge]` exports it beside the statement"
  return {
    declName, label?, comment, module := (← getEnv).mainModule
    docstring := docstring.trimAscii.copy
    line := ← declarationLine declName tag }

initialize registerBuiltinAttribute {
  name := `bridge
  descr := "Export the statement of this theorem, or this definition, to Python."
  applicationTime := .afterCompilation
  add := fun declName stx kind => do
    unless kind == .global do
      throwError "`@[bridge]` cannot be local or scoped: what is exported is seen by everybody"
    let (label?, comment) ← match stx with
      | `(attr| bridge $[$label]? $[$comment]?) =>
        pure (label.map (·.getString), (comment.map (·.getString)).getD "")
      | _ => throwUnsupportedSyntax
    if (entry? (← getEnv) declName).isSome then
      throwError "'{MessageData.ofConstName declName}' is marked with `@[bridge]` already"
    let entry ← mkEntry declName label? comment stx
    modifyEnv (entryExt.addEntry · entry)
}

end Bridge

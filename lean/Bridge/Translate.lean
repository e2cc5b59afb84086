/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public meta import Bridge.Translate.Proposition

/-!
# Translation of statements

From an `Expr` to the terms of `Bridge.IR`. Nothing downstream re-checks what is said here, so it
fails closed: what is not in a table of the translation stops it, with an error that names the
subterm.

* `Bridge.Translate.Context`: variables and their types, instances.
* `Bridge.Translate.Linear`: continuous linear maps, applied.
* `Bridge.Translate.Term`: numbers and vectors.
* `Bridge.Translate.Derivative`: derivatives.
* `Bridge.Translate.Proposition`: hypotheses and conclusions.

Here are the binders of a whole statement.
-/

public meta section

open Lean Meta

namespace Bridge

/-- The binders of a statement or definition, sorted by what they are. -/
structure Telescope where
  /-- The index types. -/
  indices : Array Index := #[]
  /-- The abstract spaces. -/
  spaces : Array AbstractSpace := #[]
  /-- The variables. -/
  vars : Array Variable := #[]
  /-- The hypotheses, with their variables' names. -/
  hypotheses : Array (Name × Expr) := #[]

/-- Reads the binders `xs`, then goes on with them in scope. -/
def withTelescope {α : Type} (xs : Array Expr) (k : Telescope → TranslateM α) : TranslateM α := do
  let types : Array Expr ← xs.mapM fun x => inferType x
  let hasClass (x : Expr) (name : Name) : Bool :=
    types.any fun t => t.isAppOf name && t.getAppArgs.contains x
  let mut context : Context := {}
  let mut telescope : Telescope := {}
  for x in xs, type in types do
    let declaration ← x.fvarId!.getDecl
    let name := context.freshName declaration.userName
    if type.isSort then
      if hasClass x ``InnerProductSpace then
        context := { context with spaces := context.spaces.push (x.fvarId!, name) }
        telescope := { telescope with
          spaces := telescope.spaces.push { name, nontrivial := hasClass x ``Nontrivial } }
      else if hasClass x ``NormedAddCommGroup then
        refuse x "a type is either an index type or a real inner product space"
      else
        context := { context with indices := context.indices.push (x.fvarId!, name) }
        telescope := { telescope with
          indices := telescope.indices.push { name, nonempty := hasClass x ``Nonempty } }
    else if declaration.binderInfo.isInstImplicit then
      let known ← match type.getAppFnArgs with
        | (``Fintype, _) | (``Nonempty, _) | (``DecidableEq, _) => pure true
        | (``NormedAddCommGroup, _) | (``CompleteSpace, _) => pure true
        | (``Nontrivial, args) =>
          pure (context.spaces.any fun (space, _) => args[0]? == some (mkFVar space))
        | (``InnerProductSpace, args) => pure (args[0]?.any (·.isConstOf ``Real))
        | _ => pure false
      unless known do refuse type "no statement with this class is exported"
    else if ← isProp type then
      telescope := { telescope with
        hypotheses := telescope.hypotheses.push (declaration.userName, type) }
    else
      let kind ← (translateKind type).run context
      context := { context with vars := context.vars.push (x.fvarId!, name, kind) }
      telescope := { telescope with vars := telescope.vars.push { name, kind } }
  withReader (fun _ => context) (k telescope)

end Bridge

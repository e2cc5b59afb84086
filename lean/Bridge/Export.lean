/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public meta import Bridge.Axioms
public meta import Bridge.Translate
public meta import Lean.Elab.Command

/-!
# The export

`exportDocument` makes one document of all marked declarations: the theorems in the order of
`Bridge.labels`, those of one label in the order in which the modules import each other, the
definitions such that each calls only earlier ones. The commands are

* `#bridge_statement NAME`, which shows the term of one statement or definition, and
* `#bridge_export "FILE"`, which writes the document; where anything is refused, it writes nothing.

What the theorems rest on is collected by `Bridge.Axioms`. What Lean has no library for is left to
`pybridge extract`, which adds the hashes of the sources and mathlib's revision.
-/

public meta section

open Lean Meta Elab Command

namespace Bridge

/-- The version of the export's format. -/
def schemaVersion : Nat := 3

/-- Adds the declaration's name to the errors of its translation. -/
def withDeclaration {α : Type} (declName : Name) (k : MetaM α) : MetaM α := do
  try k catch e => throwError "'{MessageData.ofConstName declName}': {e.toMessageData}"

/-- As wide as mathlib's lines. -/
def prettyText (f : Format) : String :=
  f.pretty (width := 100)

/-- The declaration's signature, as Lean prints it. -/
def signature (declName : Name) : MetaM String :=
  return prettyText (← PrettyPrinter.ppSignature declName).fmt

/-- The running Lean, as `4.27.0`, or `4.28.0-pre` where it is no release. -/
def leanVersion : LeanVersion where
  version := versionStringCore ++
    if version.isRelease then ""
    else "-" ++ if version.specialDesc.isEmpty then "pre" else version.specialDesc
  githash := Lean.githash

/-- Translates a marked definition. -/
def exportDefinition (entry : Entry) : MetaM Definition := withDeclaration entry.declName do
  let some value := (← getConstInfo entry.declName).value?
    | throwError "its body cannot be seen: the definition has to be in an `@[expose]` section"
  if value.hasSorry then throwError "its body contains `sorry`"
  lambdaTelescope value fun xs body => (withTelescope xs fun telescope => do
    unless telescope.spaces.isEmpty && telescope.hypotheses.isEmpty do
      throwError "a definition takes numbers, vectors and positions only"
    let term ← if ← isReal (← inferType body) then .scalar <$> translateScalar body
      else .vector <$> translateVector body
    return {
      name := (privateToUserName entry.declName).toString, docstring := entry.docstring
      file := sourceFile entry.module, line := entry.line
      statement := (← signature entry.declName) ++ " :=\n  " ++ prettyText (← ppExpr body)
      indices := telescope.indices, parameters := telescope.vars, body := term }).run {}

/-- Translates a marked theorem. -/
def exportTheorem (entry : Entry) : MetaM Theorem := withDeclaration entry.declName do
  let type := (← getConstInfo entry.declName).type
  if type.hasSorry then throwError "its statement contains `sorry`"
  forallTelescope type fun xs conclusion => (withTelescope xs fun telescope => do
    let hypotheses ← telescope.hypotheses.mapM fun (name, type) => return {
      name := name.eraseMacroScopes.toString, statement := prettyText (← ppExpr type)
      proposition := ← translateProposition type }
    return {
      name := (privateToUserName entry.declName).toString, docstring := entry.docstring
      equation := entry.label?.getD "", comment := entry.comment
      file := sourceFile entry.module, line := entry.line
      statement := ← signature entry.declName
      indices := telescope.indices, spaces := telescope.spaces, «variables» := telescope.vars
      hypotheses, conclusion := ← translateProposition conclusion
      axioms := ← axiomsOf entry.declName }).run {}

/-- The names of the definitions a term calls. -/
partial def calls : Term → Array String
  | .add a b | .sub a b | .mul a b | .div a b | .inner a b | .smul a b => calls a ++ calls b
  | .neg a | .inv a | .sqrt a | .abs a | .pow a _ | .norm a | .component a _ | .sum _ _ a
  | .build _ _ a | .scalar a | .vector a => calls a
  | .apply _ a | .adjoint _ a | .channel a _ | .channels _ _ a | .infDist a _
  | .opNorm _ a => calls a
  | .gradient _ a b => calls a ++ calls b
  | .fderiv _ a b c => calls a ++ calls b ++ calls c
  | .project generators a => generators.foldl (fun names g => names ++ calls g) (calls a)
  | .call name _ args => args.foldl (fun names a => names ++ calls a) #[name]
  | .nat _ | .var _ | .card _ | .zero _ | .member _ _ => #[]

/-- Definitions such that each calls only earlier ones, by name where there is a choice. -/
def sortDefinitions (definitions : Array Definition) : Array Definition := Id.run do
  let mut left := definitions.qsort (·.name < ·.name)
  let mut done : Array Definition := #[]
  while !left.isEmpty do
    let ready (d : Definition) : Bool := (calls d.body).all fun n => done.any (·.name == n)
    let some next := left.find? ready | break
    done := done.push next
    left := left.filter (·.name != next.name)
  return done ++ left

/-- The document of all marked declarations. -/
def exportDocument : MetaM Document := do
  let env ← getEnv
  let entries := Bridge.entries env
  let rank (e : Entry) : Nat := (e.label?.bind (labels.idxOf? ·)).getD labels.size
  let module (e : Entry) : Nat := (env.getModuleIdx? e.module).getD env.header.moduleNames.size
  let before (a b : Entry) : Bool :=
    rank a < rank b || rank a == rank b &&
      (module a < module b || module a == module b && a.line < b.line)
  let theorems := entries.filter (·.label?.isSome) |>.qsort before
  if theorems.isEmpty then throwError "no theorem marked with `@[bridge]` is imported here"
  let definitions ← (entries.filter (·.label?.isNone)).mapM exportDefinition
  let (proofs, outside) ← proofsOf (entries.map (·.declName))
  return {
    schema := schemaVersion
    lean := leanVersion
    definitions := sortDefinitions definitions
    theorems := ← theorems.mapM exportTheorem
    proofs, outside }

/-- `#bridge_statement NAME` shows how a marked declaration is exported. -/
elab "#bridge_statement " name:ident : command => liftTermElabM do
  let declName ← realizeGlobalConstNoOverloadWithInfo name
  let some entry := entry? (← getEnv) declName
    | throwError "'{MessageData.ofConstName declName}' is not marked with `@[bridge]`"
  let json ← if entry.label?.isNone then toJson <$> exportDefinition entry
    else toJson <$> exportTheorem entry
  logInfo json.pretty

/-- `#bridge_export "FILE"` writes the document of all marked declarations to a file. -/
elab "#bridge_export " file:str : command => liftTermElabM do
  let document ← exportDocument
  IO.FS.writeFile file.getString ((toJson document).compress ++ "\n")
  logInfo m!"{document.theorems.size} theorems and {document.definitions.size} definitions \
    written to {file.getString}"

end Bridge

/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public meta import Bridge.Attr
public meta import Bridge.IR
public import Mathlib.Analysis.InnerProductSpace.PiL2

/-!
# Translation of statements: what is in scope

The variables of a statement and the types they may have: `ℝ`, `EuclideanSpace ℝ ι`, an abstract
real inner product space, a family of batches, and maps and sets of such. An instance has to be
definitionally equal to the one that type class inference finds: a norm or an order that is not the
usual one is refused. -/

public meta section

open Lean Meta

namespace Bridge

/-- What the variables in scope are called, and what they are. -/
structure Context where
  /-- Index types. -/
  indices : Array (FVarId × String) := #[]
  /-- Abstract inner product spaces. -/
  spaces : Array (FVarId × String) := #[]
  /-- Variables, and the variables of binders. -/
  vars : Array (FVarId × String × Kind) := #[]

/-- The translation's monad. -/
abbrev TranslateM := ReaderT Context MetaM

/-- Stops the translation at a subterm. -/
def refuse {α : Type} (e : Expr) (why : MessageData) : TranslateM α :=
  throwError "cannot export the term{indentExpr e}\n{why}"

/-- `name`, or with primes, such that it is none of those in scope. -/
def Context.freshName (context : Context) (name : Name) : String := Id.run do
  let used := context.indices.map (·.2) ++ context.spaces.map (·.2) ++ context.vars.map (·.2.1)
  let mut name := name.eraseMacroScopes.toString
  while used.contains name do
    name := name ++ "'"
  return name

/-- The name of an index type in scope. -/
def translateIndex (type : Expr) : TranslateM String := do
  let some (_, name) := (← read).indices.find? (mkFVar ·.1 == type)
    | refuse type "it is not an index type of the statement"
  return name

/-- The space that a type is, if it is one: `EuclideanSpace ℝ ι`, a family of such, or a variable.
-/
partial def translateSpace? (type : Expr) : TranslateM (Option Space) := do
  let type ← whnfR type
  if let some (_, name) := (← read).spaces.find? (mkFVar ·.1 == type) then
    return some (.abstract name)
  let_expr WithLp p V := type | return none
  let .forallE _ index coordinate _ := (← whnfR V) | return none
  let coordinate := coordinate.headBeta
  if coordinate.hasLooseBVars then return none
  unless ← isDefEq p (← mkAppOptM ``OfNat.ofNat #[mkConst ``ENNReal, mkRawNatLit 2, none]) do
    return none
  if coordinate.isConstOf ``Real then return some (.euclidean (← translateIndex index))
  match ← translateSpace? coordinate with
  | some (.euclidean inner) => return some (.channels (← translateIndex index) inner)
  | some (.abstract _) | none => return none
  | some inner => return some (.nested (← translateIndex index) inner)

/-- Whether a type is `ℝ`. -/
def isReal (type : Expr) : MetaM Bool :=
  return (← whnfR type).isConstOf ``Real

/-- The domain and codomain of a type of continuous linear maps over `ℝ`, if it is one. -/
def operatorType? (type : Expr) : MetaM (Option (Expr × Expr)) := do
  unless type.isAppOfArity ``ContinuousLinearMap 13 do return none
  let args := type.getAppArgs
  unless args[0]!.isConstOf ``Real && args[1]!.isConstOf ``Real do return none
  return some (args[5]!, args[8]!)

/-- Every instance argument of an application has to be the one that is found by inference. -/
def checkInstances (e : Expr) : TranslateM Unit := do
  let f := e.getAppFn
  let args := e.getAppArgs
  let info ← getFunInfoNArgs f args.size
  for arg in args, param in info.paramInfo do
    if param.isInstImplicit then
      let expected ← synthInstance (← inferType arg)
      unless ← withReducibleAndInstances (isDefEq arg expected) do
        refuse e m!"its instance{indentExpr arg}\nis not the expected one{indentExpr expected}"

/-- What a variable of this type is. -/
def translateKind (type : Expr) : TranslateM Kind := do
  let unknown {α : Type} : TranslateM α := refuse type
    "variables are reals, vectors, positions, families of vectors, and maps and sets of vectors"
  if ← isReal type then return .scalar
  if let some space ← translateSpace? type then return .vector space
  if let some (domain, codomain) ← operatorType? type then
    checkInstances type
    let some domain ← translateSpace? domain | unknown
    let some codomain ← translateSpace? codomain | unknown
    return .operator domain codomain
  if let .app (.const ``Set _) element := type then
    let some space ← translateSpace? element | unknown
    return .set space
  match type with
  | .fvar _ => return .position (← translateIndex type)
  | .forallE _ domain codomain _ =>
    if codomain.hasLooseBVars then unknown
    if let some space ← translateSpace? domain then
      if ← isReal codomain then return .loss space
      unless (← translateSpace? codomain) == some space do unknown
      return .field space
    let some space ← translateSpace? codomain | unknown
    return .family (← translateIndex domain) space
  | _ => unknown

/-- Goes below a binder that runs over an index type. -/
def withPosition {α : Type} (f : Expr) (k : (name index : String) → Expr → TranslateM α) :
    TranslateM α := do
  let .forallE binderName domain _ _ ← whnf (← inferType f) | refuse f "it is not a function"
  let index ← translateIndex domain
  let binderName := if let .lam n .. := f then n else binderName
  let name := (← read).freshName binderName
  withLocalDeclD binderName domain fun x =>
    withReader (fun c => { c with vars := c.vars.push (x.fvarId!, name, .position index) }) do
      k name index (f.beta #[x])

/-- Goes below a binder that runs over the numbers, or the vectors of a space. -/
def withVariable {α : Type} (name : Name) (type : Expr) (k : Variable → Expr → TranslateM α) :
    TranslateM α := do
  let kind ← translateKind type
  let name := (← read).freshName name
  withLocalDeclD (.mkSimple name) type fun x =>
    withReader (fun c => { c with vars := c.vars.push (x.fvarId!, name, kind) }) do
      k { name, kind } x

/-- A function of one variable, applied to it. -/
def withArgument {α : Type} (f : Expr) (k : Variable → Expr → TranslateM α) : TranslateM α := do
  let .forallE _ domain _ _ ← whnf (← inferType f) | refuse f "it is not a function"
  let name := if let .lam n .. := f then n else `x
  withVariable name domain fun v x => k v (f.beta #[x])

/-- The variable an expression is, of the kinds accepted. -/
def translateVariable (e : Expr) (accept : Kind → Bool) (expected : String) :
    TranslateM String := do
  match (← read).vars.find? (mkFVar ·.1 == e) with
  | some (_, name, kind) =>
    if accept kind then return name else refuse e m!"it is not {expected}"
  | none => refuse e m!"it is not {expected} of the statement"

/-- A position `i : ι`: a variable of a binder, or of the statement. -/
def translatePosition (e : Expr) : TranslateM String :=
  translateVariable e (· matches .position _) "a position"

/-- A variable that is a set of vectors. -/
def translateSet (e : Expr) : TranslateM String :=
  translateVariable e (· matches .set _) "a set of vectors"

/-- Sums run over a whole finite type. -/
def checkUniv (s : Expr) : TranslateM Unit := do
  checkInstances s
  unless s.isAppOfArity ``Finset.univ 2 do
    refuse s "sums have to run over all of an index type (`Finset.univ`)"

end Bridge

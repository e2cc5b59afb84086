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
# Translation of statements

From an `Expr` to the terms of `Bridge.IR`. Nothing downstream re-checks what is said here, so it fails
closed: every head constant is in one of the three tables below (`translateScalar`, `translateVector`,
`translateProposition`) or the translation stops with an error that names the subterm, every type is ℝ,
`EuclideanSpace ℝ ι` or a space of the statement, and every instance has to be definitionally equal to
the one that type class inference finds (a norm or an order that is not the usual one is refused).
-/

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

/-- The space that a type is, if it is one: `EuclideanSpace ℝ ι`, or a variable. -/
def translateSpace? (type : Expr) : TranslateM (Option Space) := do
  let type ← whnfR type
  if let some (_, name) := (← read).spaces.find? (mkFVar ·.1 == type) then
    return some (.abstract name)
  let_expr WithLp p V := type | return none
  let .forallE _ index coordinate _ := (← whnfR V) | return none
  unless coordinate.headBeta.isConstOf ``Real do return none
  unless ← isDefEq p (← mkAppOptM ``OfNat.ofNat #[mkConst ``ENNReal, mkRawNatLit 2, none]) do
    return none
  return some (.euclidean (← translateIndex index))

/-- Whether a type is `ℝ`. -/
def isReal (type : Expr) : MetaM Bool :=
  return (← whnfR type).isConstOf ``Real

/-- What a variable of this type is. -/
def translateKind (type : Expr) : TranslateM Kind := do
  if ← isReal type then return .scalar
  if let some space ← translateSpace? type then return .vector space
  match type with
  | .fvar _ => return .position (← translateIndex type)
  | .forallE _ index codomain _ =>
    if !codomain.hasLooseBVars then
      if let some space ← translateSpace? codomain then
        return .family (← translateIndex index) space
    refuse type "variables are reals, vectors, positions and families of vectors"
  | _ => refuse type "variables are reals, vectors, positions and families of vectors"

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

/-- The variable an expression is, of the kinds accepted. -/
def translateVariable (e : Expr) (accept : Kind → Bool) (expected : String) : TranslateM String := do
  match (← read).vars.find? (mkFVar ·.1 == e) with
  | some (_, name, kind) =>
    if accept kind then return name else refuse e m!"it is not {expected}"
  | none => refuse e m!"it is not {expected} of the statement"

/-- A position `i : ι`: a variable of a binder, or of the statement. -/
def translatePosition (e : Expr) : TranslateM String :=
  translateVariable e (· matches .position _) "a position"

/-- Sums run over a whole finite type. -/
def checkUniv (s : Expr) : TranslateM Unit := do
  checkInstances s
  unless s.isAppOfArity ``Finset.univ 2 do
    refuse s "sums have to run over all of an index type (`Finset.univ`)"

mutual

/-- A call of a marked definition. -/
partial def translateCall (e : Expr) : TranslateM Term := do
  let .const name _ := e.getAppFn | refuse e "its head is neither a constant nor a variable of the statement"
  match entry? (← getEnv) name with
  | some { label? := none, .. } => pure ()
  | some _ => refuse e m!"'{MessageData.ofConstName name}' is a theorem"
  | none => refuse e m!"'{MessageData.ofConstName name}' is in no table of the translation, and is no definition marked with `@[bridge]`"
  let mut indices := #[]
  let mut args := #[]
  let info ← getFunInfoNArgs e.getAppFn e.getAppNumArgs
  for arg in e.getAppArgs, param in info.paramInfo do
    if param.isInstImplicit then continue
    let type ← inferType arg
    if type.isSort then
      indices := indices.push (← translateIndex arg)
    else if ← isReal type then
      args := args.push (.scalar (← translateScalar arg))
    else
      args := args.push (.vector (← translateVector arg))
  return .call (privateToUserName name).toString indices args

/-- A real number. -/
partial def translateScalar (e : Expr) : TranslateM Term := do
  let e := (← instantiateMVars e).consumeMData
  unless ← isReal (← inferType e) do refuse e m!"a real number was expected here, and its type is{indentExpr (← inferType e)}"
  if e.isFVar then return .var (← translateVariable e (· matches .scalar) "a real variable")
  checkInstances e
  match_expr e with
  | OfNat.ofNat _ n _ =>
    let some n := n.rawNatLit? | refuse e "it is not a numeral"
    return .nat n
  | Nat.cast _ _ n =>
    let_expr Fintype.card index _ := n | refuse e "only the size of an index type is read as a number"
    checkInstances n
    return .card (← translateIndex index)
  | HAdd.hAdd _ _ _ _ a b => return .add (← translateScalar a) (← translateScalar b)
  | HSub.hSub _ _ _ _ a b => return .sub (← translateScalar a) (← translateScalar b)
  | HMul.hMul _ _ _ _ a b => return .mul (← translateScalar a) (← translateScalar b)
  | HDiv.hDiv _ _ _ _ a b => return .div (← translateScalar a) (← translateScalar b)
  | Neg.neg _ _ a => return .neg (← translateScalar a)
  | Inv.inv _ _ a => return .inv (← translateScalar a)
  | HPow.hPow _ _ _ _ a n =>
    let_expr OfNat.ofNat type exponent _ := n | refuse e "the exponent is not a numeral"
    let some exponent := exponent.rawNatLit? | refuse e "the exponent is not a numeral"
    unless type.isConstOf ``Nat do refuse e "the exponent is not a natural number"
    return .pow (← translateScalar a) exponent
  | Real.sqrt a => return .sqrt (← translateScalar a)
  | abs _ _ _ a => return .abs (← translateScalar a)
  | Inner.inner _ _ _ x y => return .inner (← translateVector x) (← translateVector y)
  | Norm.norm _ _ x =>
    if ← isReal (← inferType x) then return .abs (← translateScalar x)
    return .norm (← translateVector x)
  | WithLp.ofLp _ _ _ => refuse e "a vector is no number"
  | Finset.sum _ _ _ s f =>
    checkUniv s
    withPosition f fun name index body => return .sum name index (← translateScalar body)
  | _ =>
    if e.isAppOfArity ``WithLp.ofLp 4 then
      return .component (← translateVector (e.getArg! 2)) (← translatePosition (e.getArg! 3))
    translateCall e

/-- A vector. -/
partial def translateVector (e : Expr) : TranslateM Term := do
  let e := (← instantiateMVars e).consumeMData
  let some space ← translateSpace? (← inferType e)
    | refuse e m!"a vector was expected here, and its type is{indentExpr (← inferType e)}"
  if e.isFVar then return .var (← translateVariable e (· matches .vector _) "a vector variable")
  if let .app (.fvar family) position := e then
    let family ← translateVariable (.fvar family) (· matches .family ..) "a family of vectors"
    return .member family (← translatePosition position)
  checkInstances e
  match_expr e with
  | OfNat.ofNat _ n _ =>
    unless n.rawNatLit? == some 0 do refuse e "it is not a numeral that is a vector"
    return .zero space
  | HAdd.hAdd _ _ _ _ x y => return .add (← translateVector x) (← translateVector y)
  | HSub.hSub _ _ _ _ x y => return .sub (← translateVector x) (← translateVector y)
  | Neg.neg _ _ x => return .neg (← translateVector x)
  | HSMul.hSMul _ _ _ _ c x => return .smul (← translateScalar c) (← translateVector x)
  | WithLp.toLp _ _ f =>
    withPosition f fun name index body => return .build name index (← translateScalar body)
  | Finset.sum _ _ _ s f =>
    checkUniv s
    withPosition f fun name index body => return .sum name index (← translateVector body)
  | _ => translateCall e

end

/-- Two sides of a comparison, of real numbers. -/
def translateSides (a b : Expr) (compare : Term → Term → Proposition) : TranslateM Proposition :=
  return compare (← translateScalar a) (← translateScalar b)

/-- A hypothesis or a conclusion. -/
partial def translateProposition (e : Expr) : TranslateM Proposition := do
  let e := (← instantiateMVars e).consumeMData
  checkInstances e
  match_expr e with
  | Eq type a b =>
    if ← isReal type then return ← translateSides a b .eq
    return .vectorEq (← translateVector a) (← translateVector b)
  | Ne type a b =>
    if ← isReal type then return ← translateSides a b .ne
    return .vectorNe (← translateVector a) (← translateVector b)
  | LT.lt _ _ a b => translateSides a b .lt
  | LE.le _ _ a b => translateSides a b .le
  | GT.gt _ _ a b => translateSides b a .lt
  | GE.ge _ _ a b => translateSides b a .le
  | And a b => return .and (← translateProposition a) (← translateProposition b)
  | Iff a b => return .iff (← translateProposition a) (← translateProposition b)
  | Orthonormal _ _ _ _ _ _ v =>
    return .orthonormal (← translateVariable v (· matches .family ..) "a family of vectors")
  | _ => refuse e "propositions are equations, inequalities, `Orthonormal`, `∧` and `↔` of such"

/-- The binders of a statement or definition, sorted by what they are. -/
structure Telescope where
  /-- The index types. -/
  indices : Array Index := #[]
  /-- The abstract spaces. -/
  spaces : Array String := #[]
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
        telescope := { telescope with spaces := telescope.spaces.push name }
      else if hasClass x ``NormedAddCommGroup then
        refuse x "a type is either an index type or a real inner product space"
      else
        context := { context with indices := context.indices.push (x.fvarId!, name) }
        telescope := { telescope with
          indices := telescope.indices.push { name, nonempty := hasClass x ``Nonempty } }
    else if declaration.binderInfo.isInstImplicit then
      let known ← match type.getAppFnArgs with
        | (``Fintype, _) | (``Nonempty, _) | (``DecidableEq, _) => pure true
        | (``NormedAddCommGroup, _) => pure true
        | (``InnerProductSpace, args) => pure (args[0]?.any (·.isConstOf ``Real))
        | _ => pure false
      unless known do refuse type "no statement with this class is exported"
    else if ← isProp type then
      telescope := { telescope with hypotheses := telescope.hypotheses.push (declaration.userName, type) }
    else
      let kind ← (translateKind type).run context
      context := { context with vars := context.vars.push (x.fvarId!, name, kind) }
      telescope := { telescope with vars := telescope.vars.push { name, kind } }
  withReader (fun _ => context) (k telescope)

end Bridge

/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public meta import Bridge.Translate.Linear
public import Mathlib.Analysis.Calculus.Gradient.Basic
public import Mathlib.Analysis.InnerProductSpace.Adjoint
public import Mathlib.Topology.MetricSpace.HausdorffDistance

/-!
# Translation of terms

Numbers and vectors: every head constant is in one of the two tables below (`translateScalar`,
`translateVector`), or a definition marked with `@[bridge]`, or the translation stops with an error
that names the subterm. -/

public meta section

open Lean Meta

namespace Bridge

/-- Refuses a construction over another field than `ℝ`, its first argument. -/
def checkReal (e : Expr) : TranslateM Unit := do
  unless (e.getArg! 0).isConstOf ``Real do refuse e "it has to be over ℝ"

mutual

/-- A call of a marked definition. -/
partial def translateCall (e : Expr) : TranslateM Term := do
  let .const name _ := e.getAppFn
    | refuse e "its head is neither a constant nor a variable of the statement"
  match entry? (← getEnv) name with
  | some { label? := none, .. } => pure ()
  | some _ => refuse e m!"'{MessageData.ofConstName name}' is a theorem"
  | none => refuse e m!"'{MessageData.ofConstName name}' is in no table of the translation, \
      and is no definition marked with `@[bridge]`"
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
  unless ← isReal (← inferType e) do
    refuse e m!"a real number was expected here, and its type is{indentExpr (← inferType e)}"
  if e.isFVar then return .var (← translateVariable e (· matches .scalar) "a real variable")
  if let .app (.fvar f) x := e then
    return .apply (← translateVariable (.fvar f) (· matches .loss _) "a function to the reals")
      (← translateVector x)
  checkInstances e
  match_expr e with
  | OfNat.ofNat _ n _ =>
    let some n := n.rawNatLit? | refuse e "it is not a numeral"
    return .nat n
  | Nat.cast _ _ n =>
    let_expr Fintype.card index _ := n
      | refuse e "only the size of an index type is read as a number"
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
  | NNReal.toReal a =>
    let_expr Real.toNNReal a := a
      | refuse e "of the non-negative numbers only `Real.toNNReal` is known"
    let a ← translateScalar a
    return .div (.add a (.abs a)) (.nat 2) -- `max a 0`, by `Real.coe_toNNReal'`
  | Inner.inner _ _ _ x y => return .inner (← translateVector x) (← translateVector y)
  | Norm.norm _ _ x =>
    let type ← inferType x
    if ← isReal type then return .abs (← translateScalar x)
    if let some (domain, codomain) ← operatorType? type then
      return ← translateOpNorm x domain codomain
    return .norm (← translateVector x)
  | WithLp.ofLp _ _ _ => refuse e "a vector is no number"
  | Metric.infDist _ _ x s => return .infDist (← translateVector x) (← translateSet s)
  | Finset.sum _ _ _ s f =>
    checkUniv s
    withPosition f fun name index body => return .sum name index (← translateScalar body)
  | _ =>
    if e.isAppOfArity ``WithLp.ofLp 4 then
      return .component (← translateVector (e.getArg! 2)) (← translatePosition (e.getArg! 3))
    translateCall e

/-- The norm of a continuous linear map from vectors to vectors. -/
partial def translateOpNorm (A domain codomain : Expr) : TranslateM Term := do
  checkInstances (← inferType A)
  unless (← translateSpace? domain).isSome && (← translateSpace? codomain).isSome do
    refuse A "the norm of an operator is read where it takes vectors of a space to such vectors"
  withVariable `x domain fun v x => return .opNorm v (← translateVector (← applyLinear A x))

/-- A vector. -/
partial def translateVector (e : Expr) : TranslateM Term := do
  let e := (← instantiateMVars e).consumeMData
  let some space ← translateSpace? (← inferType e)
    | refuse e m!"a vector was expected here, and its type is{indentExpr (← inferType e)}"
  if e.isFVar then return .var (← translateVariable e (· matches .vector _) "a vector variable")
  if let .app (.fvar f) x := e then
    let name ← translateVariable (.fvar f) (· matches .family .. | .field _)
      "a family of vectors or a map of vectors"
    if (← translateSpace? (← inferType x)).isSome then return .apply name (← translateVector x)
    return .member name (← translatePosition x)
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
    withPosition f fun name index body => do
      if space matches .channels .. | .nested .. then
        return .channels name index (← translateVector body)
      return .build name index (← translateScalar body)
  | gradient _ _ _ _ _ _ f x =>
    checkReal e
    withArgument f fun v body =>
      return .gradient v (← translateScalar body) (← translateVector x)
  | Finset.sum _ _ _ s f =>
    checkUniv s
    withPosition f fun name index body => return .sum name index (← translateVector body)
  | DFunLike.coe _ _ _ _ f x =>
    if let .const head _ := f.getAppFn then
      match head with
      | ``Submodule.starProjection => return ← translateProjection f x
      | ``fderiv => return ← translateFDeriv f x
      | _ => pure ()
    let isOperator : Kind → Bool := (· matches .operator ..)
    match_expr f with
    | DFunLike.coe _ _ _ _ adjoint A =>
      unless adjoint.isAppOf ``ContinuousLinearMap.adjoint do
        refuse f "of the maps between operators only the adjoint is known"
      checkInstances f
      checkInstances adjoint
      return .adjoint (← translateVariable A isOperator "an operator") (← translateVector x)
    | _ => return .apply (← translateVariable f isOperator "an operator") (← translateVector x)
  | _ =>
    if e.isAppOfArity ``WithLp.ofLp 4 then
      return .channel (← translateVector (e.getArg! 2)) (← translatePosition (e.getArg! 3))
    translateCall e

/-- The projection of `x` onto the span of some vectors, or onto its orthogonal complement, which
takes the projection off `x` (`Submodule.starProjection_orthogonal_val`). -/
partial def translateProjection (f x : Expr) : TranslateM Term := do
  checkReal f
  checkInstances f
  let K := f.getArg! 5
  match_expr K with
  | Submodule.orthogonal _ _ _ _ _ K =>
    let known ← mkAppOptM ``Submodule.starProjection_orthogonal_val
      #[none, none, none, none, none, K, none, x]
    let some (_, left, right) := (← inferType known).eq? | refuse f "it is no projection"
    unless ← isDefEq left (← mkAppM ``DFunLike.coe #[f, x]) do refuse f "it is no projection"
    translateVector right
  | Submodule.span _ _ _ _ _ s => return .project (← translateGenerators s) (← translateVector x)
  | _ =>
    refuse K "the subspaces known are the spans of some vectors, and their orthogonal complements"

/-- The vectors of a set that is written out. -/
partial def translateGenerators (s : Expr) : TranslateM (Array Term) := do
  checkInstances s
  match_expr s with
  | Singleton.singleton _ _ _ x => return #[← translateVector x]
  | Insert.insert _ _ _ x s => return #[← translateVector x] ++ (← translateGenerators s)
  | _ => refuse s "the vectors that span a subspace have to be written out"

/-- The derivative of a map of vectors, applied to a direction. -/
partial def translateFDeriv (f x : Expr) : TranslateM Term := do
  checkReal f
  checkInstances f
  let args := f.getAppArgs
  withArgument args[args.size - 2]! fun v body =>
    return .fderiv v (← translateVector body) (← translateVector args.back!) (← translateVector x)

end

end Bridge

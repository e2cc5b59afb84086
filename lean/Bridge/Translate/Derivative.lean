/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public meta import Bridge.Translate.Term
public import Mathlib.Analysis.Calculus.Gradient.Basic

/-!
# Translation of derivatives

`HasGradientAt`, `HasDerivAt` and `HasFDerivAt`: the function with its variable, the derivative and
the point. A Fréchet derivative is a continuous linear map; what leaves Lean is what it makes of a
direction (`Bridge.Translate.Linear`). A function of several variables is one of a tuple. -/

public meta section

open Lean Meta

namespace Bridge

/-- The types a tuple's entries have. -/
partial def entryTypes (type : Expr) : MetaM (List Expr) := do
  let type ← whnfR type
  let_expr Prod left right := type | return [type]
  return left :: (← entryTypes right)

/-- The entries of a tuple of so many. -/
def tupleEntries : Nat → Expr → TranslateM (List Expr)
  | n + 2, e => do
    let_expr Prod.mk _ _ left right := e | refuse e "a point of a product is given by its entries"
    return left :: (← tupleEntries (n + 1) right)
  | _, e => return [e]

/-- The tuple of the entries. -/
def mkTuple : List Expr → MetaM Expr
  | [] => throwError "a tuple has entries"
  | [x] => return x
  | x :: xs => do mkAppM ``Prod.mk #[x, ← mkTuple xs]

/-- Goes below binders of these types, named after the expressions beside them where those are
variables. -/
def withEntries {α : Type} (prefix' : String) : List (Expr × Expr) →
    (Array Variable → List Expr → TranslateM α) → TranslateM α
  | [], k => k #[] []
  | (type, point) :: rest, k => do
    let name ← if point.isFVar then point.fvarId!.getUserName else pure `x
    withVariable (.mkSimple (prefix' ++ name.eraseMacroScopes.toString)) type fun v x =>
      withEntries prefix' rest fun vs xs => k (#[v] ++ vs) (x :: xs)

/-- The entries of tuples that are written out. -/
def reduceTuples (e : Expr) : MetaM Expr :=
  Meta.transform e (post := fun e => do
    match_expr e with
    | Prod.fst _ _ p =>
      let_expr Prod.mk _ _ x _ := p | return .continue
      return .visit x
    | Prod.snd _ _ p =>
      let_expr Prod.mk _ _ _ y := p | return .continue
      return .visit y
    | _ => return .continue)

/-- A number or a vector, marked with its sort. -/
def translateSorted (e : Expr) : TranslateM Term := do
  if ← isReal (← inferType e) then return .scalar (← translateScalar e)
  return .vector (← translateVector e)

/-- `HasGradientAt`, `HasDerivAt` or `HasFDerivAt`, if it is one of them. -/
def translateDerivative? (e : Expr) : TranslateM (Option Proposition) := do
  let .const head _ := e.getAppFn | return none
  unless #[``HasGradientAt, ``HasDerivAt, ``HasFDerivAt].contains head do return none
  let args := e.getAppArgs
  unless args[0]!.isConstOf ``Real do refuse e "derivatives are over ℝ"
  let last? := if args.size < 3 then none else some (args.extract (args.size - 3) args.size)
  let some #[f, derivative, point] := last?
    | refuse e "it is not applied to a function, a derivative and a point"
  match head with
  | ``HasGradientAt => withArgument f fun v body => do
    return some <| .hasGradientAt v (← translateScalar body) (← translateVector derivative)
      (← translateVector point)
  | ``HasDerivAt => withArgument f fun v body => do
    return some <| .hasDerivAt v.name (← translateScalar body) (← translateScalar derivative)
      (← translateScalar point)
  | _ => do
    let .forallE _ domain _ _ ← whnf (← inferType f) | refuse f "it is not a function"
    let types ← entryTypes domain
    let points ← tupleEntries types.length point
    let zipped := types.zip points
    let (vs, body) ← withEntries "" zipped fun vs xs => do
      return (vs, ← translateSorted (← reduceTuples (f.beta #[← mkTuple xs])))
    withEntries "d" zipped fun ds xs => do
      return some <| .hasFDerivAt vs body (ds.map (·.name))
        (← translateSorted (← applyLinear derivative (← mkTuple xs)))
        (← points.mapM translateSorted).toArray

end Bridge

/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public meta import Bridge.Translate.Context
public import Mathlib.Analysis.InnerProductSpace.LinearMap

/-!
# Translation of continuous linear maps

No map leaves Lean that is written out: what leaves is what it makes of a vector, found by the
theorems of mathlib that say so (`linearLemmas`) and by nothing else. -/

public meta section

open Lean Meta

namespace Bridge

/-- What continuous linear maps are made of in a statement. Another constant at the head of one is
unfolded. -/
def linearHeads : Array Name :=
  #[``HAdd.hAdd, ``HSub.hSub, ``HSMul.hSMul, ``Neg.neg, ``DFunLike.coe, ``ContinuousLinearMap.id,
    ``ContinuousLinearMap.coprod, ``ContinuousLinearMap.toSpanSingleton]

/-- What they do to a vector. -/
def linearLemmas : Array Name :=
  #[``ContinuousLinearMap.add_apply, ``ContinuousLinearMap.sub_apply,
    ``ContinuousLinearMap.smul_apply, ``ContinuousLinearMap.neg_apply,
    ``ContinuousLinearMap.id_apply, ``ContinuousLinearMap.coprod_apply,
    ``ContinuousLinearMap.toSpanSingleton_apply, ``InnerProductSpace.rankOne_apply,
    ``innerSL_apply_apply,
    ``smul_eq_mul]

/-- A continuous linear map to numbers or vectors, unfolded where another constant is at its head.
-/
def unfoldLinear? (A : Expr) : MetaM (Option Expr) := do
  let .const name _ := A.getAppFn | return none
  if linearHeads.contains name then return none
  let some (_, codomain) ← operatorType? (← inferType A) | return none
  if codomain.isAppOf ``ContinuousLinearMap then return none
  return (← unfoldDefinition? A).map Expr.headBeta

/-- The maps that are applied to a vector in `e`, unfolded (`unfoldLinear?`). -/
def unfoldApplied (e : Expr) : MetaM Expr :=
  Meta.transform e (pre := fun e => do
    unless e.isAppOfArity ``DFunLike.coe 6 do return .continue
    let some A ← unfoldLinear? e.getAppArgs[4]! | return .continue
    return .visit (mkAppN e.getAppFn (e.getAppArgs.set! 4 A)))

/-- A continuous linear map, applied: what the theorems of `linearLemmas` make of it. -/
partial def applyLinear (A x : Expr) : MetaM Expr := do
  let lemmas ← linearLemmas.foldlM (fun lemmas name => lemmas.addConst name) ({} : SimpTheorems)
  let context ← Simp.mkContext (simpTheorems := #[lemmas]) (congrTheorems := ← getSimpCongrTheorems)
  let rec go (e : Expr) : MetaM Expr := do
    let simplified := (← simp (← unfoldApplied e) context).1.expr
    if simplified == e then return e else go simplified
  go (← mkAppM ``DFunLike.coe #[A, x])

end Bridge

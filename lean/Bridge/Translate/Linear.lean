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

No map leaves Lean that is written out: what leaves is what it makes of a vector, found by the theorems of
mathlib that say so (`linearLemmas`) and by nothing else.
-/

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
  #[``ContinuousLinearMap.add_apply, ``ContinuousLinearMap.sub_apply, ``ContinuousLinearMap.smul_apply,
    ``ContinuousLinearMap.neg_apply, ``ContinuousLinearMap.id_apply, ``ContinuousLinearMap.coprod_apply,
    ``ContinuousLinearMap.toSpanSingleton_apply, ``InnerProductSpace.rankOne_apply, ``innerSL_apply_apply,
    ``smul_eq_mul]

/-- A continuous linear map, applied: what the theorems of `linearLemmas` make of it. -/
partial def applyLinear (A x : Expr) : MetaM Expr := do
  if let .const name _ := A.getAppFn then
    unless linearHeads.contains name do
      if let some A ← unfoldDefinition? A then return ← applyLinear A.headBeta x
  let lemmas ← linearLemmas.foldlM (fun lemmas name => lemmas.addConst name) ({} : SimpTheorems)
  let context ← Simp.mkContext (simpTheorems := #[lemmas]) (congrTheorems := ← getSimpCongrTheorems)
  return (← simp (← mkAppM ``DFunLike.coe #[A, x]) context).1.expr

end Bridge

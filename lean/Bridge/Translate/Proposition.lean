/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public meta import Bridge.Translate.Derivative
public import Mathlib.Topology.Order.LocalExtr

/-!
# Translation of propositions

Hypotheses and conclusions: a head constant that is not in the table of `translateProposition` is
refused. -/

public meta section

open Lean Meta

namespace Bridge

/-- Two sides of a comparison, of real numbers. -/
def translateSides (a b : Expr) (compare : Term → Term → Proposition) : TranslateM Proposition :=
  return compare (← translateScalar a) (← translateScalar b)

/-- A natural number, as a real number: a numeral, or the size of an index type. -/
def translateSize (e : Expr) : TranslateM Term := do
  let e := (← instantiateMVars e).consumeMData
  checkInstances e
  match_expr e with
  | OfNat.ofNat _ n _ =>
    let some n := n.rawNatLit? | refuse e "it is not a numeral"
    return .nat n
  | Fintype.card index _ => return .card (← translateIndex index)
  | _ => refuse e "of the natural numbers only numerals and the sizes of index types are compared"

/-- Two sides of `<` or `≤`: of real numbers, or of natural numbers, which are compared as real
numbers are (`Nat.cast_lt`, `Nat.cast_le`). -/
def translateOrder (type a b : Expr) (compare : Term → Term → Proposition) :
    TranslateM Proposition := do
  if type.isConstOf ``Nat then return compare (← translateSize a) (← translateSize b)
  translateSides a b compare

/-- The variable, an operator, of which an expression is the norm, if it is one. -/
def operatorNorm? (e : Expr) : TranslateM (Option Expr) := do
  let_expr Norm.norm type _ A := e | return none
  unless A.isFVar && (← operatorType? type).isSome do return none
  checkInstances e
  return some A

mutual

/-- The greatest value of a term over the operators that satisfy a constraint. -/
partial def translateIsGreatest (e set value : Expr) : TranslateM Proposition := do
  let shape := "`IsGreatest` is read of sets `{r | ∃ A, … ∧ … = r}` alone"
  let_expr setOf _ condition := set | refuse e shape
  let .lam _ real condition _ := condition | refuse e shape
  unless ← isReal real do refuse e shape
  withLocalDeclD `r real fun r => do
    let_expr Exists type condition := condition.instantiate1 r | refuse e shape
    let .lam name .. := condition | refuse e shape
    withVariable name type fun v A => do
      let_expr And constraint equation := condition.beta #[A] | refuse e shape
      let_expr Eq _ body r' := equation | refuse e shape
      unless r' == r && !(constraint.containsFVar r.fvarId!) && !(body.containsFVar r.fvarId!) do
        refuse e shape
      return .isGreatest v (← translateProposition constraint) (← translateScalar body)
        (← translateScalar value)

/-- A hypothesis or a conclusion. -/
partial def translateProposition (e : Expr) : TranslateM Proposition := do
  let e := (← instantiateMVars e).consumeMData
  if let .forallE name domain body _ := e then
    if ← isProp domain then
      if body.hasLooseBVars then refuse e "a conclusion may not name the proof of its premise"
      return .imp (← translateProposition domain) (← translateProposition body)
    unless (← isReal domain) || (← translateSpace? domain).isSome ||
        (← read).indices.any (mkFVar ·.1 == domain) do
      refuse e "only real numbers, the vectors of a space and positions are quantified over"
    return ← withVariable name domain fun v x =>
      return .forall v (← translateProposition (body.instantiate1 x))
  checkInstances e
  if let some derivative ← translateDerivative? e then return derivative
  match_expr e with
  | Eq type a b =>
    if ← isReal type then return ← translateSides a b .eq
    return .vectorEq (← translateVector a) (← translateVector b)
  | Ne type a b =>
    if ← isReal type then return ← translateSides a b .ne
    return .vectorNe (← translateVector a) (← translateVector b)
  | LT.lt type _ a b => translateOrder type a b .lt
  | LE.le type _ a b =>
    if let some A ← operatorNorm? a then
      return .opNormLe (← translateVariable A (· matches .operator ..) "an operator")
        (← translateScalar b)
    translateOrder type a b .le
  | GT.gt type _ a b => translateOrder type b a .lt
  | GE.ge type _ a b => translateOrder type b a .le
  | And a b => return .and (← translateProposition a) (← translateProposition b)
  | Iff a b => return .iff (← translateProposition a) (← translateProposition b)
  | IsGreatest _ _ set value => translateIsGreatest e set value
  | IsMinOn _ _ _ f s a =>
    unless s.isAppOf ``Set.univ do refuse e "a minimum is read over all vectors (`Set.univ`) alone"
    let known ← mkAppOptM ``isMinOn_univ_iff #[none, none, none, f, a]
    let some (_, all) := (← inferType known).iff? | refuse e "it is no minimum"
    translateProposition (← Core.betaReduce all)
  | IsLocalMin _ _ _ _ _ _ =>
    let some filter ← unfoldDefinition? e | refuse e "it is no local minimum"
    let some near ← unfoldDefinition? filter | refuse e "it is no local minimum"
    translateProposition (← Core.betaReduce near)
  | LipschitzWith _ _ _ _ K f =>
    let known ← mkAppOptM ``lipschitzWith_iff_norm_sub_le #[none, none, none, none, f, K]
    let some (lipschitz, all) := (← inferType known).iff? | refuse e "it is no Lipschitz constant"
    unless ← isDefEq lipschitz e do refuse e "its distances are not those of the norms"
    translateProposition (← Core.betaReduce all)
  | Filter.Eventually _ p filter =>
    let_expr nhds _ _ point := filter
      | refuse filter "the only filters read are the neighbourhoods of a vector"
    checkInstances filter
    withArgument p fun v body =>
      return .eventually v (← translateVector point) (← translateProposition body)
  | Membership.mem _ _ _ s x => return .mem (← translateVector x) (← translateSet s)
  | Orthonormal _ _ _ _ _ _ v =>
    return .orthonormal (← translateVariable v (· matches .family ..) "a family of vectors")
  | _ => refuse e "propositions are equations, inequalities, derivatives, `Orthonormal`, \
      `IsGreatest`, `IsMinOn`, `IsLocalMin`, `LipschitzWith`, `∈`, and `∀`, `∀ᶠ`, `→`, `∧` and `↔` \
      of such"

end

end Bridge

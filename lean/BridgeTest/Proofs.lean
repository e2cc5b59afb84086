/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
import Bridge
import Lean.Elab.Command

/-! # Tests of what is recorded of proofs: what each uses, and which axioms are refused -/

open Lean Bridge

namespace BridgeTest

theorem base (x : ℝ) : x + 0 = x := add_zero x

private theorem hidden (x : ℝ) : x + 0 + 0 = x := by rw [base, base]

/-- A definition that a statement speaks of; its body is not visible in the statement. -/
noncomputable def shift (x : ℝ) : ℝ := x + 0

/-- A theorem that rests on a private one. -/
@[bridge "7"]
theorem top (x : ℝ) : shift (x + 0) = x := hidden x

theorem unrelated (x : ℝ) : x = x := rfl

/--
info: theorem BridgeTest.base: nothing
---
info: theorem BridgeTest.hidden: BridgeTest.base
---
info: definition BridgeTest.shift: nothing
---
info: theorem BridgeTest.top: BridgeTest.hidden, BridgeTest.shift
-/
#guard_msgs in
run_cmd Elab.Command.liftCoreM do
  let (proofs, outside) ← proofsOf #[``top]
  for p in proofs.qsort (·.name < ·.name) do
    let uses := if p.uses.isEmpty then "nothing" else ", ".intercalate p.uses.toList
    logInfo m!"{p.kind} {p.name}: {uses}"
    unless p.outside.all (· < outside.size) do throwError "there is no such constant"
  unless outside.contains "Real" do throwError "the boundary lacks a constant of mathlib"

/-- A proof that trusts the compiler rests on an axiom that is none of the three. -/
theorem compiled (a b : Bool) (h : reduceBool a = b) : a = b := ofReduceBool a b h

/-- info: refused -/
#guard_msgs in
run_cmd Elab.Command.liftCoreM do
  try
    discard <| axiomsOf ``compiled
    logInfo "taken"
  catch e =>
    let said ← e.toMessageData.toString
    unless said.startsWith "it rests on the axiom 'Lean." do throwError said
    logInfo "refused"

end BridgeTest

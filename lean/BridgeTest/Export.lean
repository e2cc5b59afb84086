/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
import BatchNorm
import Bridge
import Lean.Elab.Command

/-! # Tests of the export of the library -/

open Lean Meta Bridge

namespace BridgeTest

/-- info: every equation of the chain is exported -/
#guard_msgs in
run_cmd Elab.Command.liftTermElabM do
  let document ← exportDocument
  for label in labels do
    unless document.theorems.any (·.equation == label) do throwError "no theorem for '{label}'"
  for t in document.theorems do
    if t.docstring.isEmpty || t.line == 0 then throwError "no docstring or position of '{t.name}'"
    if (1 < t.equation.length || t.equation.any Char.isDigit) && t.equation.front.isDigit then
      unless (t.docstring.splitOn s!"({t.equation})").length > 1 do
        throwError "the docstring of '{t.name}' does not name equation ({t.equation})"
  let mut known : Array String := #[]
  for d in document.definitions do
    unless (calls d.body).all known.contains do throwError "'{d.name}' comes before what it calls"
    known := known.push d.name
  logInfo "every equation of the chain is exported"

end BridgeTest

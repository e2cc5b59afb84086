/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
import Bridge
import Lean.Elab.Command

/-!
# A command for the tests

`#translate P` translates a statement that need not be true, and shows its hypotheses and its
conclusion.
-/

open Lean Meta Elab Command Bridge

/-- `#translate P` shows the terms of the hypotheses and of the conclusion of a statement. -/
elab "#translate " statement:term : command => liftTermElabM do
  let type ← Term.elabType statement
  Term.synthesizeSyntheticMVarsNoPostponing
  forallTelescope (← instantiateMVars type) fun xs conclusion ↦
    (withTelescope xs fun telescope ↦ do
      for (_, hypothesis) in telescope.hypotheses do
        logInfo (toJson (← translateProposition hypothesis)).compress
      logInfo (toJson (← translateProposition conclusion)).compress).run {}

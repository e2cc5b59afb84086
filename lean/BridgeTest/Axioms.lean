/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
import BatchNorm
import Bridge
import Lean.Elab.Command

/-!
# The axioms of the library

Every marked theorem rests on the three usual axioms at the most. Where proofs cannot be seen, which
is so for a Lean that loads imported files without their private part, the test says that it saw the
project's own proofs only. A release of Lean sees all of them: there it is an error.
-/

open Lean Bridge

run_cmd Elab.Command.liftCoreM do
  let mut unseen : Array Name := #[]
  for entry in entries (← getEnv) do
    if entry.label?.isSome then
      unless (← axiomsOf entry.declName).complete do unseen := unseen.push entry.declName
  unless unseen.isEmpty do
    let message := m!"of {unseen.size} theorems the proofs in other libraries cannot be seen: only \
      the axioms that the project's own proofs use were checked"
    if Lean.version.isRelease then logError message else logWarning message

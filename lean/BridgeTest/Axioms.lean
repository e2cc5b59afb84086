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

Every theorem that is written in the library, marked or not, rests on the three usual axioms at the
most: those that are not private are looked at, and with them all that their proofs use. Where
proofs cannot be seen, which is so for a Lean that loads imported files without their private part,
the test says that it saw the project's own proofs only. A release of Lean sees all of them: there
it is an error.
-/

open Lean Bridge

run_cmd Elab.Command.liftCoreM do
  let mut unseen : Array Name := #[]
  let env ← getEnv
  let theorems := env.constants.fold (init := #[]) fun found name _ ↦
    if getOriginalConstKind? env name == some .thm && !name.isInternalDetail &&
        !isReservedName env name && (moduleOf env name).getRoot == `BatchNorm then
      found.push name
    else found
  if theorems.size < 200 then throwError "only {theorems.size} theorems were found"
  for name in theorems do
    unless (← axiomsOf name).complete do unseen := unseen.push name
  unless unseen.isEmpty do
    let message := m!"of {unseen.size} theorems the proofs in other libraries cannot be seen: only \
      the axioms that the project's own proofs use were checked"
    if Lean.version.isRelease then logError message else logWarning message

/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
import Bridge
import Lean.Elab.Command

/-! # Tests of the `bridge` attribute: what it takes, what it records, and what it refuses -/

namespace BridgeTest

/-- Doubles a number. -/
@[bridge]
noncomputable def double (x : ℝ) : ℝ := x + x

/-- Twice nothing
is nothing. -/
@[bridge "projection" "a remark"]
theorem double_zero : double 0 = 0 := add_zero 0

open Lean in
/--
info: double, -, , Doubles a number.
---
info: double_zero, projection, a remark, Twice nothing
is nothing.
-/
#guard_msgs in
run_cmd
  for name in [``double, ``double_zero] do
    let some entry := Bridge.entry? (← getEnv) name | throwError "no entry of {name}"
    let label := entry.label?.getD "-"
    logInfo m!"{.ofConstName entry.declName}, {label}, {entry.comment}, {entry.docstring}"
    unless entry.module == (← getMainModule) && 0 < entry.line do throwError "wrong position"

section errors

/--
error: 'twelve' is no label of `@[bridge]`: it takes one of [1,
 2,
 3,
 4,
 5,
 6,
 7,
 7ε,
 Thm 4.1,
 Thm 4.2,
 Obs 4.3,
 Thm 4.4,
 Lem 4.5,
 definition,
 projection,
 normalize,
 derivative,
 geometry,
 degenerate,
 LayerNorm,
 RMSNorm,
 channels,
 GroupNorm,
 InstanceNorm,
 evaluation,
 merging]
-/
#guard_msgs in
/-- Docstring. -/
@[bridge "twelve"] theorem unknownLabel : double 0 = 0 := double_zero

/--
error: the theorem 'noLabel' needs a label: `@[bridge "LABEL"]` with one of [1,
 2,
 3,
 4,
 5,
 6,
 7,
 7ε,
 Thm 4.1,
 Thm 4.2,
 Obs 4.3,
 Thm 4.4,
 Lem 4.5,
 definition,
 projection,
 normalize,
 derivative,
 geometry,
 degenerate,
 LayerNorm,
 RMSNorm,
 channels,
 GroupNorm,
 InstanceNorm,
 evaluation,
 merging]
-/
#guard_msgs in
/-- Docstring. -/
@[bridge] theorem noLabel : double 0 = 0 := double_zero

/-- error: 'labelled' is a definition: `@[bridge]` takes a label on theorems only -/
#guard_msgs in
/-- Docstring. -/
@[bridge "7"] noncomputable def labelled : ℝ := 1

/-- error: 'noDocstring' needs a docstring: `@[bridge]` exports it beside the statement -/
#guard_msgs in
@[bridge "7"] theorem noDocstring : double 0 = 0 := double_zero

/-- error: `@[bridge]` marks theorems and definitions, and 'Structure' is neither -/
#guard_msgs in
/-- Docstring. -/
@[bridge] structure Structure where

/-- error: `@[bridge]` cannot be local or scoped: what is exported is seen by everybody -/
#guard_msgs in
attribute [local bridge "7"] double_zero

/-- error: 'double_zero' is marked with `@[bridge]` already -/
#guard_msgs in
attribute [bridge "7"] double_zero

end errors

end BridgeTest

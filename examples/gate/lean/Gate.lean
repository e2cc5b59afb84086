/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public import Bridge.Attr
public import Mathlib.Analysis.InnerProductSpace.PiL2

/-! # A gate: each feature of a sample times its weight -/

@[expose] public section

namespace Gate

variable {ι : Type*} [Fintype ι]

/-- The features, each times its weight. -/
@[bridge]
noncomputable def forward (w x : EuclideanSpace ℝ ι) : EuclideanSpace ℝ ι :=
  WithLp.toLp 2 fun i ↦ w i * x i

omit [Fintype ι] in
/-- One feature of the output: that of the input, times its weight. -/
@[bridge "definition" "in components"]
theorem forward_apply (w x : EuclideanSpace ℝ ι) (i : ι) : forward w x i = w i * x i :=
  rfl

omit [Fintype ι] in
/-- Weights and features can be exchanged. -/
@[bridge "definition" "weights and features exchanged"]
theorem forward_comm (w x : EuclideanSpace ℝ ι) : forward w x = forward x w := by
  ext i
  rw [forward_apply, forward_apply, mul_comm]

end Gate

/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public import Bridge.Attr
public import Bridge.Axioms
public import Bridge.IR
public import Bridge.Proofs
public import Bridge.Translate
public import Bridge.Translate.Context
public import Bridge.Translate.Derivative
public import Bridge.Translate.Linear
public import Bridge.Translate.Proposition
public import Bridge.Translate.Term
public import Bridge.Export

/-!
# The bridge

Statements that are marked with `@[bridge]` leave Lean as one JSON document: `Bridge.Attr` marks
them, `Bridge.IR` is what they become, `Bridge.Translate` makes it, fail-closed, `Bridge.Proofs`
records what each proof uses, `Bridge.Axioms` what a theorem rests on, and `Bridge.Export` writes it
all. -/

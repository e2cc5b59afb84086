import Lake

open Lake DSL

/-- Options of every library here; the linters speak, but do not fail a build. -/
abbrev projectOptions : Array LeanOption := #[
  ⟨`pp.unicode.fun, true⟩,
  ⟨`autoImplicit, false⟩,
  ⟨`maxSynthPendingDepth, .ofNat 3⟩,
  ⟨`weak.linter.mathlibStandardSet, true⟩
]

/-- Those of the tests: no linters, since what a tested command says is part of the test. -/
abbrev testOptions : Array LeanOption := projectOptions.pop

package batchnorm where
  version := v!"0.2.0"
  description :=
    "The BatchNorm gradient identity, proved in Lean, and a bridge that tries to refute the proved \
    statements on real batches"
  keywords := #["batch normalization", "formal verification", "Lean", "mathlib", "ball arithmetic"]
  license := "Apache-2.0"
  testDriver := "BridgeTest"

require mathlib from git
  "https://github.com/leanprover-community/mathlib4" @ "v4.27.0"

/-- The BatchNorm gradient identity: definitions and theorems. -/
@[default_target]
lean_lib BatchNorm where
  srcDir := "lean"
  leanOptions := projectOptions

/-- The `@[bridge]` attribute, the translation of statements and the exporter. -/
@[default_target]
lean_lib Bridge where
  srcDir := "lean"
  leanOptions := projectOptions

/-- Tests of the translation: what it must accept, and what it must refuse. -/
lean_lib BridgeTest where
  srcDir := "lean"
  leanOptions := testOptions

/-- What is claimed, stated on mathlib alone and without proofs: for comparator, and for readers. -/
lean_lib Challenge where
  leanOptions := projectOptions

/-- The same statements, proved from the library. -/
lean_lib Solution where
  leanOptions := projectOptions

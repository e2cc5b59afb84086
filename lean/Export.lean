/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
import BatchNorm
import Bridge

/-!
# Exporting the library

`lake env lean lean/Export.lean` writes the statements of the library to `.lake/build/bridge.json`;
`pybridge extract` calls it, adds the hashes of the sources, and puts the result into the Python
package. No `module` header here: without it the official Lean sees proofs, and so the axioms they
rest on. -/

open scoped RealInnerProductSpace

#bridge_export ".lake/build/bridge.json"

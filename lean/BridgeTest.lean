/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
import BridgeTest.Attr
import BridgeTest.Axioms
import BridgeTest.Derivative
import BridgeTest.Export
import BridgeTest.Proofs
import BridgeTest.Refuse
import BridgeTest.RoundTrip
import BridgeTest.Translate

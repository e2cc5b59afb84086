/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public import BatchNorm.Backward
public import BatchNorm.Block
public import BatchNorm.Bound
public import BatchNorm.ChainRule
public import BatchNorm.Channel
public import BatchNorm.Defs
public import BatchNorm.Derivative
public import BatchNorm.Equations
public import BatchNorm.Examples
public import BatchNorm.Geometry
public import BatchNorm.Gradient
public import BatchNorm.Initialization
public import BatchNorm.InitializationCounterexample
public import BatchNorm.Layer.BatchNorm
public import BatchNorm.Layer.Evaluation
public import BatchNorm.Layer.GroupNorm
public import BatchNorm.Layer.InstanceNorm
public import BatchNorm.Layer.LayerNorm
public import BatchNorm.Layer.RMSNorm
public import BatchNorm.LayerNorm
public import BatchNorm.Lipschitz
public import BatchNorm.Merge
public import BatchNorm.NormIdentity
public import BatchNorm.Normalization
public import BatchNorm.Normalize
public import BatchNorm.Projection
public import BatchNorm.RMSNorm
public import BatchNorm.SecondDerivative
public import BatchNorm.Smoothness
public import BatchNorm.TiedWeightSpace
public import BatchNorm.VJP
public import BatchNorm.WeightSpace

/-!
# The BatchNorm gradient identity

A layer normalizes a batch `y` of one feature, `ŷ = (y - μ) / σ`, and puts out `z = γ ŷ + β`. The
gradient of a loss at `y` is then made of its gradient `g` at `z` by formula (1), and its norm
satisfies, at `ε = 0`, equation (7) of [santurkar2018]. The steps, each a theorem:

* (1) the gradient: `BatchNorm.hasGradientAt_comp_forward`; in components:
  `BatchNorm.backward_apply`;
* (2) the same as a vector, with inner products: `BatchNorm.backward_eq_smul_sub_inner_smul`;
* (3) with the mean of `g`: `BatchNorm.backward_eq_smul_sub_mean_smul`;
* (4) with the unit vector `ŷ / ‖ŷ‖`: `BatchNorm.backward_eps_zero_eq_smul_sub_inner_unit_smul`;
* (5) its squared norm: `BatchNorm.norm_sq_backward_eps_zero_eq_mul_norm_sq`;
* (6) by the Pythagorean projection lemma `norm_sub_inner_smul_sq_of_norm_eq_one`:
  `BatchNorm.norm_sq_backward_eps_zero_eq_mul_sub_inner_sq`;
* (7) the norm identity: `BatchNorm.norm_sq_backward_eps_zero`;
* (7ε) what it becomes for `ε > 0`: `BatchNorm.norm_sq_backward`.

The same for the gradients themselves, of any loss, is in `BatchNorm.Equations`.

The claims of the paper's section 4:

* Theorem 4.1: `BatchNorm.norm_sq_eq_of_hasGradientAt`, `BatchNorm.norm_sq_le_of_hasGradientAt`;
* Theorem 4.2: `BatchNorm.inner_fderiv_gradient_comp_forward_gradient`;
* Observation 4.3: `BatchNorm.forward_scale_mean`;
* Theorem 4.4: `BatchNorm.isGreatest_norm_sq_adjoint_backward`;
* Lemma 4.5 is false as stated: `BatchNorm.exists_norm_sub_sq_lt`; where it holds:
  `BatchNorm.norm_sub_sq_le_of_isMinOn`, `BatchNorm.norm_sub_sq_le_of_isLocalMin`.

Whole layers, with their parameters (`Layer/`): BatchNorm per channel, LayerNorm, RMSNorm, GroupNorm
and InstanceNorm, each with the gradients in its input and in its parameters; evaluation mode and
running statistics; and the merging of statistics of parts (`Merge`).
-/

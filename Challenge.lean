/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
import Mathlib.Analysis.Calculus.Gradient.Basic
import Mathlib.Analysis.InnerProductSpace.PiL2
import Mathlib.Topology.Order.LocalExtr

/-!
# What is claimed

The statements of "How Does Batch Normalization Help Optimization?" (S. Santurkar, D. Tsipras,
A. Ilyas, A. Mądry, NeurIPS 2018, section 4 and its appendix), and of the layers that people train,
stated afresh with mathlib's notions alone, so that nobody has to read the project to know what it
claims of the paper. What the paper says was taken from a summary of it; docs/fidelity.md goes
through it claim by claim. What goes beyond the paper and these layers, such as second derivatives
in all directions, evaluation mode and merged statistics, is in the project only. Here nothing is
proved; `Solution.lean` has the same statements with their proofs, and `comparator.json` says which
of them are to be compared.

A batch `y` of `m` numbers is normalized, `ŷ = (y - μ) / σ` with `σ² = variance y + ε`, and
`z = γ ŷ + β` is put out. In (1) to (7ε) `g` is the gradient of a loss `L` at `z`, and `d` that of
the loss after the layer, at `y`: both are mathlib's `HasGradientAt`, of any loss. The paper has
`ε = 0`. Its network without BatchNorm is the same function of what the layer puts out, so that `g`
is the gradient there. Where `variance y + ε` is positive the layer has a derivative.
-/

open Topology
open scoped Gradient RealInnerProductSpace

namespace Santurkar2018

variable {ι κ : Type*} [Fintype ι] [Fintype κ]

/-! ### The layer -/

/-- The vector of ones. -/
def ones : EuclideanSpace ℝ ι :=
  WithLp.toLp 2 fun _ ↦ 1

/-- The mean `μ`. -/
noncomputable def mean (y : EuclideanSpace ℝ ι) : ℝ :=
  (∑ i, y i) / Fintype.card ι

/-- The biased variance, which is `σ²` at `ε = 0`. -/
noncomputable def variance (y : EuclideanSpace ℝ ι) : ℝ :=
  (∑ i, (y i - mean y) ^ 2) / Fintype.card ι

/-- The scale `σ`, the root of the variance plus `ε`. -/
noncomputable def scale (ε : ℝ) (y : EuclideanSpace ℝ ι) : ℝ :=
  √(variance y + ε)

/-- The normalized batch `ŷ`. -/
noncomputable def normalize (ε : ℝ) (y : EuclideanSpace ℝ ι) : EuclideanSpace ℝ ι :=
  WithLp.toLp 2 fun i ↦ (y i - mean y) / scale ε y

/-- The output `z = γ ŷ + β`. -/
noncomputable def forward (γ β ε : ℝ) (y : EuclideanSpace ℝ ι) : EuclideanSpace ℝ ι :=
  WithLp.toLp 2 fun i ↦ γ * normalize ε y i + β

/-- Layer normalization of one sample: a factor and an offset for each feature. -/
noncomputable def layerNorm (γ β : EuclideanSpace ℝ ι) (ε : ℝ) (y : EuclideanSpace ℝ ι) :
    EuclideanSpace ℝ ι :=
  WithLp.toLp 2 fun i ↦ γ i * normalize ε y i + β i

/-- The mean of the squares. -/
noncomputable def meanSquare (y : EuclideanSpace ℝ ι) : ℝ :=
  (∑ i, y i ^ 2) / Fintype.card ι

/-- RMS normalization of one sample. -/
noncomputable def rmsNorm (γ : EuclideanSpace ℝ ι) (ε : ℝ) (y : EuclideanSpace ℝ ι) :
    EuclideanSpace ℝ ι :=
  WithLp.toLp 2 fun i ↦ γ i * (y i / √(meanSquare y + ε))

/-- The mean of a group of channels, over channels and positions. -/
noncomputable def groupMean (y : PiLp 2 fun _ : κ ↦ EuclideanSpace ℝ ι) : ℝ :=
  (∑ c, ∑ s, y c s) / (Fintype.card κ * Fintype.card ι)

/-- The biased variance of a group of channels. -/
noncomputable def groupVariance (y : PiLp 2 fun _ : κ ↦ EuclideanSpace ℝ ι) : ℝ :=
  (∑ c, ∑ s, (y c s - groupMean y) ^ 2) / (Fintype.card κ * Fintype.card ι)

/-- The scale of a group of channels. -/
noncomputable def groupScale (ε : ℝ) (y : PiLp 2 fun _ : κ ↦ EuclideanSpace ℝ ι) : ℝ :=
  √(groupVariance y + ε)

/-- A group of channels, normalized as a whole. -/
noncomputable def groupNormalize (ε : ℝ) (y : PiLp 2 fun _ : κ ↦ EuclideanSpace ℝ ι) :
    PiLp 2 fun _ : κ ↦ EuclideanSpace ℝ ι :=
  WithLp.toLp 2 fun c ↦ WithLp.toLp 2 fun s ↦ (y c s - groupMean y) / groupScale ε y

/-- The entries of a channel: those of all samples and positions. -/
def channel {ν : Type*} (x : PiLp 2 fun _ : ν ↦ PiLp 2 fun _ : κ ↦ EuclideanSpace ℝ ι) (c : κ) :
    PiLp 2 fun _ : ν ↦ EuclideanSpace ℝ ι :=
  WithLp.toLp 2 fun n ↦ x n c

/-- BatchNorm of samples, channels and positions: each channel is normalized as a whole, and has a
factor and an offset. -/
noncomputable def batchNorm {ν : Type*} [Fintype ν] (γ β : EuclideanSpace ℝ κ) (ε : ℝ)
    (x : PiLp 2 fun _ : ν ↦ PiLp 2 fun _ : κ ↦ EuclideanSpace ℝ ι) :
    PiLp 2 fun _ : ν ↦ PiLp 2 fun _ : κ ↦ EuclideanSpace ℝ ι :=
  WithLp.toLp 2 fun n ↦ WithLp.toLp 2 fun c ↦ WithLp.toLp 2 fun s ↦
    γ c * groupNormalize ε (channel x c) n s + β c

/-! ### From formula (1) to the norm identity (7) -/

section

variable {γ β ε : ℝ} {y g d : EuclideanSpace ℝ ι} {L : EuclideanSpace ℝ ι → ℝ}

/-- The loss after the layer has a gradient. -/
theorem exists_gradient (hL : HasGradientAt L g (forward γ β ε y)) (h : 0 < variance y + ε) :
    ∃ d, HasGradientAt (fun y ↦ L (forward γ β ε y)) d y :=
  sorry

/-- **Equation (1)**, in components. -/
theorem equation_one (hL : HasGradientAt L g (forward γ β ε y))
    (hd : HasGradientAt (fun y ↦ L (forward γ β ε y)) d y) (h : 0 < variance y + ε) (i : ι) :
    d i = γ / (Fintype.card ι * scale ε y) *
      (Fintype.card ι * g i - ∑ k, g k - normalize ε y i * ∑ k, g k * normalize ε y k) :=
  sorry

/-- **Equation (2)**: as vectors. -/
theorem equation_two (hL : HasGradientAt L g (forward γ β ε y))
    (hd : HasGradientAt (fun y ↦ L (forward γ β ε y)) d y) (h : 0 < variance y + ε) :
    d = (γ / (Fintype.card ι * scale ε y)) •
      ((Fintype.card ι : ℝ) • g - ⟪ones, g⟫ • ones - ⟪g, normalize ε y⟫ • normalize ε y) :=
  sorry

/-- **Equation (3)**: with the mean of the gradient. -/
theorem equation_three (hL : HasGradientAt L g (forward γ β ε y))
    (hd : HasGradientAt (fun y ↦ L (forward γ β ε y)) d y) (h : 0 < variance y + ε) :
    d = (γ / scale ε y) • (g - mean g • ones -
      (1 / Fintype.card ι * ⟪g - mean g • ones, normalize ε y⟫) • normalize ε y) :=
  sorry

/-- **Equation (4)**: with the unit vector along `ŷ`. -/
theorem equation_four (hL : HasGradientAt L g (forward γ β 0 y))
    (hd : HasGradientAt (fun y ↦ L (forward γ β 0 y)) d y) (h : 0 < variance y) :
    d = (γ / scale 0 y) • (g - mean g • ones -
      ⟪g - mean g • ones, ‖normalize 0 y‖⁻¹ • normalize 0 y⟫ •
        (‖normalize 0 y‖⁻¹ • normalize 0 y)) :=
  sorry

/-- **Equation (5)**: the squared norm. -/
theorem equation_five (hL : HasGradientAt L g (forward γ β 0 y))
    (hd : HasGradientAt (fun y ↦ L (forward γ β 0 y)) d y) (h : 0 < variance y) :
    ‖d‖ ^ 2 = γ ^ 2 / scale 0 y ^ 2 * ‖g - mean g • ones -
      ⟪g - mean g • ones, ‖normalize 0 y‖⁻¹ • normalize 0 y⟫ •
        (‖normalize 0 y‖⁻¹ • normalize 0 y)‖ ^ 2 :=
  sorry

/-- **Equation (6)**: by the projection lemma. -/
theorem equation_six (hL : HasGradientAt L g (forward γ β 0 y))
    (hd : HasGradientAt (fun y ↦ L (forward γ β 0 y)) d y) (h : 0 < variance y) :
    ‖d‖ ^ 2 = γ ^ 2 / scale 0 y ^ 2 * (‖g - mean g • ones‖ ^ 2 -
      ⟪g - mean g • ones, ‖normalize 0 y‖⁻¹ • normalize 0 y⟫ ^ 2) :=
  sorry

/-- **Equation (7)**, which is Theorem 4.1 as an equation. -/
theorem equation_seven (hL : HasGradientAt L g (forward γ β 0 y))
    (hd : HasGradientAt (fun y ↦ L (forward γ β 0 y)) d y) (h : 0 < variance y) :
    ‖d‖ ^ 2 = γ ^ 2 / scale 0 y ^ 2 *
      (‖g‖ ^ 2 - ⟪ones, g⟫ ^ 2 / Fintype.card ι - ⟪g, normalize 0 y⟫ ^ 2 / Fintype.card ι) :=
  sorry

/-- **Equation (7)** with the derivatives in `γ` and in `β`. -/
theorem equation_seven_parameters {Dγ Dβ : ℝ} (hL : HasGradientAt L g (forward γ β 0 y))
    (hd : HasGradientAt (fun y ↦ L (forward γ β 0 y)) d y) (h : 0 < variance y)
    (hγ : HasDerivAt (fun γ ↦ L (forward γ β 0 y)) Dγ γ)
    (hβ : HasDerivAt (fun β ↦ L (forward γ β 0 y)) Dβ β) :
    ‖d‖ ^ 2 = γ ^ 2 / scale 0 y ^ 2 *
      (‖g‖ ^ 2 - Dβ ^ 2 / Fintype.card ι - Dγ ^ 2 / Fintype.card ι) :=
  sorry

/-- **Equation (7ε)**: what (7) becomes for `ε > 0`. -/
theorem equation_seven_eps (hL : HasGradientAt L g (forward γ β ε y))
    (hd : HasGradientAt (fun y ↦ L (forward γ β ε y)) d y) (h : 0 < variance y + ε) :
    ‖d‖ ^ 2 = γ ^ 2 / scale ε y ^ 2 * (‖g‖ ^ 2 - ⟪ones, g⟫ ^ 2 / Fintype.card ι -
      (2 - variance y / (variance y + ε)) * ⟪g, normalize ε y⟫ ^ 2 / Fintype.card ι) :=
  sorry

/-- **Theorem 4.1** for every `ε ≥ 0`: an inequality. -/
theorem theorem_four_one (hL : HasGradientAt L g (forward γ β ε y))
    (hd : HasGradientAt (fun y ↦ L (forward γ β ε y)) d y) (hε : 0 ≤ ε) (h : 0 < variance y + ε) :
    ‖d‖ ^ 2 ≤ γ ^ 2 / scale ε y ^ 2 *
      (‖g‖ ^ 2 - ⟪ones, g⟫ ^ 2 / Fintype.card ι - ⟪g, normalize ε y⟫ ^ 2 / Fintype.card ι) :=
  sorry

/-- As an equation, (7) fails for every `ε > 0` and `γ ≠ 0`, as soon as `g` has a part along `ŷ`. -/
theorem equation_seven_fails (hL : HasGradientAt L g (forward γ β ε y))
    (hd : HasGradientAt (fun y ↦ L (forward γ β ε y)) d y) (hγ : γ ≠ 0) (hε : 0 < ε)
    (hg : ⟪g, normalize ε y⟫ ≠ 0) :
    ‖d‖ ^ 2 ≠ γ ^ 2 / scale ε y ^ 2 *
      (‖g‖ ^ 2 - ⟪ones, g⟫ ^ 2 / Fintype.card ι - ⟪g, normalize ε y⟫ ^ 2 / Fintype.card ι) :=
  sorry

/-- On every batch that is not constant there is a loss for which (7) fails as an equation, for
every `ε > 0` and `γ ≠ 0`. -/
theorem equation_seven_fails_on_every_batch (β : ℝ) (hγ : γ ≠ 0) (hε : 0 < ε)
    (h : 0 < variance y) :
    ∃ (L : EuclideanSpace ℝ ι → ℝ) (g d : EuclideanSpace ℝ ι),
      HasGradientAt L g (forward γ β ε y) ∧
      HasGradientAt (fun y ↦ L (forward γ β ε y)) d y ∧
      ‖d‖ ^ 2 ≠ γ ^ 2 / scale ε y ^ 2 *
        (‖g‖ ^ 2 - ⟪ones, g⟫ ^ 2 / Fintype.card ι - ⟪g, normalize ε y⟫ ^ 2 / Fintype.card ι) :=
  sorry

end

/-! ### The Pythagorean projection lemma -/

/-- What carries (5) to (6). -/
theorem projection_lemma {E : Type*} [NormedAddCommGroup E] [InnerProductSpace ℝ E] {u : E}
    (hu : ‖u‖ = 1) (v : E) : ‖v - ⟪u, v⟫ • u‖ ^ 2 = ‖v‖ ^ 2 - ⟪u, v⟫ ^ 2 :=
  sorry

/-! ### Theorem 4.2, Observation 4.3, Theorem 4.4, Lemma 4.5 -/

section

variable {γ β : ℝ} {y d : EuclideanSpace ℝ ι} {L : EuclideanSpace ℝ ι → ℝ}
  {G : EuclideanSpace ℝ ι → EuclideanSpace ℝ ι} {H : EuclideanSpace ℝ ι →L[ℝ] EuclideanSpace ℝ ι}

/-- **Theorem 4.2**, first part, as an equation: `G` is the gradient of the loss near `z`, `H` its
Hessian there. The gradient of the loss after the layer has a derivative, the Hessian. -/
theorem theorem_four_two (hL : ∀ᶠ z in 𝓝 (forward γ β 0 y), HasGradientAt L (G z) z)
    (hG : HasFDerivAt G H (forward γ β 0 y))
    (hd : HasGradientAt (fun y ↦ L (forward γ β 0 y)) d y) (h : 0 < variance y) :
    DifferentiableAt ℝ (∇ fun y ↦ L (forward γ β 0 y)) y ∧
      ⟪fderiv ℝ (∇ fun y ↦ L (forward γ β 0 y)) y d, d⟫ = γ ^ 2 / scale 0 y ^ 2 * ⟪H d, d⟫ -
        γ / (Fintype.card ι * scale 0 y ^ 2) * ⟪G (forward γ β 0 y), normalize 0 y⟫ * ‖d‖ ^ 2 :=
  sorry

/-- **Theorem 4.2**, second part: what the paper calls that `H` preserves the relative norms of the
two gradients is `⟪H d, d⟫ ≤ ⟪H g, g⟫`, where `g` is `G z`, the gradient at `z`. -/
theorem theorem_four_two_bound (hL : ∀ᶠ z in 𝓝 (forward γ β 0 y), HasGradientAt L (G z) z)
    (hG : HasFDerivAt G H (forward γ β 0 y))
    (hd : HasGradientAt (fun y ↦ L (forward γ β 0 y)) d y) (h : 0 < variance y)
    (hH : ⟪H d, d⟫ ≤ ⟪H (G (forward γ β 0 y)), G (forward γ β 0 y)⟫) :
    ⟪fderiv ℝ (∇ fun y ↦ L (forward γ β 0 y)) y d, d⟫ ≤ γ ^ 2 / scale 0 y ^ 2 *
      (⟪H (G (forward γ β 0 y)), G (forward γ β 0 y)⟫ -
        1 / (Fintype.card ι * γ) * ⟪G (forward γ β 0 y), normalize 0 y⟫ * ‖d‖ ^ 2) :=
  sorry

/-- **Observation 4.3**: with the batch's own scale and mean for `γ` and `β`, the layer puts out
what it got. -/
theorem observation_four_three {ε : ℝ} (h : 0 < variance y + ε) :
    forward (scale ε y) (mean y) ε y = y :=
  sorry

end

/-- **Theorem 4.4** with `y = X w`: the worst squared gradient `d` in the weights `w`, over all
layer inputs `X` of norm at most `lam` that put out the batch `y`. In the summary of the paper that
was read the units do not agree; `lam` is the paper's `λ`, and stands in front of all. The weights
have two dimensions or more (with one, `X w = y` fixes `X`), and `‖y‖ ≤ lam ‖w‖`, without which
there is no such `X`. -/
theorem theorem_four_four {W : Type*} [NormedAddCommGroup W] [InnerProductSpace ℝ W]
    [CompleteSpace W] (hW : 1 < Module.rank ℝ W) {lam γ β : ℝ} {y g : EuclideanSpace ℝ ι}
    {L : EuclideanSpace ℝ ι → ℝ} {w : W} (hy : ‖y‖ ≤ lam * ‖w‖)
    (hL : HasGradientAt L g (forward γ β 0 y)) (h : 0 < variance y) :
    IsGreatest {r | ∃ (X : W →L[ℝ] EuclideanSpace ℝ ι) (d : W), (‖X‖ ≤ lam ∧ X w = y) ∧
        HasGradientAt (fun w ↦ L (forward γ β 0 (X w))) d w ∧ ‖d‖ ^ 2 = r}
      (lam ^ 2 * (γ ^ 2 / scale 0 y ^ 2 * (‖g‖ ^ 2 - ⟪ones, g⟫ ^ 2 / Fintype.card ι -
        ⟪g, normalize 0 y⟫ ^ 2 / Fintype.card ι))) :=
  sorry

/-- **Theorem 4.4** with both maxima, as the paper has it, and `y = X w`: `G` is the worst squared
gradient in the weights without BatchNorm, of a loss `K` of `y` whose gradient there is the same
`g`, and `G'` that with it. Where no `X` of norm at most `lam` puts out `y`, there are no maxima. -/
theorem theorem_four_four_maxima {W : Type*} [NormedAddCommGroup W] [InnerProductSpace ℝ W]
    [CompleteSpace W] (hW : 1 < Module.rank ℝ W) {lam γ β G G' : ℝ} {y g : EuclideanSpace ℝ ι}
    {K L : EuclideanSpace ℝ ι → ℝ} {w : W} (hK : HasGradientAt K g y)
    (hL : HasGradientAt L g (forward γ β 0 y)) (h : 0 < variance y)
    (hG : IsGreatest {r | ∃ (X : W →L[ℝ] EuclideanSpace ℝ ι) (d : W), (‖X‖ ≤ lam ∧ X w = y) ∧
      HasGradientAt (fun w ↦ K (X w)) d w ∧ ‖d‖ ^ 2 = r} G)
    (hG' : IsGreatest {r | ∃ (X : W →L[ℝ] EuclideanSpace ℝ ι) (d : W), (‖X‖ ≤ lam ∧ X w = y) ∧
      HasGradientAt (fun w ↦ L (forward γ β 0 (X w))) d w ∧ ‖d‖ ^ 2 = r} G') :
    G' = γ ^ 2 / scale 0 y ^ 2 * (G - lam ^ 2 * (⟪ones, g⟫ ^ 2 / Fintype.card ι) -
      lam ^ 2 * (⟪g, normalize 0 y⟫ ^ 2 / Fintype.card ι)) :=
  sorry

/-- **Lemma 4.5** is false as stated: least squares through a layer `X`, with `w` the only optimum
without BatchNorm and `w'` an optimum with it that is as close to the initialization `w₀` as any. -/
theorem lemma_four_five_fails :
    ∃ (X : EuclideanSpace ℝ (Fin 2) →L[ℝ] EuclideanSpace ℝ (Fin 3)) (t : EuclideanSpace ℝ (Fin 3))
      (w₀ w w' : EuclideanSpace ℝ (Fin 2)),
      IsMinOn (fun w ↦ ‖X w - t‖ ^ 2) Set.univ w ∧
      (∀ v, IsLocalMin (fun w ↦ ‖X w - t‖ ^ 2) v → v = w) ∧
      IsMinOn (fun w ↦ ‖forward 1 0 0 (X w) - t‖ ^ 2) Set.univ w' ∧
      (∀ v, IsLocalMin (fun w ↦ ‖forward 1 0 0 (X w) - t‖ ^ 2) v → ‖w₀ - w'‖ ≤ ‖w₀ - v‖) ∧
      0 < ⟪w, w₀⟫ ∧
      ‖w₀ - w‖ ^ 2 - (‖w‖ ^ 2 - ⟪w, w₀⟫) ^ 2 / ‖w‖ ^ 2 < ‖w₀ - w'‖ ^ 2 :=
  sorry

/-- **Lemma 4.5** where it holds, for local optima: `w`, the paper's optimum without BatchNorm, has
to be one with it, which is all that is asked of it here; `w'` is as close to `w₀` as all of those
with BatchNorm, such as the closest of them. -/
theorem lemma_four_five {W : Type*} [NormedAddCommGroup W] [InnerProductSpace ℝ W]
    {L : EuclideanSpace ℝ ι → ℝ} {X : W →L[ℝ] EuclideanSpace ℝ ι} {γ β : ℝ} {w w₀ w' : W}
    (hw : IsLocalMin (fun w ↦ L (forward γ β 0 (X w))) w) (h : 0 < ⟪w, w₀⟫)
    (hw' : ∀ v, IsLocalMin (fun w ↦ L (forward γ β 0 (X w))) v → ‖w₀ - w'‖ ≤ ‖w₀ - v‖) :
    ‖w₀ - w'‖ ^ 2 ≤ ‖w₀ - w‖ ^ 2 - (‖w‖ ^ 2 - ⟪w, w₀⟫) ^ 2 / ‖w‖ ^ 2 :=
  sorry

/-- **Lemma 4.5** where it holds, for global optima: `w`, the paper's optimum without BatchNorm, has
to be one with it, which is all that is asked of it here; `w'` is as close to `w₀` as all of those
with BatchNorm, such as the closest of them. -/
theorem lemma_four_five_global {W : Type*} [NormedAddCommGroup W] [InnerProductSpace ℝ W]
    {L : EuclideanSpace ℝ ι → ℝ} {X : W →L[ℝ] EuclideanSpace ℝ ι} {γ β : ℝ} {w w₀ w' : W}
    (hw : IsMinOn (fun w ↦ L (forward γ β 0 (X w))) Set.univ w) (h : 0 < ⟪w, w₀⟫)
    (hw' : ∀ v, IsMinOn (fun w ↦ L (forward γ β 0 (X w))) Set.univ v → ‖w₀ - w'‖ ≤ ‖w₀ - v‖) :
    ‖w₀ - w'‖ ^ 2 ≤ ‖w₀ - w‖ ^ 2 - (‖w‖ ^ 2 - ⟪w, w₀⟫) ^ 2 / ‖w‖ ^ 2 :=
  sorry

/-! ### Layers: one loss of all rows, or of all channels -/

section

variable {ε : ℝ} {L : PiLp 2 (fun _ : κ ↦ EuclideanSpace ℝ ι) → ℝ}
  {x g : PiLp 2 fun _ : κ ↦ EuclideanSpace ℝ ι}

/-- BatchNorm per channel: formula (1) in each. -/
theorem batchNorm_channels {γ β : EuclideanSpace ℝ κ}
    (hL : HasGradientAt L g (WithLp.toLp 2 fun c ↦ forward (γ c) (β c) ε (x c)))
    (h : ∀ c, 0 < variance (x c) + ε) :
    HasGradientAt (fun x : PiLp 2 (fun _ : κ ↦ EuclideanSpace ℝ ι) ↦
        L (WithLp.toLp 2 fun c ↦ forward (γ c) (β c) ε (x c)))
      (WithLp.toLp 2 fun c ↦ WithLp.toLp 2 fun i ↦ γ c / (Fintype.card ι * scale ε (x c)) *
        (Fintype.card ι * g c i - ∑ k, g c k -
          normalize ε (x c) i * ∑ k, g c k * normalize ε (x c) k)) x :=
  sorry

/-- LayerNorm of a matrix: the gradient in each row. -/
theorem layerNorm_input {γ β : EuclideanSpace ℝ ι}
    (hL : HasGradientAt L g (WithLp.toLp 2 fun r ↦ layerNorm γ β ε (x r)))
    (h : ∀ r, 0 < variance (x r) + ε) :
    HasGradientAt (fun x : PiLp 2 (fun _ : κ ↦ EuclideanSpace ℝ ι) ↦
        L (WithLp.toLp 2 fun r ↦ layerNorm γ β ε (x r)))
      (WithLp.toLp 2 fun r ↦ WithLp.toLp 2 fun i ↦ 1 / (Fintype.card ι * scale ε (x r)) *
        (Fintype.card ι * (γ i * g r i) - ∑ k, γ k * g r k -
          normalize ε (x r) i * ∑ k, γ k * g r k * normalize ε (x r) k)) x :=
  sorry

/-- LayerNorm of a matrix: the gradient in the shared factors is a sum over the rows. -/
theorem layerNorm_gamma {γ β : EuclideanSpace ℝ ι}
    (hL : HasGradientAt L g (WithLp.toLp 2 fun r ↦ layerNorm γ β ε (x r))) :
    HasGradientAt (fun γ ↦ L (WithLp.toLp 2 fun r ↦ layerNorm γ β ε (x r)))
      (WithLp.toLp 2 fun j ↦ ∑ r, g r j * normalize ε (x r) j) γ :=
  sorry

/-- LayerNorm of a matrix: the gradient in the shared offsets is a sum over the rows. -/
theorem layerNorm_beta {γ β : EuclideanSpace ℝ ι}
    (hL : HasGradientAt L g (WithLp.toLp 2 fun r ↦ layerNorm γ β ε (x r))) :
    HasGradientAt (fun β ↦ L (WithLp.toLp 2 fun r ↦ layerNorm γ β ε (x r)))
      (WithLp.toLp 2 fun j ↦ ∑ r, g r j) β :=
  sorry

/-- RMSNorm of a matrix: the gradient in each row. -/
theorem rmsNorm_input {γ : EuclideanSpace ℝ ι}
    (hL : HasGradientAt L g (WithLp.toLp 2 fun r ↦ rmsNorm γ ε (x r)))
    (h : ∀ r, 0 < meanSquare (x r) + ε) :
    HasGradientAt (fun x : PiLp 2 (fun _ : κ ↦ EuclideanSpace ℝ ι) ↦
        L (WithLp.toLp 2 fun r ↦ rmsNorm γ ε (x r)))
      (WithLp.toLp 2 fun r ↦ WithLp.toLp 2 fun i ↦ 1 / (Fintype.card ι * √(meanSquare (x r) + ε)) *
        (Fintype.card ι * (γ i * g r i) -
        x r i / √(meanSquare (x r) + ε) *
          ∑ k, γ k * g r k * (x r k / √(meanSquare (x r) + ε)))) x :=
  sorry

/-- RMSNorm of a matrix: the gradient in the shared factors is a sum over the rows. -/
theorem rmsNorm_gamma {γ : EuclideanSpace ℝ ι}
    (hL : HasGradientAt L g (WithLp.toLp 2 fun r ↦ rmsNorm γ ε (x r))) :
    HasGradientAt (fun γ ↦ L (WithLp.toLp 2 fun r ↦ rmsNorm γ ε (x r)))
      (WithLp.toLp 2 fun j ↦ ∑ r, g r j * (x r j / √(meanSquare (x r) + ε))) γ :=
  sorry

end

section

variable {ν α : Type*} [Fintype ν] [Fintype α] {ε : ℝ}

section

variable {γ β : EuclideanSpace ℝ κ}
  {L : PiLp 2 (fun _ : ν ↦ PiLp 2 fun _ : κ ↦ EuclideanSpace ℝ ι) → ℝ}
  {x g : PiLp 2 fun _ : ν ↦ PiLp 2 fun _ : κ ↦ EuclideanSpace ℝ ι}

/-- BatchNorm of samples, channels and positions: the gradient in the array. -/
theorem batchNorm_input (hL : HasGradientAt L g (batchNorm γ β ε x))
    (h : ∀ c, 0 < groupVariance (channel x c) + ε) :
    HasGradientAt (fun x ↦ L (batchNorm γ β ε x))
      (WithLp.toLp 2 fun n ↦ WithLp.toLp 2 fun c ↦ WithLp.toLp 2 fun s ↦
        γ c / (Fintype.card ν * Fintype.card ι * groupScale ε (channel x c)) *
        (Fintype.card ν * Fintype.card ι * g n c s - ∑ k, ∑ i, g k c i -
          groupNormalize ε (channel x c) n s *
            ∑ k, ∑ i, g k c i * groupNormalize ε (channel x c) k i)) x :=
  sorry

/-- BatchNorm of samples, channels and positions: the gradient in the factors. -/
theorem batchNorm_gamma (hL : HasGradientAt L g (batchNorm γ β ε x)) :
    HasGradientAt (fun γ ↦ L (batchNorm γ β ε x))
      (WithLp.toLp 2 fun c ↦ ∑ n, ∑ s, g n c s * groupNormalize ε (channel x c) n s) γ :=
  sorry

/-- BatchNorm of samples, channels and positions: the gradient in the offsets. -/
theorem batchNorm_beta (hL : HasGradientAt L g (batchNorm γ β ε x)) :
    HasGradientAt (fun β ↦ L (batchNorm γ β ε x)) (WithLp.toLp 2 fun c ↦ ∑ n, ∑ s, g n c s) β :=
  sorry

/-- InstanceNorm of samples, channels and positions: the gradient in the array. -/
theorem instanceNorm_input
    (hL : HasGradientAt L g
      (WithLp.toLp 2 fun n ↦ WithLp.toLp 2 fun c ↦ forward (γ c) (β c) ε (x n c)))
    (h : ∀ n c, 0 < variance (x n c) + ε) :
    HasGradientAt (fun x : PiLp 2 (fun _ : ν ↦ PiLp 2 fun _ : κ ↦ EuclideanSpace ℝ ι) ↦
        L (WithLp.toLp 2 fun n ↦ WithLp.toLp 2 fun c ↦ forward (γ c) (β c) ε (x n c)))
      (WithLp.toLp 2 fun n ↦ WithLp.toLp 2 fun c ↦ WithLp.toLp 2 fun i ↦
        γ c / (Fintype.card ι * scale ε (x n c)) *
        (Fintype.card ι * g n c i - ∑ k, g n c k -
          normalize ε (x n c) i * ∑ k, g n c k * normalize ε (x n c) k)) x :=
  sorry

/-- InstanceNorm of samples, channels and positions: the gradient in the factors. -/
theorem instanceNorm_gamma
    (hL : HasGradientAt L g
      (WithLp.toLp 2 fun n ↦ WithLp.toLp 2 fun c ↦ forward (γ c) (β c) ε (x n c))) :
    HasGradientAt
      (fun γ : EuclideanSpace ℝ κ ↦
        L (WithLp.toLp 2 fun n ↦ WithLp.toLp 2 fun c ↦ forward (γ c) (β c) ε (x n c)))
      (WithLp.toLp 2 fun c ↦ ∑ n, ∑ s, g n c s * normalize ε (x n c) s) γ :=
  sorry

/-- InstanceNorm of samples, channels and positions: the gradient in the offsets. -/
theorem instanceNorm_beta
    (hL : HasGradientAt L g
      (WithLp.toLp 2 fun n ↦ WithLp.toLp 2 fun c ↦ forward (γ c) (β c) ε (x n c))) :
    HasGradientAt
      (fun β : EuclideanSpace ℝ κ ↦
        L (WithLp.toLp 2 fun n ↦ WithLp.toLp 2 fun c ↦ forward (γ c) (β c) ε (x n c)))
      (WithLp.toLp 2 fun c ↦ ∑ n, ∑ s, g n c s) β :=
  sorry

end

/-- GroupNorm of samples, groups, channels and positions: each group is normalized as a whole, and
each of its channels has a factor and an offset. -/
noncomputable def groupNorm (γ β : PiLp 2 fun _ : α ↦ EuclideanSpace ℝ κ) (ε : ℝ)
    (x : PiLp 2 fun _ : ν ↦ PiLp 2 fun _ : α ↦ PiLp 2 fun _ : κ ↦ EuclideanSpace ℝ ι) :
    PiLp 2 fun _ : ν ↦ PiLp 2 fun _ : α ↦ PiLp 2 fun _ : κ ↦ EuclideanSpace ℝ ι :=
  WithLp.toLp 2 fun n ↦ WithLp.toLp 2 fun a ↦ WithLp.toLp 2 fun c ↦ WithLp.toLp 2 fun s ↦
    γ a c * groupNormalize ε (x n a) c s + β a c

variable {γ β : PiLp 2 fun _ : α ↦ EuclideanSpace ℝ κ}
  {L : PiLp 2 (fun _ : ν ↦ PiLp 2 fun _ : α ↦ PiLp 2 fun _ : κ ↦ EuclideanSpace ℝ ι) → ℝ}
  {x g : PiLp 2 fun _ : ν ↦ PiLp 2 fun _ : α ↦ PiLp 2 fun _ : κ ↦ EuclideanSpace ℝ ι}

/-- GroupNorm of samples, groups, channels and positions: the gradient in the array. -/
theorem groupNorm_input (hL : HasGradientAt L g (groupNorm γ β ε x))
    (h : ∀ n a, 0 < groupVariance (x n a) + ε) :
    HasGradientAt (fun x ↦ L (groupNorm γ β ε x))
      (WithLp.toLp 2 fun n ↦ WithLp.toLp 2 fun a ↦ WithLp.toLp 2 fun c ↦ WithLp.toLp 2 fun i ↦
        1 / (Fintype.card κ * Fintype.card ι * groupScale ε (x n a)) *
        (Fintype.card κ * Fintype.card ι * (γ a c * g n a c i) - ∑ b, ∑ k, γ a b * g n a b k -
          groupNormalize ε (x n a) c i *
            ∑ b, ∑ k, γ a b * g n a b k * groupNormalize ε (x n a) b k)) x :=
  sorry

/-- GroupNorm of samples, groups, channels and positions: the gradient in the factors. -/
theorem groupNorm_gamma (hL : HasGradientAt L g (groupNorm γ β ε x)) :
    HasGradientAt (fun γ ↦ L (groupNorm γ β ε x))
      (WithLp.toLp 2 fun a ↦ WithLp.toLp 2 fun c ↦
        ∑ n, ∑ s, g n a c s * groupNormalize ε (x n a) c s) γ :=
  sorry

/-- GroupNorm of samples, groups, channels and positions: the gradient in the offsets. -/
theorem groupNorm_beta (hL : HasGradientAt L g (groupNorm γ β ε x)) :
    HasGradientAt (fun β ↦ L (groupNorm γ β ε x))
      (WithLp.toLp 2 fun a ↦ WithLp.toLp 2 fun c ↦ ∑ n, ∑ s, g n a c s) β :=
  sorry

end

end Santurkar2018

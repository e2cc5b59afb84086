/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public import BatchNorm.ChainRule
public import Mathlib.Analysis.Calculus.Deriv.Add
public import Mathlib.Analysis.Calculus.Deriv.Mul
public import Mathlib.Analysis.Calculus.FDeriv.WithLp
public import Mathlib.Analysis.InnerProductSpace.PiL2

/-!
# Vector–Jacobian products

What a layer's backward pass computes is the adjoint of its derivative, applied to the gradient at
its output: the vector–Jacobian product of automatic differentiation. `HasVJPAt f b x` says that
`b` is that of `f` at `x`. A layer is put together from a few maps, and so is its backward pass,
in the opposite order: by composition, row by row, by sharing one parameter among many entries, and
by isometries. Each of these is one theorem here, and the gradients of all layers are made of them.

A normalization along the fibers of a map `r : ι → κ` of positions treats the entries `y i` with
the same `r i` as one batch: BatchNorm takes for `r i` the channel of the entry, LayerNorm its
row, GroupNorm its sample and group. `HasVJPAt.along_fibers` holds for any such map, and
`BatchNorm.hasVJPAt_forward_fibers` is the normalization along it. In the layers here all fibers are
alike, the positions are a product, and the batches are the rows of an array, so that
`HasVJPAt.rows` does, and none of them needs it.

## Main definitions

* `HasVJPAt f b x`: `b` is the vector–Jacobian product of `f` at `x`.
* `BatchNorm.Tensor₂`, `BatchNorm.Tensor₃`, `BatchNorm.Tensor₄`: arrays of numbers with so many
  axes.
* `BatchNorm.fibers r`: an array as the family of its fibers along `r`.
* `BatchNorm.transpose`, `BatchNorm.flatten`: the other views of an array that layers normalize
  along.

## Main results

* `HasVJPAt.unique`: there is at most one.
* `HasVJPAt.hasGradientAt_comp`: the gradient of a loss after `f`.
* `HasVJPAt.comp`, `HasVJPAt.rows`, `HasVJPAt.shared`, `HasVJPAt.columns`, `HasVJPAt.arrowCongr`,
  `HasVJPAt.conj`: compositions.
* `HasVJPAt.along_fibers`: what is done to each fiber of a map of positions; for the layer it is
  `BatchNorm.hasVJPAt_forward_fibers`.
-/

@[expose] public section

open scoped RealInnerProductSpace

variable {E F G H : Type*} [NormedAddCommGroup E] [InnerProductSpace ℝ E] [NormedAddCommGroup F]
  [InnerProductSpace ℝ F] [NormedAddCommGroup G] [InnerProductSpace ℝ G] [NormedAddCommGroup H]
  [InnerProductSpace ℝ H]

/-- `b` is the vector–Jacobian product of `f` at `x`: `f` is differentiable there, and `b` is the
adjoint of its derivative. -/
def HasVJPAt (f : E → F) (b : F → E) (x : E) : Prop :=
  ∃ f' : E →L[ℝ] F, HasFDerivAt f f' x ∧ ∀ g v, ⟪b g, v⟫ = ⟪g, f' v⟫

namespace HasVJPAt

variable {f : E → F} {b b' : F → E} {x : E}

/-- The vector–Jacobian product is determined by the map. -/
theorem unique (hb : HasVJPAt f b x) (hb' : HasVJPAt f b' x) : b = b' := by
  obtain ⟨f', hf, hb⟩ := hb
  obtain ⟨f'', hf', hb'⟩ := hb'
  obtain rfl := hf.unique hf'
  exact funext fun g ↦ ext_inner_right ℝ fun v ↦ (hb g v).trans (hb' g v).symm

/-- The gradient of a loss after `f`: what `b` makes of the loss's gradient. -/
theorem hasGradientAt_comp [CompleteSpace E] [CompleteSpace F] {L : F → ℝ} {g : F}
    (hf : HasVJPAt f b x) (hL : HasGradientAt L g (f x)) :
    HasGradientAt (fun x ↦ L (f x)) (b g) x := by
  obtain ⟨f', hf, hb⟩ := hf
  exact hL.comp_of_inner_eq hf (hb g)

/-- The chain rule: backward passes are composed in the opposite order. -/
theorem comp {h : F → G} {c : G → F} (hh : HasVJPAt h c (f x)) (hf : HasVJPAt f b x) :
    HasVJPAt (fun x ↦ h (f x)) (fun g ↦ b (c g)) x := by
  obtain ⟨f', hf, hb⟩ := hf
  obtain ⟨h', hh, hc⟩ := hh
  exact ⟨h'.comp f', hh.comp x hf, fun g v ↦ (hb _ v).trans (hc g _)⟩

/-- A backward pass, written otherwise. -/
theorem congr (hf : HasVJPAt f b x) (h : ∀ g, b g = b' g) : HasVJPAt f b' x :=
  funext h ▸ hf

/-! ### Numbers -/

/-- A number times a constant one, and one added: `γ` at one entry of a normalized array. -/
theorem mul_const_add (a c t : ℝ) : HasVJPAt (fun t ↦ t * a + c) (fun g ↦ g * a) t :=
  ⟨_, (((hasDerivAt_id t).mul_const a).add_const c).hasFDerivAt, fun g v ↦ by
    simp [mul_comm, mul_left_comm]⟩

/-- A number times a constant one: `γ` at one entry of a normalized array, without an offset. -/
theorem mul_const (a t : ℝ) : HasVJPAt (fun t ↦ t * a) (fun g ↦ g * a) t := by
  simpa only [add_zero] using mul_const_add a 0 t

/-- A constant number times a number, and one added: an entry of a normalized array. -/
theorem const_mul_add (a c t : ℝ) : HasVJPAt (fun t ↦ a * t + c) (fun g ↦ a * g) t := by
  simpa only [mul_comm a] using mul_const_add a c t

/-- A constant number times a number: an entry of a normalized array, without an offset. -/
theorem const_mul (a t : ℝ) : HasVJPAt (fun t ↦ a * t) (fun g ↦ a * g) t := by
  simpa only [add_zero] using const_mul_add a 0 t

/-- A number added to a constant one: `β` at one entry of a normalized array. -/
theorem const_add (c t : ℝ) : HasVJPAt (fun t ↦ c + t) (fun g ↦ g) t := by
  simpa only [one_mul, mul_one, add_comm c] using mul_const_add 1 c t

/-! ### Arrays -/

section rows

variable {ρ : Type*} [Fintype ρ] {V W : ρ → Type*} [∀ r, NormedAddCommGroup (V r)]
  [∀ r, InnerProductSpace ℝ (V r)] [∀ r, NormedAddCommGroup (W r)]
  [∀ r, InnerProductSpace ℝ (W r)]

/-- Row by row: the rows may be of different lengths. -/
theorem rows {f : ∀ r, V r → W r} {b : ∀ r, W r → V r} {x : PiLp 2 V}
    (h : ∀ r, HasVJPAt (f r) (b r) (x r)) :
    HasVJPAt (fun x : PiLp 2 V ↦ (WithLp.toLp 2 fun r ↦ f r (x r) : PiLp 2 W))
      (fun g ↦ WithLp.toLp 2 fun r ↦ b r (g r)) x := by
  choose f' hf hb using h
  refine ⟨_, (PiLp.hasFDerivAt_toLp (𝕜 := ℝ) 2 _).comp x (hasFDerivAt_pi.2 fun r ↦
    (hf r).comp x (PiLp.hasFDerivAt_apply (𝕜 := ℝ) 2 x r)), fun g v ↦ ?_⟩
  rw [PiLp.inner_apply, PiLp.inner_apply]
  exact Finset.sum_congr rfl fun r _ ↦ hb r (g r) (v r)

/-- One argument that all rows share: the backward pass sums over the rows. -/
theorem shared {f : ∀ r, E → W r} {b : ∀ r, W r → E} {x : E} (h : ∀ r, HasVJPAt (f r) (b r) x) :
    HasVJPAt (fun x ↦ (WithLp.toLp 2 fun r ↦ f r x : PiLp 2 W)) (fun g ↦ ∑ r, b r (g r)) x := by
  choose f' hf hb using h
  refine ⟨_, (PiLp.hasFDerivAt_toLp (𝕜 := ℝ) 2 _).comp x (hasFDerivAt_pi.2 hf), fun g v ↦ ?_⟩
  rw [sum_inner, PiLp.inner_apply]
  exact Finset.sum_congr rfl fun r _ ↦ hb r (g r) v

/-- One argument for each column, which all rows share: the backward pass sums over the rows. -/
theorem columns {κ : Type*} [Fintype κ] {V : κ → Type*} {W : ρ → κ → Type*}
    [∀ c, NormedAddCommGroup (V c)] [∀ c, InnerProductSpace ℝ (V c)]
    [∀ r c, NormedAddCommGroup (W r c)] [∀ r c, InnerProductSpace ℝ (W r c)]
    {f : ∀ r c, V c → W r c} {b : ∀ r c, W r c → V c} {x : PiLp 2 V}
    (h : ∀ r c, HasVJPAt (f r c) (b r c) (x c)) :
    HasVJPAt (fun x : PiLp 2 V ↦ (WithLp.toLp 2 fun r ↦ WithLp.toLp 2 fun c ↦ f r c (x c) :
        PiLp 2 fun r ↦ PiLp 2 (W r)))
      (fun g ↦ WithLp.toLp 2 fun c ↦ ∑ r, b r c (g r c)) x := by
  refine (shared fun r ↦ rows (h r)).congr fun g ↦ ?_
  ext c
  simp

end rows

/-- An isometry, of which the adjoint is the inverse. -/
theorem of_linearIsometryEquiv (e : E ≃ₗᵢ[ℝ] F) (x : E) : HasVJPAt e e.symm x :=
  ⟨_, e.hasFDerivAt, fun g v ↦ (real_inner_comm _ _).trans <|
    (e.inner_map_eq_flip v g).symm.trans (real_inner_comm _ _)⟩

/-- A map between other views of its argument and of its value. -/
theorem arrowCongr {f : F → G} {b : G → F} {x : E} (e : E ≃ₗᵢ[ℝ] F) (e' : H ≃ₗᵢ[ℝ] G)
    (hf : HasVJPAt f b (e x)) :
    HasVJPAt (fun x ↦ e'.symm (f (e x))) (fun g ↦ e.symm (b (e' g))) x := by
  simpa only [LinearIsometryEquiv.symm_symm] using
    (of_linearIsometryEquiv e'.symm _).comp (hf.comp (of_linearIsometryEquiv e x))

/-- A map of another view of the same numbers. -/
theorem conj {f b : F → F} {x : E} (e : E ≃ₗᵢ[ℝ] F) (hf : HasVJPAt f b (e x)) :
    HasVJPAt (fun x ↦ e.symm (f (e x))) (fun g ↦ e.symm (b (e g))) x :=
  hf.arrowCongr e e

end HasVJPAt

/-! ### Arrays and views of them -/

variable {ι κ ν σ : Type*} [Fintype ι] [Fintype κ] [Fintype ν] [Fintype σ]

namespace BatchNorm

/-- Arrays with two axes, such as rows and features: `x r` is a row, `x r j` an entry. -/
abbrev Tensor₂ (ρ φ : Type*) : Type _ :=
  PiLp 2 fun _ : ρ ↦ EuclideanSpace ℝ φ

/-- Arrays with three axes, such as samples, channels and positions. -/
abbrev Tensor₃ (ν κ σ : Type*) : Type _ :=
  PiLp 2 fun _ : ν ↦ Tensor₂ κ σ

/-- Arrays with four axes, such as samples, groups of channels, their channels, and positions. -/
abbrev Tensor₄ (ν α κ σ : Type*) : Type _ :=
  PiLp 2 fun _ : ν ↦ Tensor₃ α κ σ

/-- Rows and columns exchanged. -/
noncomputable def transpose : (PiLp 2 fun _ : ν ↦ PiLp 2 fun _ : κ ↦ E) ≃ₗᵢ[ℝ]
    PiLp 2 fun _ : κ ↦ PiLp 2 fun _ : ν ↦ E :=
  LinearEquiv.isometryOfInner
    { toFun x := WithLp.toLp 2 fun c ↦ WithLp.toLp 2 fun n ↦ x n c
      invFun x := WithLp.toLp 2 fun n ↦ WithLp.toLp 2 fun c ↦ x c n
      map_add' _ _ := rfl
      map_smul' _ _ := rfl
      left_inv _ := rfl
      right_inv _ := rfl }
    fun x y ↦ by
      simp only [PiLp.inner_apply]
      exact Finset.sum_comm

/-- Entry `(c, n)` of the transpose is entry `(n, c)`. -/
@[simp]
theorem transpose_apply (x : PiLp 2 fun _ : ν ↦ PiLp 2 fun _ : κ ↦ E) :
    transpose x = WithLp.toLp 2 fun c ↦ WithLp.toLp 2 fun n ↦ x n c := rfl

/-- All entries of an array in one batch. -/
noncomputable def flatten : Tensor₂ κ σ ≃ₗᵢ[ℝ] EuclideanSpace ℝ (κ × σ) :=
  LinearEquiv.isometryOfInner
    { toFun y := WithLp.toLp 2 fun i ↦ y i.1 i.2
      invFun y := WithLp.toLp 2 fun c ↦ WithLp.toLp 2 fun s ↦ y (c, s)
      map_add' _ _ := rfl
      map_smul' _ _ := rfl
      left_inv _ := rfl
      right_inv _ := rfl }
    fun x y ↦ by
      simp only [PiLp.inner_apply]
      exact Fintype.sum_prod_type _

/-- The entry at a pair of positions. -/
@[simp]
theorem flatten_apply (y : Tensor₂ κ σ) (i : κ × σ) :
    flatten y i = y i.1 i.2 := rfl

/-- A batch as an array again. -/
theorem flatten_symm_apply (y : EuclideanSpace ℝ (κ × σ)) :
    flatten.symm y = WithLp.toLp 2 fun c ↦ WithLp.toLp 2 fun s ↦ y (c, s) := rfl

/-- An array as the family of its fibers: the entries at the positions that `r` sends to one. -/
noncomputable def fibers [DecidableEq κ] (r : ι → κ) : EuclideanSpace ℝ ι ≃ₗᵢ[ℝ]
    PiLp 2 fun k ↦ EuclideanSpace ℝ {i // r i = k} :=
  LinearEquiv.isometryOfInner
    { toFun y := WithLp.toLp 2 fun _ ↦ WithLp.toLp 2 fun i ↦ y i.1
      invFun y := WithLp.toLp 2 fun i ↦ y (r i) ⟨i, rfl⟩
      map_add' _ _ := rfl
      map_smul' _ _ := rfl
      left_inv _ := rfl
      right_inv y := by
        ext k ⟨i, hi⟩
        subst hi
        rfl }
    fun x y ↦ by
      simp only [PiLp.inner_apply]
      exact Fintype.sum_fiberwise r fun i ↦ ⟪x i, y i⟫

/-- The entry of a fiber at a position. -/
@[simp]
theorem fibers_apply [DecidableEq κ] (r : ι → κ) (y : EuclideanSpace ℝ ι) (k : κ)
    (i : {i // r i = k}) : fibers r y k i = y i := rfl

end BatchNorm

open BatchNorm (fibers) in
/-- A map of each fiber of a map of positions: where `f k` is what is done to the
fiber above `k`, the backward pass does to each fiber what is that of `f k`. -/
theorem HasVJPAt.along_fibers [DecidableEq κ] (r : ι → κ)
    {f b : ∀ k, EuclideanSpace ℝ {i // r i = k} → EuclideanSpace ℝ {i // r i = k}}
    {y : EuclideanSpace ℝ ι} (h : ∀ k, HasVJPAt (f k) (b k) (fibers r y k)) :
    HasVJPAt (fun y ↦ WithLp.toLp 2 fun i ↦ f (r i) (fibers r y (r i)) ⟨i, rfl⟩)
      (fun g ↦ WithLp.toLp 2 fun i ↦ b (r i) (fibers r g (r i)) ⟨i, rfl⟩) y :=
  (rows h).conj (fibers r)

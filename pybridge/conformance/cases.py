"""The layers that a framework has, each as the call of ``assert_layer`` that tests it.

In: a framework's name, formats.  Out: ``Case``s.  Modules of torch and Flax say themselves what they are; JAX has functions.
"""

from __future__ import annotations

import importlib
import importlib.metadata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pybridge.algebras.formats import BFLOAT16, FLOAT16, FLOAT32, FLOAT64
from pybridge.errors import MissingToolError, OptionError

TARGETS = ("torch", "jax", "flax")
DTYPES = (FLOAT64.name, FLOAT32.name, BFLOAT16.name, FLOAT16.name)
_HALF = (BFLOAT16.name, FLOAT16.name)
Options = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A layer of a framework, in one layout and format.

    Parameters
    ----------
    code
        How the layer is written, as one types it.
    layer
        What it is: the name of a layer, or that of ``LAYERS`` where an object says so itself.
    made
        Makes the first argument of ``check_layer`` and those that are not plain values.
    dtype
        Of the arrays.
    weights
        Of the parameters; empty where there are none.
    series
        What its digits are drawn with: cases of one series differ in sizes and layout only.
    options
        The plain arguments of ``check_layer``.
    setup
        What has to be run before ``code`` has a meaning, as one types it.
    """

    code: str
    layer: str
    made: Callable[[], tuple[object, Options]]
    dtype: str
    weights: str
    series: str
    options: Options = field(default_factory=dict)
    setup: str = ""

    @property
    def name(self) -> str:
        """A short one, that no other case has."""
        mixed = f"/{self.weights}" if self.weights not in ("", self.dtype) else ""
        layout = f" {self.options['layout']}" if "layout" in self.options else ""
        return f"{self.code.rpartition('torch.nn.')[2]}{layout} {self.dtype}{mixed}"

    def arguments(self) -> dict[str, Any]:
        """Those of ``check_layer``, made anew."""
        layer, more = self.made()
        return {"layer": layer, **more, **self.options}

    def call(self, **more: Any) -> str:
        """The line that repeats it: imports, and the call."""
        given = [f"{name}={value!r}" for name, value in {**self.options, **more}.items()]
        lines = (self.setup, "from pybridge.testing import assert_layer", f"assert_layer({', '.join([self.code, *given])})")
        return "; ".join(filter(None, lines))


def cases_of(target: str, dtypes: Sequence[str] = DTYPES) -> tuple[Case, ...]:
    """The cases of a framework, those of a layer one after the other.

    Raises
    ------
    OptionError
        There is no such target.
    MissingToolError
        It is not installed.
    """
    match target:
        case "torch":
            needed("torch")
            return tuple(_torch(dtypes))
        case "jax":
            needed("jax")
            return tuple(_jax(dtypes))
        case "flax":
            needed("jax")
            needed("flax")
            return (*_linen(dtypes), *_nnx(dtypes))
        case _:
            raise OptionError(f"there is no target {target!r}", hint=f"there are {', '.join(TARGETS)}")


def needed(module: str) -> Any:
    """A module that has to be there.

    Raises
    ------
    MissingToolError
        It is not installed.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        if (error.name or "").partition(".")[0] != module.partition(".")[0]:
            raise  # it is there, and broken
        raise MissingToolError(f"{module} is not installed", hint=f"`pip install {module}`") from None


def versions(target: str) -> dict[str, str]:
    """The versions of what a target needs, by distribution."""
    needs = {"torch": ("torch",), "jax": ("jax", "jaxlib"), "flax": ("flax", "jax", "jaxlib")}[target]
    return {name: importlib.metadata.version(name) for name in (*needs, "numpy")}


def _formats(dtypes: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Formats of the arrays and of the parameters; half precision with parameters of its own, and with those of float32."""
    for dtype in dtypes:
        if dtype in _HALF:
            yield dtype, FLOAT32.name
        yield dtype, dtype


_MODULES: tuple[tuple[str, str, tuple[Any, ...], dict[str, Any], Options], ...] = (
    ("BatchNorm", "BatchNorm1d", (5,), {}, {}),
    ("BatchNorm", "BatchNorm1d", (5,), {}, {"layout": "NCL"}),
    ("BatchNorm", "BatchNorm2d", (5,), {}, {}),
    ("BatchNorm", "BatchNorm2d", (5,), {"affine": False}, {}),
    ("BatchNorm", "BatchNorm3d", (3,), {}, {}),
    ("LayerNorm", "LayerNorm", (7,), {}, {}),
    ("LayerNorm", "LayerNorm", (33,), {}, {"layout": "NTD"}),
    ("LayerNorm", "LayerNorm", (257,), {}, {}),
    ("LayerNorm", "LayerNorm", (1025,), {}, {}),
    ("LayerNorm", "LayerNorm", ((5, 7),), {}, {}),
    ("RMSNorm", "RMSNorm", (7,), {"eps": 1e-6}, {}),
    ("RMSNorm", "RMSNorm", (257,), {"eps": 1e-6}, {}),
    ("RMSNorm", "RMSNorm", (1025,), {"eps": 1e-6}, {}),
    ("GroupNorm", "GroupNorm", (2, 6), {}, {}),
    ("GroupNorm", "GroupNorm", (2, 6), {}, {"layout": "NCL"}),
    ("InstanceNorm", "InstanceNorm1d", (5,), {"affine": True}, {}),
    ("InstanceNorm", "InstanceNorm2d", (5,), {"affine": True}, {}),
    ("InstanceNorm", "InstanceNorm3d", (3,), {"affine": True}, {}),
)
"""Layer, class, arguments, options of ``check_layer``."""


def _torch(dtypes: Sequence[str]) -> Iterator[Case]:
    torch = importlib.import_module("torch")
    for layer, name, args, keywords, options in _MODULES:
        for dtype, weights in _formats(dtypes):
            affine = keywords.get("affine", True)
            if not affine and dtype != weights:
                continue
            code = f"torch.nn.{_written(name, args, keywords)}"
            own = weights if affine else ""
            if weights != FLOAT32.name and affine:
                code += f".to(torch.{weights})"

            def made(
                name: str = name, args: tuple[Any, ...] = args, keywords: Options = keywords, weights: str = weights
            ) -> tuple[object, Options]:
                return getattr(torch.nn, name)(*args, **keywords).to(getattr(torch, weights)), {}

            given = {**options, **({} if own == dtype else {"dtype": dtype})}
            setup = "import torch"
            yield Case(code=code, layer=layer, made=made, dtype=dtype, weights=own, series=layer, options=given, setup=setup)


def _written(name: str, args: Sequence[Any], keywords: Options) -> str:
    given = [*map(repr, args), *(f"{key}={value!r}" for key, value in keywords.items())]
    return f"{name}({', '.join(given)})"


def _x64(dtypes: Sequence[str]) -> list[str]:
    """The formats that JAX takes as it is set."""
    jax = importlib.import_module("jax")
    return [dtype for dtype in dtypes if dtype != FLOAT64.name or jax.config.jax_enable_x64]


def _imported(module: str) -> str:
    """The import of a module, with JAX set as it is set here."""
    wide = importlib.import_module("jax").config.jax_enable_x64
    return f"import {module}" + ("; import jax; jax.config.update('jax_enable_x64', True)" if wide else "")


def _jax(dtypes: Sequence[str]) -> Iterator[Case]:
    jax, setup = importlib.import_module("jax"), _imported("jax")
    written: tuple[tuple[str, int | tuple[int, ...], dict[str, Any], Options], ...] = (
        ("LayerNorm", -1, {}, {}),
        ("BatchNorm", 0, {}, {}),
        ("BatchNorm", (0, 1, 2), {}, {"layout": "NHWC"}),
        ("InstanceNorm", (1, 2), {}, {"layout": "NHWC"}),
        ("LayerNorm", -1, {"algorithm": "stable"}, {}),
        ("BatchNorm", 0, {"algorithm": "stable"}, {}),
    )
    for layer, axis, keywords, options in written:
        for jit in (False, True):
            for dtype in _x64(dtypes):
                given = "".join(f", {key}={value!r}" for key, value in {"axis": axis, **keywords}.items())
                inner = f"jax.nn.standardize(x{given}, epsilon=eps)"
                written_out = f"lambda x, eps: {inner}"
                code = f"{layer!r}, forward={f'jax.jit({written_out})' if jit else written_out}"

                def made(
                    layer: str = layer, axis: Any = axis, keywords: Options = keywords, jit: bool = jit
                ) -> tuple[object, Options]:
                    def function(x: Any, eps: Any) -> Any:
                        return jax.nn.standardize(x, axis=axis, epsilon=eps, **keywords)

                    return layer, {"forward": jax.jit(function) if jit else function}

                plain = {"library": "jax", "affine": False, "eps": 1e-5, "dtype": dtype, **options}
                series = ", ".join([layer, *map(str, keywords.values())])
                yield Case(
                    code=code, layer=layer, made=made, dtype=dtype, weights="", series=series, options=plain, setup=setup
                )


_FLAX: tuple[tuple[str, int, dict[str, Any], Options], ...] = (
    ("BatchNorm", 5, {}, {}),
    ("BatchNorm", 5, {}, {"layout": "NHWC"}),
    ("BatchNorm", 5, {"use_fast_variance": False}, {}),
    ("LayerNorm", 7, {}, {}),
    ("LayerNorm", 257, {}, {}),
    ("LayerNorm", 7, {"use_fast_variance": False}, {}),
    ("RMSNorm", 7, {}, {}),
    ("RMSNorm", 257, {}, {}),
    ("GroupNorm", 6, {"num_groups": 2}, {}),
    ("GroupNorm", 6, {"num_groups": 2, "use_fast_variance": False}, {}),
    ("InstanceNorm", 5, {}, {}),
    ("InstanceNorm", 5, {"use_fast_variance": False}, {}),
)
"""Layer, features, settings, options of ``check_layer``; a fast variance is the mean of squares less the square of the mean."""


def _linen(dtypes: Sequence[str]) -> Iterator[Case]:
    linen = importlib.import_module("flax.linen")
    for layer, features, settings, options in _FLAX:
        for dtype, weights in _formats(_x64(dtypes)):
            keywords = {"use_running_average": False, **settings} if layer == "BatchNorm" else settings
            own = {} if weights == FLOAT32.name else {"param_dtype": weights}
            code = f"flax.linen.{_written(layer, (), {**keywords, **own})}"

            def made(layer: str = layer, keywords: Options = keywords, own: Options = own) -> tuple[object, Options]:
                return getattr(linen, layer)(**keywords, **own), {}

            sizes = {"C" if layer in ("BatchNorm", "GroupNorm", "InstanceNorm") else "D": (features,)}
            yield Case(
                code=code,
                layer=layer,
                made=made,
                dtype=dtype,
                weights=weights,
                series=_series("linen", layer, settings),
                options={**options, "dtype": dtype, "sizes": sizes},
                setup=_imported("flax.linen"),
            )


def _nnx(dtypes: Sequence[str]) -> Iterator[Case]:
    nnx = importlib.import_module("flax.nnx")
    for layer, features, settings, options in _FLAX:
        if not hasattr(nnx, layer):
            continue
        for dtype, weights in _formats(_x64(dtypes)):
            own = {} if weights == FLOAT32.name else {"param_dtype": weights}
            code = f"flax.nnx.{_written(layer, (features,), {**settings, **own})[:-1]}, rngs=flax.nnx.Rngs(0))"

            def made(
                layer: str = layer, features: int = features, settings: Options = settings, own: Options = own
            ) -> tuple[object, Options]:
                return getattr(nnx, layer)(features, **settings, **own, rngs=nnx.Rngs(0)), {}

            yield Case(
                code=code,
                layer=layer,
                made=made,
                dtype=dtype,
                weights=weights,
                series=_series("nnx", layer, settings),
                options={**options, "dtype": dtype},
                setup=_imported("flax.nnx"),
            )


def _series(package: str, layer: str, settings: Options) -> str:
    return f"{package} {layer}" + ("" if settings.get("use_fast_variance", True) else ", use_fast_variance=False")

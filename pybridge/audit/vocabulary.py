"""The words of Lean that the scan knows: those that may begin a command, and those that ask for a reason.

In: a word.  Out: whether it asks for a reason, and whether a reason can allow it.
"""

from __future__ import annotations

COMMANDS = {
    *(
        "theorem",
        "lemma",
        "def",
        "abbrev",
        "noncomputable",
        "public",
        "private",
        "protected",
        "local",
        "variable",
        "open",
        "section",
    ),
    *("namespace", "end", "omit", "include", "set_option", "@[", "module", "import", "where", "}"),
}
"""What may stand at the left margin; ``where`` and ``}`` go on with a command.  All else asks for a reason."""
ATTRIBUTES = {"bridge", "expose", "simp"}
"""Attributes that change the meaning of no text; all others ask for a reason."""
UNSOUND = {
    *("axiom", "sorry", "admit", "sorryAx", "native_decide", "ofReduceBool", "reduceBool", "trustCompiler", "ofReduceNat"),
    *("reduceNat", "implemented_by", "extern", "csimp", "unsafe", "unsafeCast", "unsafeIO", "opaque", "partial"),
    *("skipKernelTC", "initialize", "by_elab", "stop", "proof_wanted", "native", "bv_decide", "bv_check", "byAsSorry"),
    *("addDecl", "addDeclCore", "addDeclWithoutChecking", "addAndCompile", "modifyEnv", "setEnv", "elabCommand", "run_tac"),
    *("evalDecl", "evalConst", "ofReduceRefl", "lcProof", "lcUnreachable", "lcAny", "mkSorry", "synthSorry", "«»"),
}
"""Words by which something is proved without a proof, or is run that is not what was proved."""
MEANING = {
    *("notation", "notation3", "infix", "infixl", "infixr", "prefix", "postfix", "macro", "macro_rules", "syntax", "elab"),
    *("elab_rules", "binder_predicate", "simproc", "dsimproc", "simproc_decl", "dsimproc_decl", "unif_hint", "instance", "coe"),
    *("default_instance", "renaming", "hiding", "export", "delab", "app_delab", "app_unexpander", "set_option", "binop_elab"),
    *("attribute", "class", "deriving", "alias", "unseal", "seal", "irreducible_def", "unification_hint"),
    *("to_additive", "add_decl_doc", "recall"),
    *("suppress_compilation", "initialize_simps_projections", "grind_pattern", "elab_stx_quot", "elab_stx", "mutual"),
    *(
        "inductive",
        "coinductive",
        "structure",
        "scoped_instance",
        "meta",
        "syntax_abbrev",
        "universe",
        "example",
        "assert_not_exists",
    ),
}
"""Words after which the same text means, or is printed as, something else, or that begin a command that none here needs."""
BEGINNINGS = ("declare_", "register_", "builtin_", "run_")
"""Beginnings of words that ask for a reason, such as ``declare_syntax_cat``, ``run_cmd``, ``builtin_simproc``."""
PLAIN_OPTIONS = ("maxHeartbeats", "maxRecDepth", "synthInstance.maxHeartbeats", "linter.")
"""Options, or their beginnings, that change neither meaning nor proof."""
_EXCUSED = {
    "Challenge.lean": {"sorry"},  # states without proofs
    "lean/Bridge/": {"initialize", "partial", "modifyEnv"},  # programs, which state and prove nothing
}


def is_unsound(word: str) -> bool:
    """Whether a word proves without a proof, or runs a program: the last part of its name counts."""
    last = word.rpartition(".")[2]
    return last in UNSOUND or last.startswith("run_")


def can_be_allowed(file: str, word: str) -> bool:
    """Whether a reason can allow a word in a file: none where the library or the solution is unsound, and no import."""
    return (word != "import" and not is_unsound(word)) or any(
        file.startswith(start) and word in words for start, words in _EXCUSED.items()
    )

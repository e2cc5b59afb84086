/-
Copyright (c) 2026 The pybridge contributors. All rights reserved.
Released under Apache 2.0 license as described in the file LICENSE.
Authors: The pybridge contributors
-/
module

public import Lean.Elab.Frontend

/-!
# Tracing a file as LeanDojo does

`lake env lean --run Trace.lean [NAME=VALUE]... [FILE MODULE OUT]...` elaborates each `FILE` as the
module `MODULE`, with these options of Lean, and writes to `OUT` what LeanDojo's extractor writes of
it: the syntax of its commands, the states before and after each tactic, and the constants that its
identifiers mean. LeanDojo 4.20.0's own extractor does not elaborate on the Lean of 2026; its format
is kept, so that its Python side reads the result. Beside it stand the places of the declarations of
the file, as `declarations`.

It fails at the first file that does not elaborate without an error, and writes nothing of it. -/

open Lean Elab

namespace Trace

/-- What is collected of a file. -/
structure Found where
  /-- Tactics: the goals before and after, and the place, in bytes. -/
  tactics : Array Json := #[]
  /-- Constants: their names and modules, and the places where they are defined and used. -/
  premises : Array Json := #[]

/-- Where a piece of syntax comes from. -/
def sourceInfo : SourceInfo → Json
  | .original leading pos trailing endPos => .mkObj [("original", .mkObj [
      ("leading", leading.toString), ("pos", pos.byteIdx), ("trailing", trailing.toString),
      ("endPos", endPos.byteIdx)])]
  | .synthetic pos endPos canonical => .mkObj [("synthetic", .mkObj [
      ("pos", pos.byteIdx), ("endPos", endPos.byteIdx), ("canonical", canonical)])]
  | .none => "none"

/-- A piece of syntax, as `deriving ToJson` would write it. -/
partial def ofSyntax : Syntax → Json
  | .missing => "missing"
  | .node info kind args => .mkObj [("node", .mkObj [
      ("info", sourceInfo info), ("kind", kind.toString), ("args", .arr (args.map ofSyntax))])]
  | .atom info val => .mkObj [("atom", .mkObj [("info", sourceInfo info), ("val", val)])]
  | .ident info rawVal val _ => .mkObj [("ident", .mkObj [
      ("info", sourceInfo info), ("rawVal", rawVal.toString), ("val", val.toString),
      ("preresolved", .arr #[])])]

/-- A line and a column. -/
def position : Option Position → Json
  | some pos => .mkObj [("line", pos.line), ("column", pos.column)]
  | none => .null

/-- The goals of a state, as they are shown. -/
def shownGoals (ctx : ContextInfo) (mctx : MetavarContext) (goals : List MVarId) : IO String := do
  if goals.isEmpty then return "no goals"
  let shown ← { ctx with mctx }.runMetaM {} <|
    goals.mapM fun goal => return (← Meta.ppGoal goal).pretty
  return "\n\n".intercalate shown

/-- The kinds of syntax whose children are the steps of a proof. -/
def sequences : List Name :=
  [``Parser.Tactic.tacticSeq1Indented, ``Parser.Tactic.tacticSeqBracketed,
    ``Parser.Tactic.rewriteSeq]

/-- A tactic that is a step of a proof, and changes its goals. -/
def visitTactic (ctx : ContextInfo) (info : TacticInfo) (parent? : Option Info) (found : Found) :
    IO Found := do
  let some (.ofTacticInfo parent) := parent? | return found
  unless sequences.contains parent.stx.getKind && info.stx matches .node .. do return found
  let some pos := info.stx.getPos? true | return found
  let some endPos := info.stx.getTailPos? true | return found
  let before ← shownGoals ctx info.mctxBefore info.goalsBefore
  let after ← shownGoals ctx info.mctxAfter info.goalsAfter
  if info.goalsBefore.isEmpty || before == after then return found
  return { found with tactics := found.tactics.push <| .mkObj [
    ("stateBefore", before), ("stateAfter", after), ("pos", pos.byteIdx),
    ("endPos", endPos.byteIdx)] }

/-- The places of a declaration: of its name, where Lean knows it. -/
def places (env : Environment) (name : Name) : IO (Option Position × Option Position) := do
  let ranges? := declRangeExt.find? (level := .server) env name
  return (ranges?.map (·.selectionRange.pos), ranges?.map (·.selectionRange.endPos))

/-- The module in which a constant is declared. -/
def moduleOf (env : Environment) (name : Name) : Name :=
  match env.getModuleIdxFor? name with
  | some index => env.header.moduleNames[index.toNat]!
  | none => env.mainModule

/-- An identifier, or another term, that is a constant, where it is used and not defined. -/
def visitTerm (env : Environment) (map : FileMap) (info : TermInfo) (found : Found) :
    IO Found := do
  let some name := info.expr.constName? | return found
  let pos := (info.stx.getPos?).map map.toPosition
  let endPos := (info.stx.getTailPos?).map map.toPosition
  let (defPos, defEndPos) ← places env name
  if defPos == pos || defEndPos == endPos then return found
  return { found with premises := found.premises.push <| .mkObj [
    ("fullName", name.toString), ("defPos", position defPos), ("defEndPos", position defEndPos),
    ("modName", (moduleOf env name).toString), ("defPath", .null), ("pos", position pos),
    ("endPos", position endPos)] }

/-- All that is below a node of what the elaborator recorded. -/
partial def visitTree (env : Environment) (map : FileMap) (ctx? : Option ContextInfo)
    (parent? : Option Info) (tree : InfoTree) (found : Found) : IO Found := do
  match tree with
  | .context partial_ tree =>
    visitTree env map (partial_.mergeIntoOuter? ctx?) parent? tree found
  | .node info children =>
    let mut found := found
    if let some ctx := ctx? then
      match info with
      | .ofTacticInfo tactic => found ← visitTactic ctx tactic parent? found
      | .ofTermInfo term => found ← visitTerm env map term found
      | _ => pure ()
    for child in children do
      found ← visitTree env map ctx? (some info) child found
    return found
  | .hole _ => return found

/-- The declarations of the file, with the places of their names. -/
def declarations (env : Environment) : IO (Array Json) := do
  let names := (env.setExporting false).constants.foldStage2 (fun names name _ => names.push name)
    (#[] : Array Name)
  let mut found := #[]
  for name in names.qsort Name.lt do
    if let (some pos, some endPos) ← places env name then
      found := found.push <| .mkObj [("fullName", name.toString), ("pos", position pos),
        ("endPos", position endPos)]
  return found

/-- The options of Lean of which each is given as `NAME=VALUE`. -/
def options (arguments : List String) : Except String Options := do
  let mut given : Options := {}
  for argument in arguments do
    let [name, value] := argument.splitOn "=" | throw s!"{argument}: not of the form NAME=VALUE"
    let value : DataValue := match value, value.toNat? with
      | "true", _ => .ofBool true
      | "false", _ => .ofBool false
      | _, some number => .ofNat number
      | _, none => .ofString value
    given := given.insert name.toName value
  return given

/-- Prints these messages if one is an error; whether there is one. -/
def failed (messages : MessageLog) : IO Bool := do
  if messages.hasErrors then
    for message in messages.toList do IO.eprint (← message.toString)
  return messages.hasErrors

/-- Elaborates a file, and writes what is asked of it; whether it elaborates. -/
unsafe def trace (given : Options) (file module out : String) : IO Bool := do
  let context := Parser.mkInputContext (← IO.FS.readFile file) file
  let (header, state, messages) ← Parser.parseHeader context
  let (env, messages) ← processHeader header given messages context (mainModule := module.toName)
  if ← failed messages then return false
  let start := { Command.mkState env messages given with infoState.enabled := true }
  let done ← IO.processCommands context state start
  if ← failed done.commandState.messages then return false
  let env := done.commandState.env
  let mut found : Found := {}
  for tree in done.commandState.infoState.trees do
    found ← visitTree env context.fileMap none none tree found
  let commands := done.commands.filter (·.getKind != ``Parser.Command.eoi)
  let document := Json.mkObj [
    ("commandASTs", .arr ((#[header.raw] ++ commands).map ofSyntax)),
    ("tactics", .arr found.tactics),
    ("premises", .arr found.premises),
    ("declarations", .arr (← declarations env))]
  IO.FS.writeFile out document.compress
  return true

/-- Traces each file. -/
unsafe def run (given : Options) : List String → IO UInt32
  | file :: module :: out :: rest => do
    if ← trace given file module out then run given rest else return 1
  | [] => return 0
  | _ => do
    IO.eprintln "give [NAME=VALUE]... [FILE MODULE OUT]..."
    return 2

end Trace

/-- See the head of the file. The work is done on a thread of its own, since the first one's stack
may be too small for what the elaborator recorded; when it is done nothing else is waited for. -/
public unsafe def main (arguments : List String) : IO UInt32 := do
  let (given, files) := arguments.span (·.contains '=')
  match Trace.options given with
  | .error message =>
    IO.eprintln message
    return 2
  | .ok given =>
    enableInitializersExecution
    let task ← IO.asTask (prio := .dedicated) (Trace.run given files)
    let code ← IO.ofExcept task.get
    IO.Process.exit code.toUInt8

/*
 * A scenario's text: YAML 1.2 with the place of every value, and edits from the command line (`--set path=value`) made before anything is
 * checked, so that an edit is checked like what stands in the file. Whole numbers are read exactly: one that a double cannot hold is a
 * fault, never rounded. A key twice, an unknown tag, a second document are faults.
 */
import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
  YAMLMap,
  YAMLSeq
} from 'yaml'
import { InputError } from '../kernel/assert.ts'

export type Key = string | number

/** `path=value` as given on the command line. `option` names it in messages. */
export interface Edit {
  readonly option: string
  readonly path: readonly Key[]
  readonly value: string
}

/** "market.venues.0.tape.seed=7" to an edit. Errors: InputError. */
export function parseEdit(given: string): Edit {
  const equals = given.indexOf('=')
  const option = `--set ${given}`
  if (equals <= 0) throw new InputError(`${option}: needs path=value, such as parents.count=40`)
  const path = given.slice(0, equals).split('.')
  if (path.some((key) => key.trim() === '')) throw new InputError(`${option}: the path has an empty part`)
  return { option, path, value: given.slice(equals + 1) }
}

const SCENARIO_KEYS = 'market, parents, path and policies'

export interface SourceDocument {
  /** Plain data: maps, lists, texts, numbers. */
  readonly value: unknown
  /** The fault as an InputError at its place. `atKey`: the key is at fault, not its value. */
  fault(path: readonly Key[], message: string, atKey: boolean): InputError
  /** True when the value at this path was given, wholly or in part, by an edit. */
  isEdited(path: readonly Key[]): boolean
}

/** Errors: InputError `name:line:column: …` or `--set path=value: …`. `keys`: of the document, for messages. */
export function readDocument(name: string, source: string, edits: readonly Edit[], keys = SCENARIO_KEYS): SourceDocument {
  const lines = new LineCounter()
  const document = parseDocument(source, { lineCounter: lines, intAsBigInt: true, prettyErrors: false, stringKeys: true })
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset)
    return `${name}:${line}:${Math.max(1, col)}`
  }
  const [broken] = [...document.errors, ...document.warnings]
  if (broken !== undefined) {
    const key = /^[\w-]+/.exec(source.slice(broken.pos[0]))?.[0]
    const message = broken.code === 'DUPLICATE_KEY' ? `the key ${key} is there twice; keep one` : oneLine(broken.message)
    throw new InputError(`${at(broken.pos[0])}: ${message}`)
  }
  if (document.contents === null) throw new InputError(`${name}:1:1: is empty; it needs a map of keys such as ${keys}`)
  if (!isMap(document.contents)) {
    throw new InputError(`${at(document.contents.range[0])}: needs a map of keys such as ${keys}`)
  }
  for (const edit of edits) applyEdit(document, edit)

  const editOf = (path: readonly Key[]): Edit | undefined => responsibleEdit(document, path, edits)
  const isEdited = (path: readonly Key[]): boolean => editOf(path) !== undefined
  const fault = (path: readonly Key[], message: string, atKey: boolean): InputError => {
    const dotted = path.join('.')
    const edit = editOf(path)
    if (edit !== undefined) {
      return new InputError(
        dotted === edit.path.join('.') ? `${edit.option}: ${message}` : `${edit.option}: ${dotted}: ${message}`
      )
    }
    const place = `${at(offsetOf(document, path, atKey))}: `
    return new InputError(dotted === '' ? `${place}${message}` : `${place}${dotted}: ${message}`)
  }
  return { value: toData(document, fault), fault, isEdited }
}

const isPrefix = (a: readonly Key[], b: readonly Key[]): boolean => a.every((key, index) => String(key) === String(b[index]))

/** The last edit that made the value at this path, a part of it, or the map in which it is missing. */
function responsibleEdit(document: Document.Parsed, path: readonly Key[], edits: readonly Edit[]): Edit | undefined {
  if (path.length === 0) return undefined
  const direct = edits.findLast((edit) => isPrefix(edit.path, path)) ?? edits.findLast((edit) => isPrefix(path, edit.path))
  if (direct !== undefined) return direct
  // Nodes of the file have a range; those an edit made have none.
  const steps = stepsTo(document, path)
  const deepest = steps[steps.length - 1]
  if (deepest === undefined || rangeOf(deepest.value) !== undefined) return undefined
  return edits.findLast((edit) => isPrefix(path.slice(0, steps.length), edit.path))
}

interface Step {
  readonly key: unknown
  readonly value: unknown
}

/** What is there on the way to a path, as far as it goes. */
function stepsTo(document: Document.Parsed, path: readonly Key[]): Step[] {
  const steps: Step[] = []
  let node: unknown = document.contents
  for (const key of path) {
    if (isAlias(node)) node = node.resolve(document)
    const pair = isMap(node) ? (node.items as Pair[]).find((item) => String(plainKey(item.key)) === String(key)) : undefined
    const value: unknown = isSeq(node) ? node.items[Number(key)] : pair?.value
    if (value === undefined && pair === undefined) break
    steps.push({ key: pair?.key, value })
    node = value
  }
  return steps
}

const plainKey = (key: unknown): unknown => (isScalar(key) ? key.value : key)

const rangeOf = (node: unknown): readonly number[] | undefined => (node as Node | null | undefined)?.range ?? undefined

function oneLine(message: string): string {
  return message.replace(/\s+/g, ' ').trim()
}

/** The data, with exact whole numbers. Aliases are followed. */
function toData(document: Document.Parsed, fault: SourceDocument['fault']): unknown {
  visit(document, {
    Scalar(key, node, ancestors) {
      if (typeof node.value !== 'bigint') return
      const exact = Number(node.value)
      if (!Number.isSafeInteger(exact)) {
        throw fault(
          pathOf(key, node, ancestors),
          `${node.value} is too large to be exact; the largest whole number is 9007199254740991`,
          false
        )
      }
      node.value = exact
    }
  })
  try {
    return document.toJS({ maxAliasCount: 100 })
  } catch (error) {
    throw fault([], oneLine(error instanceof Error ? error.message : String(error)), false)
  }
}

/** Keys from the root to a visited node. */
function pathOf(key: unknown, node: unknown, ancestors: readonly unknown[]): Key[] {
  const path: Key[] = []
  const chain = [...ancestors, node]
  for (const [index, step] of chain.entries()) {
    const parent = chain[index - 1]
    if (isPair(step)) path.push(String(plainKey(step.key)))
    else if (isSeq(parent)) path.push(parent.items.indexOf(step))
  }
  return key === 'key' ? path.slice(0, -1) : path
}

/** Where a fault of this path is shown: the value, or the key, or the nearest map around what is not there. */
function offsetOf(document: Document.Parsed, path: readonly Key[], atKey: boolean): number {
  let offset = document.contents?.range[0] ?? 0
  for (const [depth, { key, value }] of stepsTo(document, path).entries()) {
    const keyRange = rangeOf(key)
    const valueRange = rangeOf(value)
    if (keyRange !== undefined) offset = keyRange[0]
    if (valueRange !== undefined && !(atKey && depth === path.length - 1)) offset = valueRange[0]
  }
  return offset
}

/** A lone word where a map may stand is the same as a map with this key. */
const wordKey = (at: Key | undefined): string => (at === 'qdisc' || at === 'child' ? 'kind' : 'preset')

/** Makes what is missing on the way: maps, and the next entry of a list. */
function applyEdit(document: Document.Parsed, { option, path, value }: Edit): void {
  const fail = (message: string): never => {
    throw new InputError(`${option}: ${message}`)
  }
  const parsed = parseDocument(value, { intAsBigInt: true, prettyErrors: false, stringKeys: true })
  if (parsed.errors.length > 0) fail(`the value is not YAML: ${oneLine(parsed.errors[0].message)}`)
  visit(parsed, {
    Node(_, node) {
      delete (node as { range?: unknown }).range
    }
  })
  let node = document.contents as unknown as YAMLMap | YAMLSeq
  for (const [depth, key] of path.entries()) {
    const last = depth === path.length - 1
    const slot = isSeq(node) ? listIndex(node, key, path.slice(0, depth), fail) : String(key)
    if (last) {
      node.set(slot, parsed.contents)
      return
    }
    let next: unknown = node.get(slot, true)
    if (isAlias(next)) {
      // An edit changes this place only, not every place that shares the anchor.
      const shared = next.resolve(document)?.clone()
      next = shared
      node.set(slot, shared)
    }
    if (isScalar(next) && typeof next.value === 'string') {
      const map = new YAMLMap(document.schema)
      map.set(wordKey(key), next.value)
      next = map
      node.set(slot, map)
    }
    if (next === undefined || (isScalar(next) && next.value === null)) {
      next = /^\d+$/.test(String(path[depth + 1])) ? new YAMLSeq(document.schema) : new YAMLMap(document.schema)
      node.set(slot, next)
    }
    if (!isMap(next) && !isSeq(next))
      fail(`${path.slice(0, depth + 1).join('.')} is a single value and has no key ${path[depth + 1]}`)
    node = next as YAMLMap | YAMLSeq
  }
}

function listIndex(list: YAMLSeq, key: Key, at: readonly Key[], fail: (message: string) => never): number {
  const index = Number(key)
  if (!/^\d+$/.test(String(key))) fail(`${at.join('.')} is a list; its entries have numbers from 0, not "${key}"`)
  if (index > list.items.length) {
    fail(`${at.join('.')} has ${list.items.length} ${list.items.length === 1 ? 'entry' : 'entries'}; ${index} would leave a gap`)
  }
  return index
}

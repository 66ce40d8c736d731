/*
 * Rules of the source text that no linter states: what the model may not name, how files are called, how long they get.
 * `faults` reads one file; the tests beside it plant a fault of each rule.
 */

export interface Fault {
  readonly rule: string
  readonly where: string
}

interface Ban {
  readonly rule: string
  readonly pattern: RegExp
  readonly instead: string
  /** Files that the rule is not for. */
  readonly except?: RegExp
  readonly only?: RegExp
  /** Read comments too: elsewhere they are prose, and may name what they forbid. */
  readonly inComments?: true
}

const MODEL = /^src\/(?!node\/)/

/** All but these rules themselves, which must name what they look for. */
const CODE = /^(src|bench|test\/(?!tidy\/))/

export const BANS: readonly Ban[] = [
  {
    rule: 'math-random',
    pattern: /\bMath\.random\b/,
    instead: 'a stream or a keyed draw of kernel/random.ts',
    only: CODE
  },
  {
    rule: 'wall-clock',
    pattern: /\bDate\b(?!\w)|\bperformance\.now\b|\bhrtime\b/,
    instead: 'time that is passed in',
    only: MODEL
  },
  { rule: 'timer', pattern: /\bset(Timeout|Interval|Immediate)\b|\bqueueMicrotask\b/, instead: 'a scheduled event', only: MODEL },
  { rule: 'environment', pattern: /\bprocess\.|\bglobalThis\b|\bnavigator\b/, instead: 'an option', only: MODEL },
  {
    rule: 'inexact-math',
    pattern: /\bMath\.(exp|expm1|log|log2|log10|log1p|pow|sin|cos|tan|atan|atan2|asin|acos|sinh|cosh|tanh|cbrt|hypot)\b/,
    instead: 'kernel/elementary.ts: the precision of these is left to the engine',
    only: MODEL,
    // Figures are made from finished ledgers; they cannot change a hash.
    except: /^src\/(metrics|model|experiment|report)\//
  },
  {
    rule: 'power-operator',
    pattern: /(?<!\/|\b(2|10) )\*\*(?!\/|\*)(?!\s*-?\d+\b)/,
    instead: 'a product, or a power with a constant exponent (powers of 2 are exact)',
    only: /^src\/(kernel|market|order|path|policy|control|desk)\//
  },
  {
    rule: 'locale',
    pattern: /\.toLocale\w+\(|\blocaleCompare\b|\bIntl\./,
    instead: 'an explicit format: results must not depend on the machine',
    // Time zones are what the engine says they are; the locale is fixed there.
    only: /^src\/(?!formats\/civil-date\.ts$)/
  },
  { rule: 'any', pattern: /:\s*any\b|\bas any\b|<any>/, instead: 'the type, or unknown', only: CODE },
  {
    rule: 'suppression',
    pattern: /@ts-(ignore|expect-error|nocheck)|biome-ignore-all/,
    instead: 'a repair',
    only: CODE,
    inComments: true
  },
  { rule: 'focused-test', pattern: /\b(it|test|describe)\.only\b/, instead: 'the whole suite', only: CODE },
  {
    rule: 'unfinished',
    pattern: /\b(TODO|FIXME|XXX|HACK)\b/,
    instead: 'the finished work',
    only: CODE,
    inComments: true
  },
  { rule: 'absolute-path', pattern: /['"`]\/(work|home|root|Users)\//, instead: 'a path relative to the file', only: CODE }
]

/** A file named so holds whatever had no home. */
const VAGUE_NAMES = /(^|[/-])(utils?|helpers?|managers?|common|base|misc|stuff|shared|lib)(-|\.|\/)/

export const LINE_COUNT_MAX = 400

/** Everything wrong with one file. `path` is relative to the project. */
export function faults(path: string, text: string): Fault[] {
  const found: Fault[] = []
  const lines = text.split('\n')
  for (const { rule, pattern, instead, only, except, inComments } of BANS) {
    if (only?.test(path) === false || except?.test(path) === true) continue
    lines.forEach((line, index) => {
      const read = inComments === true ? line : withoutComment(line)
      if (pattern.test(read)) found.push({ rule, where: `${path}:${index + 1}: use ${instead}` })
    })
  }
  if (lines.length - 1 > LINE_COUNT_MAX) found.push({ rule: 'length', where: `${path}: ${lines.length - 1} lines` })
  if (VAGUE_NAMES.test(path)) found.push({ rule: 'vague-name', where: `${path}: name it after what it holds` })
  const name = path.slice(path.lastIndexOf('/') + 1)
  if (!/^[a-z0-9]+(-[a-z0-9]+)*(\.test|\.d|\.config)?\.ts$/.test(name)) {
    found.push({ rule: 'kebab-case', where: `${path}: kebab-case nouns` })
  }
  if (/^src\//.test(path) && !/^\s*(\/\*|\/\/)/.test(text) && lines.length > 60) {
    found.push({ rule: 'head-comment', where: `${path}: say first what it models, guarantees and leaves out` })
  }
  return found
}

function withoutComment(line: string): string {
  return /^\s*(\/\/|\*|\/\*)/.test(line) ? '' : line.replace(/\s\/\/ .*$/, '')
}

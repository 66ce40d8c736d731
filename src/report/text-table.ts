/*
 * Aligned columns of plain text. Widths are counted in UTF-16 units; reports keep to characters of width one.
 */
import { formatCount } from './format.ts'

export type Alignment = 'left' | 'right'

/** Rows to lines, two blanks between columns, no blanks at the end. A row may be shorter than the others. */
export function alignColumns(rows: readonly (readonly string[])[], alignments: readonly Alignment[], gap = '  '): string[] {
  const widths = alignments.map((_, column) => rows.reduce((widest, row) => Math.max(widest, row[column]?.length ?? 0), 0))
  return rows.map((row) =>
    row
      .map((cell, column) => (alignments[column] === 'right' ? cell.padStart(widths[column]) : cell.padEnd(widths[column])))
      .join(gap)
      .trimEnd()
  )
}

/** At most `most` rows: the first and the last of them, and how many are left out between. */
export function cutMiddle<T>(rows: readonly T[], most: number): { head: readonly T[]; tail: readonly T[]; cutCount: number } {
  if (rows.length <= most) return { head: rows, tail: [], cutCount: 0 }
  const head = rows.slice(0, Math.ceil(most / 2))
  const tail = rows.slice(rows.length - Math.floor(most / 2))
  return { head, tail, cutCount: rows.length - most }
}

/** The line that stands where rows were cut. */
export function cutNote(cutCount: number, nouns: string): string {
  return `... ${formatCount(cutCount)} ${nouns} left out ...`
}

/** Breaks at blanks so that no line is longer than `width` (a single longer word stays whole); later lines are indented. */
export function wrap(text: string, width: number, indent = ''): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? (lines.length === 0 ? word : indent + word) : `${line} ${word}`
    if (longer.length > width && line !== '') {
      lines.push(line)
      line = indent + word
    } else line = longer
  }
  lines.push(line)
  return lines
}

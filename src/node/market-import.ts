/* Recorded files on disk, plain or packed, to a tape by a format of formats/formats.ts. */
import type { Format, ImportOptions } from '../formats/format.ts'
import { FORMATS, findFormat } from '../formats/formats.ts'
import { InputError } from '../kernel/assert.ts'
import type { Tape } from '../market/tape.ts'
import { TapeDays } from '../market/tape-days.ts'
import { openBytes } from './byte-source.ts'

/** Errors: InputError that lists the formats. */
export function formatOf(name: string): Format {
  const format = findFormat(name)
  if (format !== undefined) return format
  throw new InputError(`"${name}" is not a format; there is ${FORMATS.map((known) => known.name).join(', ')}`)
}

/** `onBytes` is told how many bytes of how many have been read. Errors: InputError `file: place: what; what to do`. */
export async function importFiles(
  format: Format,
  paths: readonly string[],
  options: ImportOptions,
  onBytes: (read: number, all: number) => void = () => undefined
): Promise<Tape> {
  const { fileCountMin, fileCountMax } = format
  if (paths.length < fileCountMin || paths.length > fileCountMax) {
    throw new InputError(`${format.name}: takes ${format.files}; ${paths.length} files are given`)
  }
  const opened: ReturnType<typeof openBytes>[] = []
  try {
    let read = 0
    let all = 0
    for (const path of paths) {
      const file = openBytes(path, (count) => {
        read += count
        onBytes(read, all)
      })
      all += file.byteCount
      opened.push(file)
    }
    return await format.read(opened, options)
  } finally {
    for (const file of opened) file.close()
  }
}

/** Between the files of one day and those of the next. */
export const NEXT_DAY = '+'

/** Files of several days in order, with NEXT_DAY between them, to one tape (market/tape-days.ts). Errors: InputError. */
export async function importDays(
  format: Format,
  paths: readonly string[],
  options: ImportOptions,
  onBytes: (file: string, read: number, all: number) => void = () => undefined
): Promise<Tape> {
  const days: string[][] = [[]]
  for (const path of paths) {
    if (path === NEXT_DAY) days.push([])
    else days[days.length - 1].push(path)
  }
  if (days.length > 1 && options.date !== undefined) {
    throw new InputError('--date: is of one day; the files of several days have to say theirs')
  }
  const joined = new TapeDays()
  for (const files of days) {
    joined.add(await importFiles(format, files, options, (read, all) => onBytes(files.join(', '), read, all)))
  }
  return joined.finish()
}

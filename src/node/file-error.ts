/* Errors of the operating system, of zlib and of DuckDB in words that say what to do. */
import { InputError } from '../kernel/assert.ts'

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such file or directory; check the path'],
  ['EACCES', 'permission is missing; check the rights of the file and its directory'],
  ['EPERM', 'permission is missing; check the rights of the file and its directory'],
  ['EISDIR', 'this is a directory; give a file'],
  ['ENOTDIR', 'a part of the path is not a directory; check the path'],
  ['EEXIST', 'there is already something of this name; choose another'],
  ['ENOSPC', 'no space is left on the device; free some or write elsewhere'],
  ['EDQUOT', 'the disk quota is used up; free some space or write elsewhere'],
  ['EFBIG', 'the file would be larger than the system allows; write elsewhere or raise the limit'],
  ['EROFS', 'the file system is read-only; write elsewhere'],
  ['EMFILE', 'too many files are open; raise the limit (ulimit -n)'],
  ['EIO', 'the device fails to read or write; check the disk'],
  ['NOT_PARQUET', 'this is not a Parquet file; give a tape made by import or generate, or the directory of a run'],
  ['Z_BUF_ERROR', 'the gzip data is cut off; fetch the file again'],
  ['Z_DATA_ERROR', 'the gzip data is damaged; fetch the file again']
])

/** Words of DuckDB's messages for the same. */
const PHRASES: readonly (readonly [RegExp, string])[] = [
  [/No space left on device/i, 'ENOSPC'],
  [/Permission denied/i, 'EACCES'],
  [/No such file or directory|No files found/i, 'ENOENT'],
  [/Read-only file system/i, 'EROFS'],
  [/File too large/i, 'EFBIG'],
  [/Disk quota exceeded/i, 'EDQUOT'],
  [/Is a directory/i, 'EISDIR'],
  [/No magic bytes|too small to be a Parquet file/i, 'NOT_PARQUET']
]

/** The reason, without the place. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { code } = error as NodeJS.ErrnoException
  const known = code === undefined ? undefined : REASONS.get(code)
  if (known !== undefined) return known
  for (const [phrase, phraseCode] of PHRASES) {
    if (phrase.test(error.message)) return REASONS.get(phraseCode) ?? error.message
  }
  return error.message.split('\n', 1)[0]
}

/** `path: reason`. An InputError or a fault of the program is passed on as it is. */
export function fileError(path: string, error: unknown): Error {
  if (error instanceof InputError) return error
  if (error instanceof Error && (error as NodeJS.ErrnoException).code === undefined && error.name !== 'Error') return error
  return new InputError(`${path}: ${reasonOf(error)}`)
}

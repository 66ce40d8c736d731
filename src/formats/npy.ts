/*
 * The head of an .npy file (NumPy enhancement proposal 1, versions 1 to 3): the fields of a structured array, little-endian and packed, and
 * how many rows it has.
 */
import type { ByteWindow } from './byte-window.ts'

const HEAD_BYTES_MAX = 1 << 16
const ROW_BYTES_MAX = 1 << 12
const ROWS_MAX = 2 ** 40

export interface ArrayHead {
  readonly rowCount: number
  readonly rowBytes: number
  /** Offset in a row and type ("u8", "i8", "f8", "f4", ...) by name. */
  readonly fields: ReadonlyMap<string, { readonly offset: number; readonly type: string }>
}

/** Reads the head; the window then stands at the first row. Errors: InputError at the byte. */
export async function readArrayHead(window: ByteWindow): Promise<ArrayHead> {
  if (!(await window.need(12))) window.fail('the array ends inside its head; fetch the file again')
  const { view, bytes, at } = window
  const magic = String.fromCharCode(...bytes.subarray(at + 1, at + 6))
  if (bytes[at] !== 0x93 || magic !== 'NUMPY') window.fail('this is not an .npy array')
  const version = bytes[at + 6]
  if (version < 1 || version > 3) window.fail(`the .npy version is ${version}; versions 1 to 3 are known`)
  const from = version === 1 ? 10 : 12
  const length = version === 1 ? view.getUint16(at + 8, true) : view.getUint32(at + 8, true)
  if (length > HEAD_BYTES_MAX) window.fail(`the array's head has ${length} bytes; is the file damaged?`)
  if (!(await window.need(from + length))) window.fail('the array ends inside its head; fetch the file again')
  const start = window.at + from
  const head = parseHead(window, String.fromCharCode(...window.bytes.subarray(start, start + length)))
  window.at += from + length
  return head
}

function parseHead(window: ByteWindow, text: string): ArrayHead {
  const shape = /'shape'\s*:\s*\(\s*(\d{1,15})\s*,?\s*\)/.exec(text)
  const list = /'descr'\s*:\s*\[(.*)\]/s.exec(text)
  if (shape === null || list === null) {
    window.fail(
      'the array is not one-dimensional with named fields; is it of hftbacktest 2 (ev, exch_ts, local_ts, px, qty, ...)?'
    )
  }
  const fields = new Map<string, { offset: number; type: string }>()
  let offset = 0
  for (const [, name, order, kind, size] of list[1].matchAll(/\(\s*'(\w{0,64})'\s*,\s*'([<>=|])?([a-zA-Z])(\d{1,3})'/g)) {
    if (order === '>') window.fail(`the field ${name} is big-endian; save the array little-endian`)
    if (name !== '') fields.set(name, { offset, type: `${kind}${size}` })
    offset += Number(size)
  }
  const rowCount = Number(shape[1])
  if (offset === 0 || offset > ROW_BYTES_MAX || rowCount > ROWS_MAX)
    window.fail("the array's rows are not of a size that can be; is the file damaged?")
  return { rowCount, rowBytes: offset, fields }
}

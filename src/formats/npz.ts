/*
 * The first array of an .npz (a zip of .npy files, stored or deflated; PKWARE APPNOTE, local file headers) or a plain .npy, as a stream of its
 * bytes. Members are read in the order of the file, without the central directory: what comes is bounded by one chunk unpacked.
 * Leaves out encryption and methods other than 0 and 8. Checksums are not verified.
 */
import { Inflate } from 'fflate'
import { InputError } from '../kernel/assert.ts'
import type { ByteChunks } from './byte-chunks.ts'
import { ByteWindow } from './byte-window.ts'

const LOCAL_HEADER = 0x04034b50
const HEADER_BYTES = 30
const NAME_BYTES_MAX = 4096
const NPY_MAGIC = 0x934e554d
const STORED = 0
const DEFLATED = 8
/** Deflate makes at most 1032 bytes of one: a slice unpacks to at most 17 MB. */
const SLICE_BYTES = 1 << 14

/** Errors: InputError at the byte when the file is neither. */
export async function openArray(file: ByteChunks): Promise<ByteChunks> {
  const window = new ByteWindow(file)
  if (!(await window.need(HEADER_BYTES))) window.fail('the file ends inside its head; is this an .npz file, and whole?')
  const { view, at } = window
  if (view.getUint32(at) === NPY_MAGIC) return rest(window)
  if (view.getUint32(at, true) !== LOCAL_HEADER) window.fail('this is neither .npz nor .npy')
  const flags = view.getUint16(at + 6, true)
  const method = view.getUint16(at + 8, true)
  const nameBytes = view.getUint16(at + 26, true)
  const extraBytes = view.getUint16(at + 28, true)
  if ((flags & 1) !== 0) window.fail('the archive is encrypted; unpack it first')
  if (method !== STORED && method !== DEFLATED)
    window.fail(`the archive's method ${method} is not known; save it with numpy.savez`)
  if (nameBytes > NAME_BYTES_MAX) window.fail('the name of the first array is too long; is the file damaged?')
  if (!(await window.need(HEADER_BYTES + nameBytes + extraBytes))) window.fail('the file ends inside its head; fetch it again')
  window.at += HEADER_BYTES + nameBytes + extraBytes
  return method === STORED ? rest(window) : inflated(window)
}

/** Whoever reads knows from the array's head where it ends. */
function rest(window: ByteWindow): ByteChunks {
  return {
    name: window.name,
    async next(): Promise<Uint8Array | null> {
      if (window.left === 0 && !(await window.more())) return null
      const bytes = window.bytes.subarray(window.at, window.end)
      window.at = window.end
      return bytes
    }
  }
}

function inflated(window: ByteWindow): ByteChunks {
  const ready: Uint8Array[] = []
  let isDone = false
  const unpacker = new Inflate((data, isLast) => {
    if (data.length > 0) ready.push(data)
    if (isLast) isDone = true
  })
  return {
    name: window.name,
    async next(): Promise<Uint8Array | null> {
      while (ready.length === 0 && !isDone) {
        if (window.left === 0 && !(await window.more())) return null
        const slice = window.bytes.subarray(window.at, Math.min(window.end, window.at + SLICE_BYTES))
        window.at += slice.length
        try {
          unpacker.push(slice)
        } catch {
          throw new InputError('the deflated data is damaged; fetch the file again')
        }
      }
      return ready.shift() ?? null
    }
  }
}

import { describe, expect, test } from 'vitest'
import { PeerWindow } from '../../src/path/peer-window.ts'
import { TcpSender } from '../../src/path/tcp.ts'

describe("the receiver's window", () => {
  test('begins with 64 KiB in whole segments and grows by twice what was received, at least two segments', () => {
    const window = new PeerWindow(1448)
    expect(window.bytes).toBe(45 * 1448)
    window.onAcked(200)
    expect(window.bytes).toBe(47 * 1448)
    window.onAcked(127)
    expect(window.bytes).toBe(47 * 1448)
    window.onAcked(3 * 1448)
    expect(window.bytes).toBe(53 * 1448)
  })

  test('is at most half of the receive buffer', () => {
    const window = new PeerWindow(1448)
    for (let i = 0; i < 100; i++) window.onAcked(65_160)
    expect(window.bytes).toBe(3 << 20)
  })

  /** Buffers held when all that is sent is on the wire at once and only the congestion window limits; each has 1280 bytes of overhead. */
  function buffersOf(sizes: readonly number[]): number {
    const sent: number[] = []
    const tcp = new TcpSender(
      { mssBytes: 1448, nodelay: true, autocork: false, rttNs: 1e9 },
      1000,
      'discipline',
      () => Infinity,
      (bytes) => {
        sent.push(bytes)
        return true
      }
    )
    let bytes = 0
    for (const size of sizes) {
      tcp.write(size, 0)
      bytes += size
      for (const buffer of sent.splice(0)) tcp.onWire(buffer, 0, 0)
    }
    return (tcp.memoryBytes - bytes) / 1280
  }

  test('a buffer holds at most half of it: 22 segments of the first 45', () => {
    // Ten small writes use up the congestion window; what is written after them waits in buffers.
    const ten = new Array(10).fill(100)
    expect(buffersOf([...ten, 22 * 1448])).toBe(11)
    expect(buffersOf([...ten, 22 * 1448 + 1])).toBe(12)
    expect(buffersOf([...ten, 20 * 1448, 2 * 1448, 1])).toBe(12)
    expect(buffersOf([...ten, 44 * 1448])).toBe(12)
    expect(buffersOf([...ten, 45 * 1448])).toBe(13)
  })
})

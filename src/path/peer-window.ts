/*
 * The receiver's window as its acknowledgements tell it, Linux 6.1 (net/ipv4/tcp_output.c tcp_select_initial_window, tcp_input.c
 * tcp_grow_window): at first 64 KiB in whole segments; every received buffer that is not tiny widens it by twice what it held, at least by
 * two segments. A sender's buffers are at most half of the widest window it was told (tcp_bound_to_half_wnd).
 * Leaves out: a receiver that does not read: its window stays open.
 */

/** What the handshake's answer can tell: its window has 16 bits and no scale. */
const INITIAL_BYTES_MAX = 65_535
/** A smaller buffer does not widen the window. */
const BUFFER_BYTES_MIN = 128
/** Half of the receive buffer's default limit, 6 MiB (tcp_rmem with tcp_adv_win_scale 1). */
const WINDOW_BYTES_MAX = 3 << 20

export class PeerWindow {
  /** Bytes that may be sent beyond what is acknowledged. */
  bytes: number
  private readonly mssBytes: number

  constructor(mssBytes: number) {
    this.mssBytes = mssBytes
    this.bytes = Math.max(1, Math.floor(INITIAL_BYTES_MAX / mssBytes)) * mssBytes
  }

  /** An acknowledgement of `bytes` that were received as one buffer. */
  onAcked(bytes: number): void {
    if (bytes < BUFFER_BYTES_MIN) return
    this.bytes = Math.min(Math.max(this.bytes, WINDOW_BYTES_MAX), this.bytes + 2 * Math.max(this.mssBytes, bytes))
  }
}

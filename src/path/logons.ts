/*
 * Which sessions are logged on, and which messages died with a connection: those that come while a session is down, and those that were sent
 * before it was logged on again (on the way, in a socket's buffer, in the gateway's line): a new connection does not carry them.
 */
import type { Messages } from './messages.ts'

const SESSION_COUNT_MAX = 256

export class Logons {
  private readonly isDown = new Uint8Array(SESSION_COUNT_MAX)
  private readonly upNs = new Float64Array(SESSION_COUNT_MAX).fill(Number.NEGATIVE_INFINITY)
  /** Logouts of each session so far. */
  readonly logoutCount = new Int32Array(SESSION_COUNT_MAX)

  /** `message` has been stamped on its arrival at the gateway. */
  isDead(messages: Messages, message: number): boolean {
    const session = messages.session.values[message]
    if (this.isDown[session] === 1) return true
    const upNs = this.upNs[session]
    return messages.gatewayNs.values[message] < upNs || messages.dispatchNs.values[message] < upNs
  }

  logOut(session: number): void {
    this.isDown[session] = 1
    this.logoutCount[session]++
  }

  logOn(session: number, nowNs: number): void {
    this.isDown[session] = 0
    this.upNs[session] = nowNs
  }
}

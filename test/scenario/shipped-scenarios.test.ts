/* The scenarios in scenarios/ are read by the loader, say what to look for, and hold what the playbooks need. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseScenario } from '../../src/scenario/parse.ts'

const FOLDER = new URL('../../scenarios/', import.meta.url)
const names = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'))

function read(name: string) {
  const text = readFileSync(new URL(name, FOLDER), 'utf8')
  return { text, scenario: parseScenario(text, { fileName: `scenarios/${name}` }) }
}

describe('shipped scenarios', () => {
  it('are the quick start, a LOBSTER day and one per playbook', () => {
    const wanted = ['cancel-backlog', 'fault-storm', 'lobster-day', 'pacing-quantization', 'quickstart', 'reject-loop']
    expect(names).toEqual(expect.arrayContaining(wanted.map((name) => `${name}.yaml`)))
  })

  for (const name of names) {
    it(`${name} is valid, runs both policies, and its head says what to look for`, () => {
      const { text, scenario } = read(name)
      expect([...scenario.policies.keys()]).toEqual(expect.arrayContaining(['baseline', 'controlled']))
      const head = text.split('\n').filter((line) => line.startsWith('#'))
      expect(head.length).toBeGreaterThan(10)
      expect(head.join(' ')).toMatch(/look/i)
    })
  }

  it('a playbook scenario turns on the controller of its own friction and no other', () => {
    const controllers = {
      'pacing-quantization': 'transport',
      'fault-storm': 'fault',
      'reject-loop': 'throttle',
      'cancel-backlog': 'cancel'
    } as const
    for (const [name, own] of Object.entries(controllers)) {
      const control = read(`${name}.yaml`).scenario.policies.get('controlled')?.control
      for (const machine of ['transport', 'fault', 'throttle', 'cancel'] as const) {
        expect(control?.[machine].enabled, `${name}: ${machine}`).toBe(machine === own)
      }
    }
  })

  it('the quick start has all four frictions, a clamp, and needs no file', () => {
    const { path, market, stallTrace } = read('quickstart.yaml').scenario
    expect(market.venues.map((venue) => venue.tape.kind)).toEqual(['generate'])
    expect(stallTrace).toBeNull()
    expect(path.host.stalls.kind).toBe('generated')
    expect(path.qdisc.kind).toBe('fq')
    expect(path.sessions[0].maxPacingRateBytesPerSecond).toBe(60_000)
    expect(path.gateway.throttle).toMatchObject({ window: 'fixed-clock', limit: 25, overLimit: 'reject' })
    expect(path.acks.backgroundLoad).toBeGreaterThan(0)
    expect(path.clamps.map((clamp) => clamp.target)).toEqual(['throttle.limit'])
  })
})

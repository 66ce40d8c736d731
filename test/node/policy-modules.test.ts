import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadPolicyModules, type PolicyModules } from '../../src/node/policy-modules.ts'
import { parseScenario } from '../../src/scenario/parse.ts'

let directory = ''
let number = 0
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'tailtax-modules-'))
})
afterAll(() => {
  rmSync(directory, { recursive: true, force: true })
})

/** Writes the module under a name that was never loaded. */
function load(source: string | null, options = ''): Promise<PolicyModules> {
  const file = `policy-${number++}.mjs`
  if (source !== null) writeFileSync(join(directory, file), source)
  const text = `market: { venues: [ { tape: { generate: liquid } } ] }\npolicies: { mine: { module: ${file}${options} } }\n`
  return loadPolicyModules(parseScenario(text, { fileName: 'a.yaml', locate: (name) => join(directory, name) }))
}

async function faultOf(source: string | null): Promise<string> {
  try {
    await load(source)
  } catch (error) {
    return (error as Error).message.replace(directory, '.')
  }
  return 'no fault'
}

describe('modules of policies', () => {
  it('are loaded for the policies that name one, with their options, which no policy can change for another', async () => {
    const modules = await load(
      'export const createPolicy = () => ({ decide() {} })\n',
      ', options: { slices: [ 1, { deep: 2 } ] }'
    )
    expect([...modules.keys()]).toEqual(['mine'])
    const options = modules.get('mine')?.options as { slices: unknown[] }
    expect(options).toEqual({ slices: [1, { deep: 2 }] })
    expect([options, options.slices, options.slices[1]].every(Object.isFrozen)).toBe(true)
  })

  it.each([
    ['a file that is not there', null, /^\.\/policy-\d+\.mjs: there is no such file/],
    [
      'no export',
      'const createPolicy = 1\n',
      /^\.\/policy-\d+\.mjs: needs "export function createPolicy\(parent, setup\)"; it exports nothing$/
    ],
    ['another export', 'export const makePolicy = () => {}\n', /it exports makePolicy$/],
    ['a default export', 'export default () => {}\n', /it exports default$/],
    ['an export that is no function', 'export const createPolicy = {}\n', /its createPolicy is of type object$/],
    [
      'a throw while it is loaded',
      '\nthrow new Error("no figures")\n',
      /^\.\/policy-\d+\.mjs:2:7: cannot be loaded: Error: no figures$/
    ]
  ])('are refused with %s', async (_, source, message) => {
    expect(await faultOf(source)).toMatch(message)
  })
})

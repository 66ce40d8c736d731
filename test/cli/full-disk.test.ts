/*
 * A disk that fills up while a command writes: one located line, exit code 1, nothing left under a final or a temporary name.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildProgram, tailtax } from './program.ts'

const directory = mkdtempSync(join(tmpdir(), 'tailtax-disk-'))
const disk = join(directory, 'disk')
let mounted = false

beforeAll(() => {
  buildProgram()
  mkdirSync(disk)
  mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]).status === 0
})

afterAll(() => {
  if (mounted) spawnSync('umount', [disk])
  rmSync(directory, { recursive: true, force: true })
})

const GENERATE = ['generate', '--preset', 'mid', '--set', 'open=10:00', '--set', 'close=10:30']

const CASES: readonly { readonly what: string; readonly args: readonly string[]; readonly line: RegExp }[] = [
  { what: 'a tape', args: [...GENERATE, '--out', 'disk/tape.parquet'], line: /^disk\/tape\.parquet: / },
  { what: 'a schema', args: ['schema', '--out', 'disk/schema.json'], line: /^disk\/schema\.json: / }
]

describe('a disk that fills up', () => {
  it.for(CASES)('while $what is written is one line that names the file', ({ args, line }, { skip }) => {
    skip(!mounted, 'needs the right to mount a small disk')
    // Leaves room for the name, not for what is written.
    spawnSync('sh', ['-c', `head -c 60000 /dev/zero > ${join(disk, 'filler')}`])
    const before = readdirSync(disk)
    const { code, out, error } = tailtax(args, directory)
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(error.trimEnd()).toMatch(line)
    expect(error.trimEnd()).not.toContain('\n')
    expect(readdirSync(disk)).toEqual(before)
  })
})

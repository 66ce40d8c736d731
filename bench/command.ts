/* Runs the command line given after the first argument, a file that gets what the process used: CPU and wall time and peak memory. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { runCli } from '../src/node/cli.ts'

/** KiB. Where the kernel tells the high-water mark of this program, that: maxRSS also counts what the process was before it became it. */
function peakKib(maxRSS: number): number {
  const status = '/proc/self/status'
  const mark = existsSync(status) ? /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(status, 'utf8')) : null
  return mark === null ? maxRSS : Number(mark[1])
}

const [usageFile, ...args] = process.argv.slice(2)
process.exitCode = await runCli(args)
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
writeFileSync(
  usageFile,
  JSON.stringify({
    cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
    // Since the process began.
    wallSeconds: performance.now() / 1000,
    peakMiB: peakKib(maxRSS) / 1024
  })
)

/* Runs the command line given after the first argument, a file that gets what the process used: CPU and wall time and peak memory. */
import { writeFileSync } from 'node:fs'
import { runCli } from '../src/node/cli.ts'
import { peakMiB } from './meter.ts'

const [usageFile, ...args] = process.argv.slice(2)
process.exitCode = await runCli(args)
const { userCPUTime, systemCPUTime } = process.resourceUsage()
writeFileSync(
  usageFile,
  JSON.stringify({
    cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
    // Since the process began.
    wallSeconds: performance.now() / 1000,
    peakMiB: peakMiB()
  })
)

/* Runs the command line given after the first argument, a file that gets what the process used: CPU and wall time and peak memory. */
import { writeFileSync } from 'node:fs'
import { runCli } from '../src/node/cli.ts'

const [usageFile, ...args] = process.argv.slice(2)
process.exitCode = await runCli(args)
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
writeFileSync(
  usageFile,
  JSON.stringify({
    cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
    // Since the process began.
    wallSeconds: performance.now() / 1000,
    // maxRSS is in KiB.
    peakMiB: maxRSS / 1024
  })
)

#!/usr/bin/env node
import { runCli } from './cli.ts'
import { watchInterruption } from './interruption.ts'

// A reader that went away is not an error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})
watchInterruption()
process.exitCode = await runCli(process.argv.slice(2))

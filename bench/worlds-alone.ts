/*
 * Measures the worlds in a process of their own, as they are run: the argument is the bare queue's ns per event, the output is the lines in
 * JSON. In one process with the other benchmarks the compiler has seen every stage with every rig, and calls more of them indirectly.
 */
import { measureWorlds } from './worlds.ts'

console.log(JSON.stringify(await measureWorlds(Number(process.argv[2]))))

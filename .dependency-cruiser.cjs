/*
 * The rooms of src/ and what each may import (src/README.md has the table in words). A rule here is an absence: what a room
 * must not know. test/tidy/layers.test.ts plants a violation of each rule and expects it to be found.
 */

/** Rooms and files at the root of src/, each with the rooms that it may import beside itself. */
const MAY_IMPORT = {
  kernel: { rooms: [], why: 'Time, chance and arithmetic know nothing of markets: everything rests on them.' },
  market: { rooms: ['kernel', 'order'], why: 'Recorded history knows the words of an order, not who sent it.' },
  formats: { rooms: ['kernel', 'market'], why: 'A format becomes a tape or a trace, and nothing else.' },
  order: { rooms: ['kernel'], why: 'The words of an order are the same for every room.' },
  ledger: { rooms: ['kernel', 'order'], why: 'The ledger records what it is told; it asks nobody.' },
  path: { rooms: ['kernel', 'market', 'order', 'ledger'], why: 'The path carries any message; it does not know who decides.' },
  policy: { rooms: ['kernel', 'order'], why: 'A policy sees only its view: what has arrived at the host.' },
  control: { rooms: ['kernel', 'order'], why: 'A controller sees only its reading: what a live host can measure.' },
  metrics: { rooms: ['kernel', 'market', 'order', 'ledger'], why: 'Figures are read from ledgers, never from live objects.' },
  model: { rooms: ['kernel', 'market', 'ledger', 'metrics'], why: 'Models are fitted to what a ledger or a tape shows.' },
  desk: {
    rooms: ['kernel', 'order', 'ledger', 'market', 'path', 'policy', 'control'],
    why: 'The desk joins policy, controllers and path; it knows no scenario and no report.'
  },
  scenario: {
    rooms: ['kernel', 'market', 'formats', 'order', 'path', 'policy', 'control'],
    why: 'A scenario resolves to options (of formats: their names and theirs); it runs nothing.'
  },
  simulate: {
    rooms: ['kernel', 'market', 'order', 'ledger', 'path', 'policy', 'control', 'desk'],
    why: 'The composition root takes resolved options: it must not depend on how people write them down.'
  },
  experiment: {
    rooms: ['kernel', 'market', 'order', 'ledger', 'metrics', 'model', 'path', 'policy', 'control', 'scenario', 'simulate'],
    why: 'Experiments run worlds and read ledgers; they draw no page and touch no file.'
  },
  report: {
    rooms: ['kernel', 'metrics', 'model', 'experiment'],
    why: 'Reports are strings made of results.'
  },
  index: { rooms: ['*'], why: "The library's face." },
  node: { rooms: ['*'], why: 'The only room that meets the machine.' }
}

const MODEL = '^src/(?!node/)'

/** A path inside a room: the folder, or the file of that name at the root of src/. */
const within = (rooms) => `^src/(${rooms.join('|')})(/|\\.ts$)`

const roomRules = Object.entries(MAY_IMPORT)
  .filter(([, { rooms }]) => !rooms.includes('*'))
  .map(([room, { rooms, why }]) => ({
    name: `room-${room}`,
    severity: 'error',
    comment: why,
    from: { path: within([room]) },
    to: { path: '^src/', pathNot: within([room, ...rooms]) }
  }))

module.exports = {
  forbidden: [
    ...roomRules,
    {
      name: 'known-rooms-only',
      severity: 'error',
      comment: 'A new room needs a row in the table above, else nothing would hold it.',
      from: { path: '^src/', pathNot: within(Object.keys(MAY_IMPORT)) },
      to: {}
    },
    {
      name: 'node-only-in-node',
      severity: 'error',
      comment: 'The model runs in a browser worker unchanged: files, threads and the environment are met in src/node.',
      from: { path: MODEL },
      to: { dependencyTypes: ['core'] }
    },
    {
      name: 'native-only-in-node',
      severity: 'error',
      comment: 'Packages that need a machine (database, terminal, CSV streams) stay beside the machine.',
      from: { path: MODEL },
      to: { path: 'node_modules/(@duckdb|yargs|fast-csv|@fast-csv|cli-table3|picocolors)/' }
    },
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'Two files that need each other are one file, or hide a third.',
      from: {},
      to: { circular: true }
    },
    {
      name: 'no-orphans',
      severity: 'error',
      comment: 'A file that nothing reaches is dead.',
      from: { orphan: true, pathNot: '\\.d\\.ts$' },
      to: {}
    },
    {
      name: 'no-unresolved',
      severity: 'error',
      comment: 'An import that leads nowhere is read as no dependency, and would pass every rule.',
      from: {},
      to: { couldNotResolve: true }
    },
    {
      name: 'production-only',
      severity: 'error',
      comment: 'What is installed with the package must be in its dependencies.',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] }
    }
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Types are dependencies too: a room that names another's type knows it.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.d.ts', '.cjs', '.mjs', '.json']
    },
    cache: false
  }
}

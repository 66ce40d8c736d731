/** A value that cannot be: its path in the scenario and what is wrong with it. The reader of the document puts line and column before it. */
export class ScenarioFault extends Error {
  readonly path: readonly (string | number)[]

  constructor(path: readonly (string | number)[], message: string) {
    super(message)
    this.path = path
  }
}

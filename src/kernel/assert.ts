/** A broken invariant: a fault of the program, never of its input. The run stops and names its seed and event. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError'
}

/** An error of the user's input: one sentence that says where and what to do. Shown without a stack. */
export class InputError extends Error {
  override readonly name = 'InputError'
}

/** Throws InvariantError unless `condition` holds. One fact per call. */
export function assert(condition: boolean, fact: string): asserts condition {
  if (!condition) throw new InvariantError(fact)
}

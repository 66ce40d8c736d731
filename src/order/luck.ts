/*
 * Who an order is to chance. Its keyed draws must be the same in every arm of an experiment, so they hang on its parent and its number among
 * the parent's children, never on the run's child id: that one depends on whose order came first.
 */

const CHILD_COUNT = 2 ** 20
const PARENT_COUNT = 2 ** 33

/** A whole number below 2^53; different for the first 2^20 children of all parents with ids below 2^33. */
export function luckKey(parentId: number, sequence: number): number {
  return (parentId % PARENT_COUNT) * CHILD_COUNT + (sequence % CHILD_COUNT)
}

/** Random numbers that are the same for the same seeds. */

/** The algorithm mulberry32 by Tommy Ettinger. Returns numbers from 0 to below 1. */
export function randomFrom(...seeds: readonly number[]): () => number {
  let state = seeds.reduce((mixed, seed) => mix((mixed ^ seed) + 0x9e3779b9), 0)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    return mix(state) / 2 ** 32
  }
}

function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 15), value | 1)
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
  return (mixed ^ (mixed >>> 14)) >>> 0
}

/** A seed for faults that have none. It has few digits, so that people can repeat it. */
export function newSeed(): number {
  return Math.floor(Math.random() * 1e6)
}

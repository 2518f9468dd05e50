/** Splits bytes in many ways and compares the records that a parser reads from them. */
import assert from 'node:assert/strict'
import type { RecordParser, RecordSink, StreamRecord } from '../../src/parse/record.ts'
import { Failure } from '../../src/shared/failure.ts'

/** A seeded generator (mulberry32): uniform in [0, 1). */
export function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Splits bytes at random places into about `pieces` chunks. */
export function randomSplit(bytes: Uint8Array, pieces: number, random: () => number): Uint8Array[] {
  const cuts = Array.from({ length: pieces - 1 }, () => Math.floor(random() * (bytes.length + 1)))
  return cutAt(
    bytes,
    cuts.sort((a, b) => a - b),
  )
}

function cutAt(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  return [0, ...cuts].map((from, i) => bytes.slice(from, cuts[i] ?? bytes.length))
}

/** The whole, every split in two, byte by byte, and seeded random splits. Splits in two only if the input is short. */
export function* splits(bytes: Uint8Array): Generator<Uint8Array[]> {
  yield [bytes.slice()]
  if (bytes.length <= 2000) for (let i = 0; i <= bytes.length; i++) yield cutAt(bytes, [i])
  yield Array.from(bytes, (byte) => Uint8Array.of(byte))
  const random = seededRandom(bytes.length)
  for (let i = 0; i < 60; i++) yield randomSplit(bytes, 2 + Math.floor(random() * 12), random)
}

/** A record with its payload as text, which is easier to compare and read. */
export type SeenRecord = Omit<StreamRecord, 'payload'> & { readonly text: string }

/** Pushes the chunks and overwrites each after its call. The result ends with the failure's code, if there was one. */
export function recordsOf(
  make: (sink: RecordSink) => RecordParser,
  chunks: readonly Uint8Array[],
): (SeenRecord | string)[] {
  const seen: (SeenRecord | string)[] = []
  const parser = make(({ payload, ...rest }) =>
    seen.push({ ...rest, text: Buffer.from(payload).toString('latin1') }),
  )
  try {
    for (const chunk of chunks) {
      parser.push(chunk)
      chunk.fill(0xff)
    }
    parser.end()
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown
    seen.push(thrown.code)
  }
  return seen
}

/** Pushes the chunks, with a lull after each that leaves something pending. */
export function recordsWithLulls(
  make: (sink: RecordSink) => RecordParser,
  ...chunks: readonly (string | Uint8Array)[]
): SeenRecord[] {
  const seen: SeenRecord[] = []
  const parser = make(({ payload, ...rest }) =>
    seen.push({ ...rest, text: Buffer.from(payload).toString('latin1') }),
  )
  for (const chunk of chunks) {
    parser.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk)
    if (parser.pending !== undefined) parser.lull?.()
  }
  parser.end()
  return seen
}

/** Asserts that all splits give the same records, and returns these. */
export function recordsInEverySplit(
  make: (sink: RecordSink) => RecordParser,
  input: string | Uint8Array,
  normalize: (seen: (SeenRecord | string)[]) => (SeenRecord | string)[] = (seen) => seen,
): (SeenRecord | string)[] {
  const bytes = typeof input === 'string' ? new TextEncoder().encode(input) : new Uint8Array(input)
  const whole = normalize(recordsOf(make, [bytes.slice()]))
  for (const chunks of splits(bytes)) {
    const lengths = chunks.map((chunk) => chunk.length).join()
    assert.deepEqual(normalize(recordsOf(make, chunks)), whole, `split into ${lengths.slice(0, 200)}`)
  }
  return whole
}

/** The text of every record. */
export function textsOf(seen: readonly (SeenRecord | string)[]): string[] {
  return seen.map((record) => (typeof record === 'string' ? record : record.text))
}

/** A recording reduced to what a comparison needs: some tens of bytes per message, without payloads. */

import type { Recording } from '../../capture/recording.ts'
import type { Direction, MessageEvent } from '../../shared/event.ts'
import { growingBytes, growingFloats, growingInts } from '../../shared/growing.ts'
import type { ContentReader } from './contents.ts'
import { Lifecycle } from './lifecycle.ts'

/** Columns of messages in order. */
export interface Lane {
  readonly length: number
  /** Number of the event in its recording, from 0. */
  readonly event: Uint32Array
  /** Session times in ms: of the message, and of the open of its attempt. */
  readonly time: Float64Array
  readonly opened: Float64Array
  /** See `Contents`. */
  readonly exact: Uint32Array
  readonly similar: Uint32Array
  readonly shape: Uint32Array
  readonly kind: Uint32Array
  readonly form: Uint32Array
}

export const EMPTY_LANE: Lane = {
  length: 0,
  event: new Uint32Array(),
  time: new Float64Array(),
  opened: new Float64Array(),
  exact: new Uint32Array(),
  similar: new Uint32Array(),
  shape: new Uint32Array(),
  kind: new Uint32Array(),
  form: new Uint32Array(),
}

export interface IndexedConnection {
  readonly id: number
  readonly lifecycle: Lifecycle
  /** The messages in one direction, or in both. */
  lane(direction: Direction | undefined): Lane
}

class Index implements IndexedConnection {
  readonly id: number
  readonly lifecycle = new Lifecycle()
  opened: number | undefined
  readonly #out = growingBytes()
  readonly #event = growingInts()
  readonly #time = growingFloats()
  readonly #opened = growingFloats()
  readonly #exact = growingInts()
  readonly #similar = growingInts()
  readonly #shape = growingInts()
  readonly #kind = growingInts()
  readonly #form = growingInts()

  constructor(id: number) {
    this.id = id
  }

  add(message: MessageEvent, event: number, contents: ContentReader): void {
    const { exact, similar, shape, kind, form } = contents.read(message)
    this.opened ??= message.time
    this.#out.push(message.direction === 'out' ? 1 : 0)
    this.#event.push(event)
    this.#time.push(message.time)
    this.#opened.push(this.opened)
    this.#exact.push(exact)
    this.#similar.push(similar)
    this.#shape.push(shape)
    this.#kind.push(kind)
    this.#form.push(form)
  }

  lane(direction: Direction | undefined): Lane {
    const out = this.#out.view()
    const wanted = direction === 'out' ? 1 : 0
    const kept = Uint32Array.from(out.keys()).filter(
      (index) => direction === undefined || out[index] === wanted,
    )
    if (kept.length === 0) return EMPTY_LANE
    const ints = (list: { view(): Uint32Array }) => {
      const values = list.view()
      return kept.map((index) => values[index] ?? 0)
    }
    const floats = (list: { view(): Float64Array }) => {
      const values = list.view()
      return Float64Array.from(kept, (index) => values[index] ?? 0)
    }
    return {
      length: kept.length,
      event: ints(this.#event),
      time: floats(this.#time),
      opened: floats(this.#opened),
      exact: ints(this.#exact),
      similar: ints(this.#similar),
      shape: ints(this.#shape),
      kind: ints(this.#kind),
      form: ints(this.#form),
    }
  }
}

/** Reads a recording once. Both sides of a comparison must be read with the same `contents`. */
export async function indexRecording(
  recording: Recording,
  contents: ContentReader,
): Promise<IndexedConnection[]> {
  const connections = new Map<number, Index>()
  let number = 0
  for await (const events of recording.events()) {
    for (const event of events) {
      if (event.type !== 'mark') {
        const connection = connections.get(event.connection) ?? new Index(event.connection)
        connections.set(event.connection, connection)
        if (event.type === 'open') connection.opened = event.time
        if (event.type === 'message') connection.add(event, number, contents)
        else connection.lifecycle.add(event)
      }
      number++
    }
  }
  return [...connections.values()]
}

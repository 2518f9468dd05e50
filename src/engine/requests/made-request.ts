/** A connection as a request: how it was opened, and the different messages that the user sent. */
import { setImmediate } from 'node:timers/promises'
import type { Log } from '../../capture/recording.ts'
import { redactEvent } from '../../session/redact.ts'
import type { ConnectEvent } from '../../shared/event.ts'
import { unpackKind } from '../../shared/event-columns.ts'
import { Failure } from '../../shared/failure.ts'
import type { MadeRequest, SentMessage } from '../../shared/protocol/requests.ts'
import { hidesKnown } from '../../shared/secrets/hidden-payload.ts'

/** Limits of the messages of a request: how many, and their bytes together. */
const MAX_MESSAGES = 200
const MAX_BYTES = 1024 * 1024
/** Events looked at in one step: a fraction of a millisecond. */
const STEP = 8192

export interface MadeRequestOptions {
  readonly log: Log
  readonly connection: number
  /** The first `connect` of the connection. */
  readonly connect: ConnectEvent
  /** The name of a message. */
  readonly nameOf: (index: number) => string
}

/** Rejects with CLEARED. */
export async function madeRequest(options: MadeRequestOptions): Promise<MadeRequest> {
  const { log, connection, connect } = options
  const gatherer = new Gatherer(options)
  const { generation, count: end } = log
  for (let at = log.firstKept; at < end; ) {
    const batch = log.columns(at, Math.min(STEP, end - at))
    for (let i = 0; i < batch.count; i++) {
      if (batch.connection[i] !== connection) continue
      const { type, direction, automatic } = unpackKind(batch.kind[i] ?? 0)
      if (type !== 'message') continue
      if (direction !== 'out') gatherer.received()
      else if (!automatic) gatherer.sent(batch.first + i, batch.size[i] ?? 0)
    }
    at = batch.first + batch.count
    await setImmediate()
    if (log.generation !== generation)
      throw new Failure('CLEARED', 'The session was cleared while it was being read; try again.')
  }
  return {
    spec: specOf(redactEvent(connect, {}) as ConnectEvent),
    sent: gatherer.messages,
    omitted: gatherer.omitted,
  }
}

/** The fields of the event that say how to connect. */
function specOf(connect: ConnectEvent): MadeRequest['spec'] {
  const { type: _, time: _time, connection: _connection, attempt: _attempt, ...spec } = connect
  return spec
}

class Gatherer {
  omitted = 0
  readonly #options: MadeRequestOptions
  readonly #messages = new Map<string, SentMessage>()
  #bytes = 0
  #isAfterAnswer = false

  constructor(options: MadeRequestOptions) {
    this.#options = options
  }

  get messages(): readonly SentMessage[] {
    return [...this.#messages.values()]
  }

  received(): void {
    this.#isAfterAnswer = true
  }

  sent(index: number, size: number): void {
    const isAfterAnswer = this.#isAfterAnswer && this.#messages.size > 0
    this.#isAfterAnswer = false
    const content = this.#contentOf(index, size)
    if (content === undefined) {
      this.omitted++
      return
    }
    const key = JSON.stringify(content)
    const known = this.#messages.get(key)
    if (known !== undefined) this.#messages.set(key, { ...known, count: known.count + 1 })
    else if (this.#messages.size === MAX_MESSAGES || this.#bytes + size > MAX_BYTES) this.omitted++
    else {
      this.#bytes += size
      const name = this.#options.nameOf(index)
      this.#messages.set(key, { name, ...content, count: 1, isAfterAnswer })
    }
  }

  /** Undefined if it is too large, or not kept as it was sent. */
  #contentOf(index: number, size: number): Pick<SentMessage, 'text' | 'base64'> | undefined {
    const { log } = this.#options
    if (size > MAX_BYTES || index < log.firstKept || log.isDropped(index)) return undefined
    const event = log.event(index)
    if (event.type !== 'message' || event.truncated === true || hidesKnown(event)) return undefined
    const bytes = Buffer.from(event.payload)
    return event.opcode === 'binary' ? { base64: bytes.toString('base64') } : { text: bytes.toString() }
  }
}

/** Writes a recording as a HAR in one pass. Long parts are stored in spools until their entry is written. */
import { randomUUID } from 'node:crypto'
import type { Recording } from '../../../capture/recording.ts'
import type { ConnectEvent } from '../../../shared/event.ts'
import { VERSION } from '../../generator.ts'
import { addPieces, type ByteSink } from '../bytes/byte-sink.ts'
import { JsonList, type Spool, Spools } from '../bytes/spools.ts'
import { type ConnectionEvent, Draft } from './entry-draft.ts'
import { toAddress, toClose, toRequest, toResponse, toSpan } from './write-entry.ts'
import { addLine } from './write-messages.ts'
import { ENTRY_FIELDS, OWN } from './written-har.ts'

/** Placeholders for the body and the lists in the JSON of an entry. Random, so that no recorded data equals them. */
const [BODY, LIST, EVENTS] = [randomUUID(), randomUUID(), randomUUID()]

/** Writes the recording as HAR 1.2. Rejects if reading or writing fails. */
export async function writeHar(recording: Recording, out: ByteSink): Promise<void> {
  const spools = new Spools()
  try {
    await new HarWriter(recording, out, spools).run()
  } finally {
    await spools.remove()
  }
}

class HarWriter {
  readonly #recording: Recording
  readonly #out: ByteSink
  readonly #spools: Spools
  readonly #drafts = new Map<number, Draft>()
  readonly #specs = new Map<number, ConnectEvent>()
  readonly #marks: JsonList
  #entries = 0

  constructor(recording: Recording, out: ByteSink, spools: Spools) {
    this.#recording = recording
    this.#out = out
    this.#spools = spools
    this.#marks = new JsonList(spools.make())
  }

  async run(): Promise<void> {
    const creator = { name: 'Realtime Inspector', version: VERSION }
    const { buffer } = this.#out
    buffer.text(`{"log":{"version":"1.2","creator":${JSON.stringify(creator)},"pages":[],"entries":[`)
    for await (const events of this.#recording.events()) {
      for (const event of events) {
        const adding = event.type === 'mark' ? addLine(this.#marks, event) : this.#add(event)
        if (adding !== undefined) await adding
      }
    }
    for (const draft of this.#drafts.values()) await this.#finish(draft)
    const startedAt = JSON.stringify(this.#recording.startedAt)
    buffer.ascii(`\n],"${OWN}":{"startedAt":${startedAt},"marks":`)
    await addList(this.#out, this.#marks)
    buffer.ascii('}}}\n')
  }

  #add(event: ConnectionEvent): Promise<void> | undefined {
    const { connection } = event
    if (event.type === 'connect' && event.attempt === 0) this.#specs.set(connection, event)
    let draft = this.#drafts.get(connection)
    const isNext = event.type === 'connect' || (event.type === 'request' && draft?.request !== undefined)
    if (draft !== undefined && !isNext) return draft.add(event)
    const finished = draft
    draft = new Draft(event, this.#specs.get(connection), this.#recording.startedAt, this.#spools)
    this.#drafts.set(connection, draft)
    return this.#start(draft, event, finished)
  }

  async #start(draft: Draft, first: ConnectionEvent, finished: Draft | undefined): Promise<void> {
    if (finished !== undefined) await this.#finish(finished)
    await draft.add(first)
  }

  async #finish(draft: Draft): Promise<void> {
    const { startedAt } = this.#recording
    const kind = draft.settle()
    const { resourceType, list } = ENTRY_FIELDS[kind]
    const entry = {
      ...toSpan(draft, startedAt),
      request: toRequest(draft),
      response: toResponse(draft, BODY),
      cache: {},
      ...toAddress(draft),
      _resourceType: resourceType,
      ...(list !== undefined && { [list]: LIST }),
      _webSocketClose: kind === 'websocket' ? toClose(draft, startedAt) : undefined,
      [OWN]: { connection: draft.connection, answered: draft.answered, events: EVENTS },
    }
    const out = this.#out
    out.buffer.ascii(this.#entries++ === 0 ? '\n' : ',\n')
    await this.#writeWith(JSON.stringify(entry), [
      [BODY, () => addBody(out, draft.body, draft.bodyIsText)],
      [LIST, () => addList(out, draft.messages)],
      [EVENTS, () => addList(out, draft.events)],
    ])
    draft.remove()
    if (out.isFull) await out.flush()
  }

  /** Writes the JSON, and replaces each placeholder with its content. */
  async #writeWith(
    json: string,
    contents: readonly (readonly [placeholder: string, add: () => Promise<void>])[],
  ): Promise<void> {
    let rest = json
    for (const [placeholder, add] of contents) {
      const quotedPlaceholder = JSON.stringify(placeholder)
      const at = rest.indexOf(quotedPlaceholder)
      if (at < 0) continue
      this.#out.buffer.text(rest.slice(0, at))
      await add()
      rest = rest.slice(at + quotedPlaceholder.length)
    }
    this.#out.buffer.text(rest)
  }
}

async function addList(out: ByteSink, { spool }: JsonList): Promise<void> {
  out.buffer.ascii('[')
  for await (const bytes of spool.read()) await addPieces(out, bytes, (piece) => out.buffer.bytes(piece))
  out.buffer.ascii(']')
}

/** Adds the body as a JSON string. */
async function addBody(out: ByteSink, body: Spool, isText: boolean): Promise<void> {
  const { buffer } = out
  buffer.ascii('"')
  let rest = Buffer.alloc(0)
  for await (const bytes of body.read()) {
    if (isText) {
      await addPieces(out, bytes, (piece) => buffer.escaped(piece))
      continue
    }
    // Only the end of base64 can have fewer than three bytes in a group (RFC 4648 section 4).
    const all = Buffer.concat([rest, bytes])
    const whole = all.length - (all.length % 3)
    rest = all.subarray(whole)
    await addPieces(out, all.subarray(0, whole), (piece) => buffer.base64(piece))
  }
  buffer.base64(rest)
  buffer.ascii('"')
}

/** Writes a recording as a HAR in one pass. Long parts are stored in spools until their entry is written. */
import { randomUUID } from 'node:crypto'
import { StringDecoder } from 'node:string_decoder'
import type { Recording } from '../../../capture/recording.ts'
import type { ConnectEvent } from '../../../shared/event.ts'
import { VERSION } from '../../generator.ts'
import { formatPieces } from '../../line.ts'
import { JsonList, type Spool, Spools } from '../temporary-lists.ts'
import type { TextSink } from '../text-file.ts'
import { type ConnectionEvent, Draft } from './entry-draft.ts'
import { toAddress, toClose, toRequest, toResponse, toSpan } from './write-entry.ts'
import { ENTRY_FIELDS, OWN } from './written-har.ts'

/** Placeholders for the body and the lists in the JSON of an entry. Random, so that no recorded data equals them. */
const [BODY, LIST, EVENTS] = [randomUUID(), randomUUID(), randomUUID()]

/** Writes the recording as HAR 1.2. Rejects if reading or writing fails. */
export async function writeHar(recording: Recording, out: TextSink): Promise<void> {
  const spools = new Spools()
  try {
    await new HarWriter(recording, out, spools).run()
  } finally {
    await spools.remove()
  }
}

class HarWriter {
  readonly #recording: Recording
  readonly #out: TextSink
  readonly #spools: Spools
  readonly #drafts = new Map<number, Draft>()
  readonly #specs = new Map<number, ConnectEvent>()
  readonly #marks: JsonList
  #entries = 0

  constructor(recording: Recording, out: TextSink, spools: Spools) {
    this.#recording = recording
    this.#out = out
    this.#spools = spools
    this.#marks = new JsonList(spools.make())
  }

  async run(): Promise<void> {
    const creator = { name: 'Realtime Inspector', version: VERSION }
    await this.#out.write(
      `{"log":{"version":"1.2","creator":${JSON.stringify(creator)},"pages":[],"entries":[`,
    )
    for await (const events of this.#recording.events()) {
      for (const event of events) {
        if (event.type === 'mark') await this.#marks.add(formatPieces(event))
        else await this.#add(event)
      }
    }
    for (const draft of this.#drafts.values()) await this.#finish(draft)
    const startedAt = JSON.stringify(this.#recording.startedAt)
    await this.#out.write(`\n],"${OWN}":{"startedAt":${startedAt},"marks":[`)
    for await (const piece of this.#marks.read()) await this.#out.write(piece)
    await this.#out.write(']}}}\n')
  }

  async #add(event: ConnectionEvent): Promise<void> {
    const { connection } = event
    if (event.type === 'connect' && event.attempt === 0) this.#specs.set(connection, event)
    let draft = this.#drafts.get(connection)
    const isNext = event.type === 'connect' || (event.type === 'request' && draft?.request !== undefined)
    if (draft !== undefined && isNext) {
      await this.#finish(draft)
      draft = undefined
    }
    draft ??= new Draft(event, this.#specs.get(connection), this.#recording.startedAt, this.#spools)
    this.#drafts.set(connection, draft)
    await draft.add(event)
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
    await this.#out.write(this.#entries++ === 0 ? '\n' : ',\n')
    await this.#writeWith(JSON.stringify(entry), [
      [BODY, () => quoted(bodyText(draft.body, draft.bodyIsText))],
      [LIST, () => bracketed(draft.messages)],
      [EVENTS, () => bracketed(draft.events)],
    ])
    await draft.remove()
  }

  /** Writes the JSON, and replaces each placeholder with its content. */
  async #writeWith(
    json: string,
    contents: readonly (readonly [placeholder: string, content: () => AsyncGenerator<string>])[],
  ): Promise<void> {
    let rest = json
    for (const [placeholder, content] of contents) {
      const quotedPlaceholder = JSON.stringify(placeholder)
      const at = rest.indexOf(quotedPlaceholder)
      if (at < 0) continue
      await this.#out.write(rest.slice(0, at))
      for await (const piece of content()) await this.#out.write(piece)
      rest = rest.slice(at + quotedPlaceholder.length)
    }
    await this.#out.write(rest)
  }
}

async function* bracketed(list: JsonList): AsyncGenerator<string> {
  yield '['
  yield* list.read()
  yield ']'
}

async function* quoted(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  yield '"'
  for await (const piece of pieces) yield JSON.stringify(piece).slice(1, -1)
  yield '"'
}

async function* bodyText(body: Spool, isText: boolean): AsyncGenerator<string> {
  // The decoder keeps incomplete characters and incomplete groups of base64.
  const decoder = new StringDecoder(isText ? 'utf8' : 'base64')
  for await (const chunk of body.read()) yield decoder.write(chunk)
  yield decoder.end()
}

/** Puts the ids of a live client in the place of recorded ones, in a response. */
import type { IncomingMessage } from 'node:http'
import {
  type PacketSplitter,
  type ProtocolIds,
  type ReplaceId,
  type RequestHead,
  replaceIds,
} from '../../../decode/ids/ids.ts'
import type { Headers, MessageEvent } from '../../../shared/event.ts'
import type { RecordedPackets } from '../../packets/recorded-packets.ts'

const SESSION = 'session'

export class Rewriting {
  readonly #recorded: Pick<RecordedPackets, 'protocol' | 'facts'>
  readonly #ids: ReplaceId
  readonly #session: string | undefined
  readonly #splitter: PacketSplitter

  /** `session` is the id of the client's session, if it has one. */
  constructor(
    recorded: Pick<RecordedPackets, 'protocol' | 'facts'>,
    session: string | undefined,
    ids: ReplaceId = () => undefined,
  ) {
    this.#recorded = recorded
    this.#ids = ids
    this.#session = session
    this.#splitter = recorded.protocol.splitter(recorded.facts)
  }

  headers(headers: Headers): Headers {
    const replace: ReplaceId = (kind) => (kind === SESSION ? this.#session : undefined)
    return this.#recorded.protocol.replaceInRequest?.({ url: '', headers }, replace).headers ?? headers
  }

  message<E extends MessageEvent>(event: E): E {
    const { payload, opcode, event: eventName = '' } = event
    return { ...event, payload: this.body(payload, opcode === 'binary', eventName) }
  }

  /** All packets that end in the bytes. */
  body(payload: Uint8Array, binary = false, eventName = ''): Uint8Array {
    const { protocol, facts } = this.#recorded
    const packets = this.#splitter.push({ direction: 'in', payload, binary, eventName })
    const written = protocol.write(
      packets.map((packet) => replaceIds(packet, this.#ids)),
      facts,
    )
    return Buffer.concat(written.map((message) => message.payload))
  }
}

/** The id of the session in a request or a response; undefined if it has none. */
export function sessionIn({ replaceInRequest }: ProtocolIds, head: RequestHead): string | undefined {
  let session: string | undefined
  replaceInRequest?.(head, (kind, id) => {
    if (kind === SESSION) session ??= String(id)
    return undefined
  })
  return session
}

/** The parts of a request that may have ids. */
export function headOf({ url = '', headers }: IncomingMessage): RequestHead {
  const known = Object.entries(headers).filter(
    (field): field is [string, string | string[]] => field[1] !== undefined,
  )
  return { url, headers: Object.fromEntries(known) }
}

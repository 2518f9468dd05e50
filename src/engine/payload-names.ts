/** The names that messages of a session give themselves, as its decoders see them. */
import { isUtf8 } from 'node:buffer'
import type { Log } from '../capture/recording.ts'
import { OnDemandDecoder } from '../decode/decode-on-demand.ts'
import type { ConnectionFacts } from '../decode/decoder.ts'
import { payloadName } from '../decode/payload-name.ts'
import { unpackKind } from '../shared/columns.ts'
import type { ConnectionStarts } from './connection-starts.ts'

/** Bytes of a payload that are enough to tell text from binary. */
const SNIFFED = 4096

export class PayloadNames {
  readonly #log: Log
  readonly #decoded: OnDemandDecoder

  constructor(log: Log, starts: ConnectionStarts) {
    this.#log = log
    this.#decoded = new OnDemandDecoder(log, (connection) => factsOf(starts, connection))
  }

  /** The name of a message: what its first decoded event is called, else `text` or `binary`. */
  at(index: number): string {
    const events = this.#decoded.decode(index) ?? []
    const name = payloadName(events, false)
    return name === 'text' && this.#isBinary(index) ? payloadName(events, true) : name
  }

  /** Every event was cleared. */
  clear(): void {
    this.#decoded.clear()
  }

  #isBinary(index: number): boolean {
    if (unpackKind(this.#log.row(index).kind).binary) return true
    const beginning = this.#log.payload(index, SNIFFED)
    return beginning !== undefined && !isText(beginning)
  }
}

/** Whether the bytes are UTF-8, except for a last character that may be cut. */
function isText(beginning: Uint8Array): boolean {
  if (beginning.length < SNIFFED) return isUtf8(beginning)
  return [0, 1, 2, 3].some((cut) => isUtf8(beginning.subarray(0, beginning.length - cut)))
}

function factsOf(starts: ConnectionStarts, connection: number): ConnectionFacts {
  const { connect, open } = starts.of(connection)
  const decoder = connect?.extra?.decoder
  return {
    url: connect?.url,
    transport: open?.transport ?? connect?.transport,
    subprotocol: open?.subprotocol,
    requestHeaders: connect?.headers,
    responseHeaders: open?.headers,
    ...(typeof decoder === 'string' && { decoder }),
  }
}

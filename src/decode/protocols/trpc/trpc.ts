/**
 * tRPC, also as single requests and batches over HTTP, whose procedures are in the URL. https://trpc.io/docs/rpc
 */

import { fieldsOf, isFields } from '../../../shared/fields.ts'
import { tryParseJson } from '../../../shared/text/json-text.ts'
import type { ConnectionDecoder, ConnectionFacts, Decoder, EncodedMessage, Packet } from '../../decoder.ts'
import { urlOf } from '../../facts.ts'
import type { PacketMap } from '../../packet-map.ts'
import { textOf } from '../../values.ts'

/** Procedures of one request. */
const MAX_PROCEDURES = 1000

/** `json` decodes messages over WebSocket and SSE. */
export function trpcWith(json: Decoder): Decoder {
  return {
    ...json,
    recognize: (facts) => json.recognize(facts) ?? pathReason(facts),
    open: (facts) => new TrpcDecoding(json.open(facts)),
  }
}

function pathReason({ url, transport }: ConnectionFacts): string | undefined {
  const { pathname = '' } = urlOf(url) ?? {}
  return transport !== 'websocket' && /\/trpc\/[^/]+$/.test(pathname) ? `path ${pathname}` : undefined
}

class TrpcDecoding implements ConnectionDecoder {
  readonly #json: ConnectionDecoder

  constructor(json: ConnectionDecoder) {
    this.#json = json
  }

  get stateSize(): number {
    return this.#json.stateSize ?? 0
  }

  copy(): TrpcDecoding {
    return new TrpcDecoding(this.#json.copy())
  }

  decode(message: EncodedMessage, map?: PacketMap, hasValues?: boolean): readonly Packet[] {
    const { facts, isRequest, payload } = message
    if (facts.transport === 'websocket' || facts.transport === 'sse')
      return this.#json.decode(message, map, hasValues)
    const body = tryParseJson(textOf(payload))
    if (body === undefined) return []
    const call = callIn(message.url)
    return isRequest ? requests(call, body) : results(call, body)
  }
}

interface Call {
  readonly procedures: readonly string[]
  readonly isBatch: boolean
}

/** The last part of the path has the procedures, separated by commas in a batch. */
function callIn(text: string): Call {
  const url = urlOf(text)
  const isBatch = url?.searchParams.get('batch') === '1'
  const last = url?.pathname.split('/').at(-1) ?? ''
  const name = decoded(last)
  return { procedures: isBatch ? name.split(',', MAX_PROCEDURES) : [name], isBatch }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** In a batch, the inputs are members with the indexes of their procedures as names. */
function requests({ procedures, isBatch }: Call, body: unknown): Packet[] {
  return procedures.map((name, index) => {
    const value = isBatch ? fieldsOf(body)[String(index)] : body
    return { kind: 'request', name, ...(value !== undefined && { value }), asks: `call ${index}` }
  })
}

function results({ procedures }: Call, body: unknown): Packet[] {
  const items: readonly unknown[] = Array.isArray(body) ? body.slice(0, MAX_PROCEDURES) : [body]
  return items.flatMap((item, index): readonly Packet[] => {
    const { error, result } = fieldsOf(item)
    const name = procedures[index]
    const known = { ...(name !== undefined && { name }), answersTo: `call ${index}` }
    if (isFields(error)) return [{ ...known, kind: 'error', value: error }]
    if (!isFields(result)) return []
    const { data } = result
    return [{ ...known, kind: 'response', ...(data !== undefined && { value: data }) }]
  })
}

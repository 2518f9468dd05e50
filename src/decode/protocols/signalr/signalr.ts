/**
 * SignalR with either encoding of its hub protocol. Messages in MessagePack become those in JSON that mean the same, so
 * that one table says what they mean.
 * https://github.com/dotnet/aspnetcore/blob/main/src/SignalR/docs/specs/HubProtocol.md
 */
import type { ConnectionDecoder, Decoder, EncodedMessage, Packet } from '../../decoder.ts'
import { onceForFacts, urlOf } from '../../facts.ts'
import { PacketMap } from '../../packet-map.ts'
import { textOf } from '../../values.ts'
import { loadMsgpack } from '../payloads/msgpack.ts'
import { hubFrames, isHubFrames } from './hub-frames.ts'

const SEPARATOR = '\u001e'
const RECORD = /^\{(?:\}|\s*"type"\s*:\s*[1-9]\s*[,}])/
/** Bytes of a handshake that are looked at. */
const MAX_HANDSHAKE = 256

/** `json` decodes the hub protocol in JSON. */
export function signalR(json: Decoder): Decoder {
  return {
    ...json,
    isJson: false,
    // The connections of a client have an ID in common, and the clients of a hub count their invocations alike.
    scope: onceForFacts((facts) => {
      const id = urlOf(facts.url)?.searchParams.get('id') ?? ''
      return `${json.scope?.(facts)} ${id}`
    }),
    recognizeMessage: (message) => {
      if (isHandshake(message)) return 'a handshake with protocol messagepack'
      return isRecord(message)
        ? 'a message of SignalR that ends with U+001E'
        : json.recognizeMessage?.(message)
    },
    load: loadMsgpack,
    open: (facts) => new SignalRDecoding(json.open(facts)),
  }
}

function isHandshake({ payload, direction }: EncodedMessage): boolean {
  if (direction !== 'out' || payload.length > MAX_HANDSHAKE) return false
  const text = textOf(payload)
  return text.endsWith(SEPARATOR) && /^\{\s*"protocol"\s*:\s*"messagepack"/.test(text)
}

/** Whether it is a message of the hub protocol in JSON, or the answer to a handshake. All requests but the first carry them. */
function isRecord({ payload }: EncodedMessage): boolean {
  return payload.at(-1) === SEPARATOR.charCodeAt(0) && RECORD.test(textOf(payload.subarray(0, MAX_HANDSHAKE)))
}

class SignalRDecoding implements ConnectionDecoder {
  readonly #json: ConnectionDecoder

  constructor(json: ConnectionDecoder) {
    this.#json = json
  }

  get stateSize(): number {
    return this.#json.stateSize ?? 0
  }

  copy(): SignalRDecoding {
    return new SignalRDecoding(this.#json.copy())
  }

  decode(message: EncodedMessage, map?: PacketMap, hasValues?: boolean): readonly Packet[] {
    const { payload } = message
    if (!isHubFrames(payload)) return this.#json.decode(message, map, hasValues)
    const ends: number[] = []
    const frames = hubFrames(payload, (end) => ends.push(end))
    const records = frames.map((frame) => JSON.stringify(frame) + SEPARATOR)
    const text = Buffer.from(records.join(''))
    const asJson = { ...message, binary: false, payload: text, size: text.length }
    if (map === undefined) return this.#json.decode(asJson)
    const inner = new PacketMap()
    const packets = this.#json.decode(asJson, inner)
    map.include(inner, packets.length, text.length, placesOf(records, ends))
    return packets
  }
}

/** Where the records begin and end in the frames that they were made from. */
function placesOf(records: readonly string[], ends: readonly number[]): (at: number) => number {
  const places = new Map([[0, 0]])
  let at = 0
  for (const [index, record] of records.entries()) {
    at += Buffer.byteLength(record)
    const end = ends[index] ?? 0
    places.set(at - SEPARATOR.length, end).set(at, end)
  }
  return (each) => places.get(each) ?? 0
}

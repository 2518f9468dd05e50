/** Protocols whose messages have the same fields in JSON as in MessagePack or CBOR. */
import type { Decoder, EncodedMessage } from '../../decoder.ts'
import { translated } from '../translated.ts'
import { decodeCbor } from './cbor.ts'
import { decodeMsgpack, loadMsgpack } from './msgpack.ts'

/** A subprotocol such as `wamp.2.cbor`. */
const CBOR = /\.cbor$/

export function inMsgpackOrCbor(json: Decoder): Decoder {
  return { ...translated(json, textOf), load: loadMsgpack }
}

function textOf({ binary, payload, facts }: EncodedMessage): string | undefined {
  if (!binary) return undefined
  const isCbor = CBOR.test(facts.subprotocol ?? '')
  try {
    return JSON.stringify(isCbor ? decodeCbor(payload) : decodeMsgpack(payload))
  } catch {
    throw new Error(`The bytes are not ${isCbor ? 'CBOR' : 'MessagePack'}.`)
  }
}

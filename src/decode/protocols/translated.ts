/**
 * Protocols with a second encoding. Its messages become those in JSON that mean the same, so that one table says what they
 * mean.
 */
import type { ConnectionDecoder, Decoder, EncodedMessage, Packet } from '../decoder.ts'
import type { PacketMap } from '../packet-map.ts'

/** The text in JSON; undefined if the message is JSON already. Throws if it is not one of the protocol. */
export type Translate = (message: EncodedMessage) => string | undefined

/** `json` decodes the messages in JSON. */
export function translated(json: Decoder, translate: Translate): Decoder {
  return { ...json, isJson: false, open: (facts) => new TranslatedDecoding(json.open(facts), translate) }
}

class TranslatedDecoding implements ConnectionDecoder {
  readonly #json: ConnectionDecoder
  readonly #translate: Translate

  constructor(json: ConnectionDecoder, translate: Translate) {
    this.#json = json
    this.#translate = translate
  }

  get stateSize(): number {
    return this.#json.stateSize ?? 0
  }

  copy(): TranslatedDecoding {
    return new TranslatedDecoding(this.#json.copy(), this.#translate)
  }

  decode(message: EncodedMessage, map?: PacketMap, hasValues?: boolean): readonly Packet[] {
    const text = this.#translate(message)
    if (text === undefined) return this.#json.decode(message, map, hasValues)
    const payload = Buffer.from(text)
    return this.#json.decode({ ...message, binary: false, payload, size: payload.length })
  }
}

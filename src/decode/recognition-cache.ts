/** Remembers which decoder recognized a connection, so that a thousand connections like it do not ask all decoders again. */
import type { ConnectionFacts, Decoder } from './decoder.ts'

export interface ChosenDecoder {
  readonly decoder: Decoder
  /** Why it was chosen. */
  readonly reason: string
}

/** Kinds of connections that are remembered, and characters of the facts of one. */
const MOST_KINDS = 64
const MOST_CHARACTERS = 4096
/** Its value is random in each handshake (RFC 6455 section 4.2.2), so it says nothing. */
const RANDOM_FIELD = 'sec-websocket-accept'

type Known = Map<string, { readonly chosen: ChosenDecoder | undefined }>

const known = new WeakMap<readonly Decoder[], Known>()

/** The result of `recognize`, or the earlier one for a connection whose facts differ only in its number. */
export function recognizeOnce(
  decoders: readonly Decoder[],
  facts: ConnectionFacts,
  recognize: () => ChosenDecoder | undefined,
): ChosenDecoder | undefined {
  if (facts.decoderOptions !== undefined) return recognize()
  const key = keyOf(facts)
  if (key.length > MOST_CHARACTERS) return recognize()
  let kinds = known.get(decoders)
  if (kinds === undefined) {
    kinds = new Map()
    known.set(decoders, kinds)
  }
  const before = kinds.get(key)
  if (before !== undefined) return before.chosen
  if (kinds.size === MOST_KINDS) kinds.clear()
  const chosen = recognize()
  kinds.set(key, { chosen })
  return chosen
}

function keyOf({ connection: _, ...facts }: ConnectionFacts): string {
  return JSON.stringify(facts, (name, value) => (name.toLowerCase() === RANDOM_FIELD ? '' : value))
}

/** Remembers what decoders recognized, so that a thousand connections that are alike do not ask all of them again. */
import type { ConnectionFacts, Decoder } from './decoder.ts'
import { UnrecognizedMessages } from './unrecognized-messages.ts'

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

/** What is known of connections whose facts differ only in their numbers. */
export interface AlikeConnections {
  /** The decoder that recognizes them by these facts. */
  readonly chosen: ChosenDecoder | undefined
  /** Messages of them by which no decoder recognizes them. */
  readonly unrecognized: UnrecognizedMessages
}

const known = new WeakMap<readonly Decoder[], Map<string, AlikeConnections>>()

/** What is known of connections with these facts, at first the result of `recognize`. */
export function recognizeOnce(
  decoders: readonly Decoder[],
  facts: ConnectionFacts,
  recognize: () => ChosenDecoder | undefined,
): AlikeConnections {
  const ask = () => ({ chosen: recognize(), unrecognized: new UnrecognizedMessages() })
  if (facts.decoderOptions !== undefined) return ask()
  const key = keyOf(facts)
  if (key.length > MOST_CHARACTERS) return ask()
  let kinds = known.get(decoders)
  if (kinds === undefined) {
    kinds = new Map()
    known.set(decoders, kinds)
  }
  const before = kinds.get(key)
  if (before !== undefined) return before
  if (kinds.size === MOST_KINDS) kinds.clear()
  const alike = ask()
  kinds.set(key, alike)
  return alike
}

function keyOf({ connection: _, ...facts }: ConnectionFacts): string {
  return JSON.stringify(facts, (name, value) => (name.toLowerCase() === RANDOM_FIELD ? '' : value))
}

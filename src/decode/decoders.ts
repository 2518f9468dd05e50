/** The table of decoders. To add a sub-protocol, add a row. */
import type { ConnectionFacts, Decoder } from './decoder.ts'
import { json } from './json.ts'

/** In order of precedence; the last row takes every connection that no other recognizes. */
export const DECODERS: readonly Decoder[] = [json]

export interface ChosenDecoder {
  readonly decoder: Decoder
  /** Why it was chosen. */
  readonly reason: string
}

/** The decoder that the user chose if there is one of that name, or else the first that recognizes the connection. */
export function chooseDecoder(
  facts: ConnectionFacts,
  decoders: readonly Decoder[] = DECODERS,
): ChosenDecoder | undefined {
  const wanted = decoders.find(({ name }) => name === facts.decoder)
  if (wanted !== undefined) return { decoder: wanted, reason: 'chosen for this connection' }
  for (const decoder of decoders) {
    const reason = recognized(decoder, facts)
    if (reason !== undefined) return { decoder, reason }
  }
  return undefined
}

function recognized(decoder: Decoder, facts: ConnectionFacts): string | undefined {
  try {
    return decoder.recognize(facts)
  } catch {
    // A decoder that fails on these facts does not know the connection.
    return undefined
  }
}

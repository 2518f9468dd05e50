/** How the vendors' protocols differ: how each is recognized, and what its messages say. */

import type { Fields } from '../../../shared/fields.ts'
import type { ConnectionFacts, EncodedMessage } from '../../decoder.ts'
import { urlOf } from '../../facts.ts'
import type { AnswerPart } from './parts.ts'

export interface ModelDialect {
  readonly name: string
  recognize(facts: ConnectionFacts): string | undefined
  /** Like `recognize`, for one of the first messages, parsed; `message.isRequest` for the body of a request. */
  recognizeMessage(value: Fields, message: EncodedMessage): string | undefined
  /** What a message adds to an answer. */
  parts(value: Fields): readonly AnswerPart[]
  /** What a message calls itself, if it has no part that names it. Default its `type`. */
  nameOf?(value: Fields): string | undefined
  /** The model that a request asks, if its body does not say. */
  modelIn?(path: string): string | undefined
}

/** The decoded path of a URL; empty if it has none. */
export function pathIn(url: string | undefined): string {
  const path = urlOf(url)?.pathname ?? ''
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** The reason if a path matches. */
export function byPath({ url }: ConnectionFacts, pattern: RegExp): string | undefined {
  const path = pathIn(url)
  return pattern.test(path) ? `path ${path}` : undefined
}

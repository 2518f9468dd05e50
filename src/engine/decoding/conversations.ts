/** Finds the request and the answers that an event is a part of. */
import type { Log } from '../../capture/recording.ts'
import type { DecodedEvent } from '../../shared/decoded.ts'
import { unpackKind } from '../../shared/event-columns.ts'
import type { ConversationPart, DecodedConversation } from '../../shared/protocol/decoding.ts'
import { requireKept } from '../payload/connection-events.ts'
import { decodedPreview } from './decoded-preview.ts'
import { answerIn, requestIn } from './pairs-in-messages.ts'
import type { SessionDecoding } from './session-decoding.ts'

/** Limits of the search for answers: events looked at, milliseconds, and answers. */
const MAX_EVENTS = 16_384
const MAX_TIME = 100
const MAX_ANSWERS = 500

/** Null if the event neither asks nor answers. Throws NO_EVENT. */
export function findConversation(
  log: Log,
  decoding: SessionDecoding,
  index: number,
): DecodedConversation | null {
  requireKept(log, index)
  const asked = requestOf(decoding, index)
  if (asked === undefined || asked < log.firstKept) return null
  if (partOf(log, decoding, asked) === undefined) return null
  let first: DecodedEvent | undefined
  const answers: ConversationPart[] = []
  const until = performance.now() + MAX_TIME
  const from = decoding.answerTo(asked) ?? asked + 1
  const end = Math.min(log.count, from + MAX_EVENTS)
  let at = Math.max(from, log.firstKept)
  for (; at < end && answers.length < MAX_ANSWERS && performance.now() < until; at++) {
    const events = decoding.at(at)
    if (events === undefined) break
    const answer = answerIn(events.filter((event) => event.answers === asked + 1))
    first ??= answer
    const part = answer === undefined ? undefined : partOf(log, decoding, at, answer)
    if (part !== undefined) answers.push(part)
  }
  const packet = first && requestIn(decoding.at(asked) ?? [], first)
  const request = partOf(log, decoding, asked, packet)
  if (request === undefined) return null
  const figures = decoding.figuresLike(asked) ?? null
  return { request, answers, isWaiting: answers.length === 0, isCut: at < log.count, figures }
}

/** The event that asks, which may be the event itself. */
function requestOf(decoding: SessionDecoding, index: number): number | undefined {
  const answer = answerIn(decoding.at(index) ?? [])
  if (answer?.answers !== undefined) return answer.answers - 1
  const asks = decoding.answerTo(index) !== undefined || decoding.isUnanswered(index) === true
  return asks ? index : undefined
}

/** An event as a side of a conversation, with one of its packets or all. Undefined if it has none. */
export function partOf(
  log: Log,
  decoding: SessionDecoding,
  index: number,
  only?: DecodedEvent,
): ConversationPart | undefined {
  const events = only === undefined ? decoding.at(index) : [only]
  const preview = decodedPreview(events ?? [], decoding.isUnanswered(index) === true)
  if (preview === undefined) return undefined
  const { time, kind } = log.row(index)
  return { index, time, direction: unpackKind(kind).direction ?? 'out', preview }
}

/** What belongs to an event: its question or answer, and the message like it before. */
import type { Log } from '../../capture/log.ts'
import type { Related } from '../../shared/protocol/payloads.ts'
import { labelAt } from '../previews.ts'
import { findAnswer } from './answer.ts'
import { backward, connectionOf, forward } from './rows.ts'

/** Events of the session looked at, and messages read among them. */
const MOST_EVENTS = 65_536
const MOST_READ = 2048

/** Throws NO_EVENT. */
export function findRelated(capture: Log, index: number): Related {
  const connection = connectionOf(capture, index)
  const answer = findAnswer(capture, index)
  const [here] = forward(capture, connection, index, 1)
  if (here?.kind.type !== 'message') return { answer, previous: null, label: here?.kind.type ?? '' }
  const event = capture.row(index).label
  const label = labelAt(capture, index)
  let left = MOST_READ
  for (const { index: at, kind } of backward(capture, connection, index, MOST_EVENTS)) {
    if (kind.type !== 'message' || kind.direction !== here.kind.direction) continue
    if (left-- === 0) break
    if (capture.row(at).label === event && labelAt(capture, at) === label)
      return { answer, previous: at, label: capture.labels[event] || label }
  }
  return { answer, previous: null, label: capture.labels[event] || label }
}

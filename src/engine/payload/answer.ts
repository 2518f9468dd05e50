/** Finds the question to an answer, or the answer to a question, among the events around. */
import type { Log } from '../../capture/log.ts'
import type { Direction } from '../../shared/event.ts'
import type { Answer } from '../../shared/protocol/payloads.ts'
import { backward, connectionOf, forward, type Step } from './rows.ts'

/** Events of the session looked at either way, and payloads read among them. */
const MOST_EVENTS = 65_536
const MOST_READ = 4096
/** Messages longer than this are not read for an id. */
const MOST_BYTES = 64 * 1024

/** Members that carry the id by which an answer names its question: JSON-RPC 2.0 section 4, and common relatives. */
const ID_NAMES = ['id', 'requestId', 'request_id', 'reqId', 'req_id'] as const

interface Message {
  /** Member name and value. */
  readonly id: string
  readonly role: 'request' | 'response' | undefined
}

/** The pair an event is half of, or null where the other half is not among the events around it. */
export function findAnswer(capture: Log, index: number): Answer | null {
  const connection = connectionOf(capture, index)
  const [here] = forward(capture, connection, index, 1)
  if (here === undefined) return null
  const { type } = here.kind
  if (type === 'ping' || type === 'pong') return findPong(capture, connection, here)
  return type === 'message' ? findMessage(capture, connection, here) : null
}

function pair(by: Answer['by'], a: Step, b: Step): Answer {
  const [request, response] = a.index < b.index ? [a, b] : [b, a]
  return { by, request: request.index, response: response.index, took: response.time - request.time }
}

function findPong(capture: Log, connection: number, here: Step): Answer | null {
  const { type, direction } = here.kind
  const data = capture.payload(here.index)
  if (data === undefined) return null
  const wanted = type === 'ping' ? 'pong' : 'ping'
  const around = type === 'ping' ? forward : backward
  const from = type === 'ping' ? here.index + 1 : here.index
  for (const step of around(capture, connection, from, MOST_EVENTS)) {
    if (step.kind.type === 'open') return null
    if (step.kind.type !== wanted || step.kind.direction !== opposite(direction)) continue
    if (step.size === here.size && sameBytes(capture.payload(step.index), data))
      return pair('ping', here, step)
  }
  return null
}

function findMessage(capture: Log, connection: number, here: Step): Answer | null {
  const message = readMessage(capture, here)
  if (message === undefined) return null
  const back = () => search(capture, here, message, backward(capture, connection, here.index, MOST_EVENTS))
  const on = () => search(capture, here, message, forward(capture, connection, here.index + 1, MOST_EVENTS))
  const found = message.role === 'response' ? back() : message.role === 'request' ? on() : (back() ?? on())
  return found === undefined ? null : pair('id', here, found)
}

function search(capture: Log, here: Step, message: Message, around: Iterable<Step>): Step | undefined {
  const direction = opposite(here.kind.direction)
  let left = MOST_READ
  for (const step of around) {
    if (step.kind.type === 'open') return undefined
    if (step.kind.type !== 'message' || step.kind.direction !== direction) continue
    if (left-- === 0) return undefined
    const other = readMessage(capture, step)
    if (other?.id !== message.id) continue
    if (other.role === undefined || other.role !== message.role) return step
  }
  return undefined
}

function readMessage(capture: Log, { index, size }: Step): Message | undefined {
  if (size === 0 || size > MOST_BYTES) return undefined
  const payload = capture.payload(index)
  // `{` may only be preceded by white space (RFC 8259 section 2); most of what is no object stops here.
  if (payload === undefined || (payload[0] ?? 0) > 0x7b) return undefined
  try {
    return messageOf(JSON.parse(Buffer.from(payload.buffer).toString()))
  } catch {
    // What is no JSON has no id.
    return undefined
  }
}

function messageOf(value: unknown): Message | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const members = value as Readonly<Record<string, unknown>>
  for (const name of ID_NAMES) {
    const id = Object.hasOwn(members, name) ? members[name] : undefined
    if (typeof id !== 'string' && typeof id !== 'number') continue
    const isResponse = 'result' in members || 'error' in members
    return {
      id: `${name} ${JSON.stringify(id)}`,
      role: isResponse ? 'response' : 'method' in members ? 'request' : undefined,
    }
  }
  return undefined
}

function opposite(direction: Direction | undefined): Direction {
  return direction === 'in' ? 'out' : 'in'
}

function sameBytes(a: Uint8Array | undefined, b: Uint8Array): boolean {
  return a !== undefined && Buffer.compare(a, b) === 0
}

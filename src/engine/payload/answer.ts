/** Finds the question to an answer, or the answer to a question, among the events around. */
import type { Log } from '../../capture/log.ts'
import type { Direction } from '../../shared/event.ts'
import { isDirectedType } from '../../shared/event-types.ts'
import type { Answer } from '../../shared/protocol/payloads.ts'
import { backward, connectionOf, forward, type Step } from './rows.ts'

/** Events of the session looked at either way, and payloads read among them. */
const MOST_EVENTS = 65_536
const MOST_READ = 2048
/** Messages longer than this are not read for an id. */
const MOST_BYTES = 64 * 1024

/** Members that carry the id by which an answer names its question: JSON-RPC 2.0 section 4, and common relatives. */
const ID_NAMES = ['id', 'requestId', 'request_id', 'reqId', 'req_id'] as const

type Role = 'request' | 'response'

interface Message {
  /** Member name and value. */
  readonly id: string
  /** Undefined if the message does not say. */
  readonly role: Role | undefined
}

interface Turn {
  readonly step: Step
  readonly role: Role | undefined
}

/** Makes a turn of an event that has the id looked for; undefined for any other. */
type Read = (step: Step) => Turn | undefined

/** The pair an event is half of, or null if the other half is not among the events around it. */
export function findAnswer(capture: Log, index: number): Answer | null {
  const connection = connectionOf(capture, index)
  const [here] = forward(capture, connection, index, 1)
  if (here === undefined) return null
  const { type } = here.kind
  if (!isDirectedType(type)) return null
  const alike = (steps: Iterable<Step>) =>
    type === 'message' ? turns(steps, messagesLike(capture, here)) : turns(steps, pingsLike(capture, here))
  const before = alike(backward(capture, connection, index, MOST_EVENTS)).reverse()
  const found = findPair(here, before.concat(alike(forward(capture, connection, index, MOST_EVENTS))))
  if (found === undefined) return null
  const { request, response } = found
  return {
    by: type === 'message' ? 'id' : 'ping',
    request: request.index,
    response: response.index,
    took: response.time - request.time,
  }
}

/** Those of a connection's events that have the id, up to where it was opened or opened anew. */
function turns(steps: Iterable<Step>, read: Read | undefined): Turn[] {
  const found: Turn[] = []
  if (read === undefined) return found
  for (const step of steps) {
    if (step.kind.type === 'open') break
    const turn = read(step)
    if (turn !== undefined) found.push(turn)
  }
  return found
}

/**
 * The request and the response of which `here` is one. A response comes after its request, the other way, and each
 * belongs to one other: if two requests with one id wait, nothing tells which of them is answered. A message that does
 * not say what it is counts as a request if we sent it, and as its response if it came; once more of them came than
 * were asked for, the id names something else, such as a subscription, and pairs nothing any more.
 */
function findPair(here: Step, all: readonly Turn[]): { request: Step; response: Step } | undefined {
  const waiting: Record<Direction, Step[]> = { in: [], out: [] }
  let isReused = false
  for (const { step, role } of all) {
    const direction = step.kind.direction ?? 'in'
    const isRequest = role === 'request' || (role === undefined && direction === 'out')
    if (isRequest) {
      waiting[direction].push(step)
      continue
    }
    const requests = waiting[opposite(direction)].splice(0)
    const [request] = requests
    isReused ||= role === undefined && request === undefined
    if (request === undefined || requests.length > 1 || (role === undefined && isReused)) continue
    if (request.index === here.index || step.index === here.index) return { request, response: step }
  }
  return undefined
}

function pingsLike(capture: Log, here: Step): Read | undefined {
  const data = capture.payload(here.index)
  if (data === undefined) return undefined
  return (step) => {
    const { type } = step.kind
    if ((type !== 'ping' && type !== 'pong') || step.size !== here.size) return undefined
    if (!sameBytes(capture.payload(step.index), data)) return undefined
    return { step, role: type === 'ping' ? 'request' : 'response' }
  }
}

function messagesLike(capture: Log, here: Step): Read | undefined {
  const id = readMessage(capture, here)?.id
  if (id === undefined) return undefined
  let left = MOST_READ
  return (step) => {
    if (step.kind.type !== 'message' || left-- <= 0) return undefined
    const message = readMessage(capture, step)
    return message?.id === id ? { step, role: message.role } : undefined
  }
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

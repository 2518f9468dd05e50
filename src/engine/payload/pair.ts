/** Finds the response to a request, or the request of a response, among the events around it. */
import type { Log } from '../../capture/recording.ts'
import type { Direction } from '../../shared/event.ts'
import { isDirectedType } from '../../shared/event-types.ts'
import type { RequestPair } from '../../shared/protocol/payloads.ts'
import { backward, connectionOf, forward, type Step } from './connection-events.ts'

/** Limits of the search in each direction: events looked at, and payloads read among them. */
const MAX_EVENTS = 65_536
const MAX_READ = 2048
/** Longer messages are not searched for an id. */
const MAX_BYTES = 64 * 1024

/** Members that carry the id by which a response names its request: JSON-RPC 2.0 section 4, and common variants. */
const ID_NAMES = ['id', 'requestId', 'request_id', 'reqId', 'req_id'] as const

type Role = 'request' | 'response'

interface Message {
  /** Member name and value. */
  readonly id: string
  /** Undefined if the message does not say. */
  readonly role: Role | undefined
}

/** An event that carries the id in question. */
interface Candidate {
  readonly step: Step
  readonly role: Role | undefined
}

/** Returns undefined for an event that does not carry the id. */
type Read = (step: Step) => Candidate | undefined

/** The pair that the event is one half of; null if the other half is not among the events around it. */
export function findPair(capture: Log, index: number): RequestPair | null {
  const connection = connectionOf(capture, index)
  const [here] = forward(capture, connection, index, 1)
  if (here === undefined) return null
  const { type } = here.kind
  if (!isDirectedType(type)) return null
  const candidates = (steps: Iterable<Step>) =>
    candidatesAmong(steps, type === 'message' ? readMessages(capture, here) : readPings(capture, here))
  const before = candidates(backward(capture, connection, index, MAX_EVENTS)).reverse()
  const all = before.concat(candidates(forward(capture, connection, index, MAX_EVENTS)))
  const found = matchPair(here, all)
  if (found === undefined) return null
  const { request, response } = found
  return {
    by: type === 'message' ? 'id' : 'ping',
    request: request.index,
    response: response.index,
    took: response.time - request.time,
  }
}

/** The events with the id, up to the next or previous `open` of the connection. */
function candidatesAmong(steps: Iterable<Step>, read: Read | undefined): Candidate[] {
  const found: Candidate[] = []
  if (read === undefined) return found
  for (const step of steps) {
    if (step.kind.type === 'open') break
    const candidate = read(step)
    if (candidate !== undefined) found.push(candidate)
  }
  return found
}

/**
 * The request and the response one of which is `here`. A response follows its request in the other direction. If two
 * requests with the same id are waiting, the response is ambiguous and pairs with neither. A message without a role
 * counts as a request if it was sent and as a response if it was received; after more responses than requests, the id
 * names something else, such as a subscription, and pairs nothing from there on.
 */
function matchPair(here: Step, all: readonly Candidate[]): { request: Step; response: Step } | undefined {
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

function readPings(capture: Log, here: Step): Read | undefined {
  const data = capture.payload(here.index)
  if (data === undefined) return undefined
  return (step) => {
    const { type } = step.kind
    if ((type !== 'ping' && type !== 'pong') || step.size !== here.size) return undefined
    if (!sameBytes(capture.payload(step.index), data)) return undefined
    return { step, role: type === 'ping' ? 'request' : 'response' }
  }
}

function readMessages(capture: Log, here: Step): Read | undefined {
  const id = readMessage(capture, here)?.id
  if (id === undefined) return undefined
  let left = MAX_READ
  return (step) => {
    if (step.kind.type !== 'message' || left-- <= 0) return undefined
    const message = readMessage(capture, step)
    return message?.id === id ? { step, role: message.role } : undefined
  }
}

function readMessage(capture: Log, { index, size }: Step): Message | undefined {
  if (size === 0 || size > MAX_BYTES) return undefined
  const payload = capture.payload(index)
  // Only white space may precede `{` (RFC 8259 section 2), so this rejects most payloads that are not objects.
  if (payload === undefined || (payload[0] ?? 0) > 0x7b) return undefined
  try {
    return messageOf(JSON.parse(Buffer.from(payload.buffer).toString()))
  } catch {
    // Not JSON, so there is no id.
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

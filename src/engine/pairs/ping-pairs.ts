/** Finds the pong to a ping, or the ping of a pong, among the events around it (RFC 6455 section 5.5.3). */
import type { Log } from '../../capture/recording.ts'
import type { Direction } from '../../shared/event.ts'
import { backward, connectionOf, forward, type Step } from '../payload/connection-events.ts'

/** Events looked at in each direction. */
const MAX_EVENTS = 65_536

/** Undefined if the event is neither, or the other half is not among the events around it. */
export function pingPair(log: Log, index: number): { ping: Step; pong: Step } | undefined {
  const connection = connectionOf(log, index)
  const [here] = forward(log, connection, index, 1)
  const data = here === undefined ? undefined : log.payload(index)
  if (here === undefined || data === undefined || !isPingOrPong(here)) return undefined
  const alike = (steps: Iterable<Step>) => pingsAmong(log, steps, data)
  const before = alike(backward(log, connection, index, MAX_EVENTS)).reverse()
  return matchPair(here, before.concat(alike(forward(log, connection, index, MAX_EVENTS))))
}

function isPingOrPong({ kind: { type } }: Step): boolean {
  return type === 'ping' || type === 'pong'
}

/** The pings and pongs with these data, up to the next or previous `open` of the connection. */
function pingsAmong(log: Log, steps: Iterable<Step>, data: Uint8Array): Step[] {
  const found: Step[] = []
  for (const step of steps) {
    if (step.kind.type === 'open') break
    if (!isPingOrPong(step) || step.size !== data.length) continue
    const other = log.payload(step.index)
    if (other !== undefined && Buffer.compare(other, data) === 0) found.push(step)
  }
  return found
}

/**
 * A ping and its pong; `here` is one of the two. A pong follows its ping in the other direction. If two pings with the
 * same data are waiting, the pong is ambiguous and pairs with neither.
 */
function matchPair(here: Step, all: readonly Step[]): { ping: Step; pong: Step } | undefined {
  const waiting: Record<Direction, Step[]> = { in: [], out: [] }
  for (const step of all) {
    const direction = step.kind.direction ?? 'in'
    if (step.kind.type === 'ping') {
      waiting[direction].push(step)
      continue
    }
    const pings = waiting[direction === 'in' ? 'out' : 'in'].splice(0)
    const [ping] = pings
    if (ping === undefined || pings.length > 1) continue
    if (ping.index === here.index || step.index === here.index) return { ping, pong: step }
  }
  return undefined
}

/** Records what real servers send, and diagnoses it. */
import type { Rule } from '../../../../src/diagnose/rule.ts'
import type { RealtimeEvent } from '../../../../src/shared/event.ts'
import type { Finding } from '../../../../src/shared/finding.ts'
import type { ConnectionSpec } from '../../../../src/shared/spec.ts'
import { capturedBy, diagnose } from '../../../support/diagnose.ts'
import { LiveEngine } from '../../../support/live-engine.ts'

/** What is waited for: messages and reconnects in total, or the end of all connections. */
export interface Until {
  readonly messages?: number
  readonly reconnects?: number
  readonly hasEnded?: boolean
  /** Opens each connection when the one before it has ended. */
  readonly oneByOne?: boolean
}

export interface Recorded {
  readonly events: readonly RealtimeEvent[]
  readonly startedAt: number
  /** What a rule finds, with a threshold. */
  find(rule: Rule, threshold?: number): Promise<Finding[]>
}

/** Opens the connections, and records until what is waited for has come. */
export async function record(
  specs: ConnectionSpec | readonly ConnectionSpec[],
  until: Until,
): Promise<Recorded> {
  const live = new LiveEngine()
  try {
    for (const spec of [specs].flat()) {
      await live.engine.handlers.connect({ spec })
      if (until.oneByOne === true) await live.until(() => hasCome(live, until))
    }
    await live.until(() => hasCome(live, until))
    const startedAt = Date.parse(live.engine.status().startedAt)
    return recorded(await capturedBy(live), startedAt)
  } finally {
    await live.engine.handlers.shutdown(null)
  }
}

export function recorded(events: readonly RealtimeEvent[], startedAt: number): Recorded {
  return {
    events,
    startedAt,
    find: (rule, threshold) =>
      diagnose(events, {
        rules: [rule],
        startedAt: () => startedAt,
        ...(threshold !== undefined && { thresholds: { [rule.name]: threshold } }),
      }),
  }
}

function hasCome({ engine }: LiveEngine, { messages = 0, reconnects = 0, hasEnded = false }: Until): boolean {
  const { connections } = engine.status()
  const sum = (what: 'messagesIn' | 'reconnects') =>
    connections.reduce((total, connection) => total + connection[what], 0)
  return (
    sum('messagesIn') >= messages &&
    sum('reconnects') >= reconnects &&
    (!hasEnded || connections.every(({ state }) => state === 'closed' || state === 'failed'))
  )
}

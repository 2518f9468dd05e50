/** The lifecycle of connections for the editor's log: one line an event, with secrets masked and at a limited rate. */
import { redactEvent } from '../session/redact.ts'
import type { RealtimeEvent } from '../shared/event.ts'
import { EVENT_TRAITS, type TypeWith } from '../shared/event-types.ts'
import type { EngineNotifications } from '../shared/protocol/notifications.ts'

type Line = EngineNotifications['log']

/** Lines within `SPAN` milliseconds: a connection may come and go many times a second, for days. */
const MAX_LINES = 60
const SPAN = 10_000

export class LifecycleLog {
  readonly #tell: (line: Line) => void
  /** Session time at which the count starts over. */
  #until = 0
  #count = 0

  constructor(tell: (line: Line) => void) {
    this.#tell = tell
  }

  /** Logs the event if it is a lifecycle event. */
  note(event: RealtimeEvent): void {
    if (!isStep(event)) return
    if (event.time >= this.#until) {
      this.#until = event.time + SPAN
      this.#count = 0
    }
    this.#count++
    if (this.#count <= MAX_LINES) this.#tell(lineOf(event))
    else if (this.#count === MAX_LINES + 1)
      this.#tell({
        level: 'warn',
        message: `More than ${MAX_LINES} connection events in ${SPAN / 1000} s; further ones are shown only in the panel.`,
      })
  }
}

function lineOf(event: LifecycleEvent): Line {
  const level = event.type === 'error' || event.type === 'gap' ? 'warn' : 'info'
  return { level, message: lineText(event) }
}

type LifecycleEvent = Extract<RealtimeEvent, { readonly type: TypeWith<'isConnectionStep', true> }>

function isStep(event: RealtimeEvent): event is LifecycleEvent {
  return EVENT_TRAITS[event.type].isConnectionStep
}

/** The event on one line, even if a text of the peer has line breaks. */
function lineText(event: LifecycleEvent): string {
  const text = describe(redactEvent(event, {}) as LifecycleEvent).replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')
  return `Connection ${event.connection}: ${text}`
}

function describe(event: LifecycleEvent): string {
  switch (event.type) {
    case 'connect':
      return `connecting to ${event.url}${event.attempt === 0 ? '' : `, attempt ${event.attempt}`}`
    case 'open': {
      const { transport, status, httpVersion, subprotocol, tls, remoteAddress } = event
      const version = httpVersion === undefined ? undefined : `HTTP/${httpVersion}`
      const parts = [transport, status, version, subprotocol, tls?.protocol, remoteAddress]
      return `open, ${parts.filter((part) => part !== undefined).join(', ')}`
    }
    case 'close': {
      const by = event.by === 'network' ? 'the connection was lost' : event.by && `by the ${event.by}`
      return ['closed', event.code, by, event.reason].filter(Boolean).join(', ')
    }
    case 'reconnect':
      return `attempt ${event.attempt} in ${Math.round(event.delay)} ms: ${event.reason}`
    case 'error':
      return `${event.code}: ${event.message}`
    case 'gap': {
      const { missed, repeated } = event
      const parts = [missed && `${missed} missed`, repeated && `${repeated} repeated`]
      return `events over the reconnect: ${parts.filter(Boolean).join(', ')}`
    }
  }
}

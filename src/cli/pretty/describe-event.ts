/** Describes an event as text, before layout and color. */
import type {
  CloseEvent,
  ConnectEvent,
  MessageEvent,
  OpenEvent,
  PayloadEvent,
  RealtimeEvent,
  Timing,
} from '../../shared/event.ts'
import { readableField } from '../../shared/headers.ts'
import { preciseSpan, timeSpan } from '../../shared/text/quantities.ts'

/** Decides the color of a line. */
export type Tone = 'in' | 'out' | 'quiet' | 'good' | 'notice' | 'bad'

export interface Description {
  readonly mark: string
  /** The event type; for a message, its event name or opcode. */
  readonly type: string
  readonly tone: Tone
  /** The payload of an event that has one, and its size in bytes, also if it was dropped. */
  readonly payload?: { readonly bytes: Uint8Array; readonly size: number; readonly isBinary?: boolean }
  /** Shown before the payload, or alone. May contain what the peer sent, so it is not safe for a terminal. */
  readonly text?: string
  /** The text is a sentence, which is never cut. */
  readonly isSentence?: boolean
}

const ARROW = { in: '↓', out: '↑' } as const

/** Describes an event. Text from the peer is unchanged. */
export function describe(event: RealtimeEvent): Description {
  switch (event.type) {
    case 'connect':
      return { mark: '○', type: 'connect', tone: 'quiet', text: connectText(event), ...bodyOf(event) }
    case 'open':
      return { mark: '●', type: 'open', tone: 'good', text: openText(event) }
    case 'message':
      return {
        mark: ARROW[event.direction],
        // The event name of SSE, or the opcode of WebSocket.
        type: event.event ?? event.opcode ?? 'message',
        tone: event.automatic === undefined ? event.direction : 'quiet',
        ...payloadOf(event, remarks(event)),
      }
    case 'ping':
    case 'pong':
      return { mark: ARROW[event.direction], type: event.type, tone: 'quiet', ...payloadOf(event) }
    case 'comment':
      return { mark: ARROW.in, type: 'comment', tone: 'quiet', ...payloadOf(event) }
    case 'request':
      return {
        mark: ARROW.out,
        type: 'request',
        tone: 'quiet',
        text: join(
          event.automatic === undefined ? '' : `by ${event.automatic}`,
          `${withSpace(event.method)}${event.url ?? ''}`,
          cursorText(event.cursor),
        ),
        ...bodyOf(event),
      }
    case 'response': {
      const held = event.held === undefined ? '' : `held ${timeSpan(event.held)}`
      const empty = event.empty ? 'nothing new' : ''
      const opened = event.timing?.tcp === undefined ? '' : `new connection: ${phasesText(event.timing)}`
      const text = join(String(event.status ?? ''), held, empty, opened, cursorText(event.cursor))
      return { mark: ARROW.in, type: 'response', tone: 'quiet', text }
    }
    case 'close':
      return {
        mark: '○',
        type: 'close',
        tone: event.by === 'network' ? 'bad' : 'quiet',
        text: closeText(event),
      }
    case 'error':
      return { mark: '✗', type: 'error', tone: 'bad', text: event.message, isSentence: true }
    case 'reconnect': {
      const from = event.sameId
        ? 'after the last event id'
        : event.lastEventId === undefined
          ? ''
          : `after event ${event.lastEventId}`
      const text = join(
        `attempt ${event.attempt} in ${timeSpan(event.delay)}: ${event.reason}`,
        from,
        cursorText(event.cursor),
      )
      return { mark: '↻', type: 'reconnect', tone: 'notice', text, isSentence: true }
    }
    case 'gap': {
      const missed = event.missed === undefined ? '' : `${event.missed} missed`
      const repeated = event.repeated === undefined ? '' : `${event.repeated} repeated`
      return { mark: '!', type: 'gap', tone: 'notice', text: join(missed, repeated) }
    }
    case 'pause': {
      const text = `reading was paused for ${timeSpan(event.duration)}`
      return { mark: '!', type: 'pause', tone: 'notice', text }
    }
    case 'mark':
      return {
        mark: '*',
        type: 'mark',
        tone: 'notice',
        text: join(event.text, byRule(event)),
        isSentence: true,
      }
  }
}

function payloadOf(event: PayloadEvent, text = ''): Pick<Description, 'payload' | 'text'> {
  const { payload, dropped } = event
  const isBinary = event.type === 'message' && event.opcode === 'binary'
  return {
    payload: { bytes: payload, size: dropped ?? payload.length, isBinary },
    text: dropped === undefined ? text : `${text}(not kept)`,
  }
}

/** Remarks on a message, shown before its payload. */
function remarks({ truncated, oddities = [], automatic }: MessageEvent): string {
  const cut = truncated === true ? ['cut short'] : []
  const why = automatic === undefined ? [] : [`by ${automatic}`]
  return [...why, ...cut, ...oddities].map((remark) => `(${remark}) `).join('')
}

/** The HTTP method of a connection, if it has one other than by default. */
export function methodOf({ method, body }: ConnectEvent): string | undefined {
  return method ?? (body === undefined ? undefined : 'POST')
}

/** The body of a request. */
function bodyOf({ body }: Pick<ConnectEvent, 'body'>): Pick<Description, 'payload'> {
  if (body === undefined) return {}
  const bytes = typeof body === 'string' ? Buffer.from(body) : Buffer.from(body.base64, 'base64')
  return { payload: { bytes, size: bytes.length } }
}

function withSpace(word: string | undefined): string {
  return word === undefined ? '' : `${word} `
}

function join(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(', ')
}

function cursorText(cursor: string | undefined): string {
  return cursor === undefined ? '' : `cursor ${readableField(cursor)}`
}

function connectText(event: ConnectEvent): string {
  const transport = event.transport === 'auto' ? '' : `${event.transport} `
  return `${transport}${withSpace(methodOf(event))}${event.url}${event.attempt > 0 ? ` (attempt ${event.attempt})` : ''}`
}

function openText(event: OpenEvent): string {
  return join(
    [event.transport, event.status].filter((part) => part !== undefined).join(' '),
    event.httpVersion === undefined ? '' : `HTTP/${event.httpVersion}`,
    event.subprotocol === undefined ? '' : `subprotocol ${event.subprotocol}`,
    readableField(event.extensions ?? ''),
    event.framing === undefined ? '' : `framing ${event.framing}`,
    event.tls?.protocol ?? '',
    phasesText(event.timing),
    event.oddities?.join(', ') ?? '',
  )
}

const PHASES = [
  ['queued', 'waited'],
  ['dns', 'DNS'],
  ['tcp', 'TCP'],
  ['tls', 'TLS'],
  ['firstByte', 'first byte'],
] as const

/** The phases up to the first byte that happened, such as `TCP 3.1 ms, first byte 20 ms`. */
function phasesText(timing: Timing = {}): string {
  return PHASES.flatMap(([phase, name]) => {
    const took = timing[phase]
    return took === undefined ? [] : [`${name} ${preciseSpan(took)}`]
  }).join(', ')
}

function byRule({ rule }: Pick<CloseEvent, 'rule'>): string {
  return rule === undefined ? '' : `by rule ${rule}`
}

function closeText(event: CloseEvent): string {
  const code = event.code === undefined ? '' : `${event.code} `
  const by = event.by === 'network' ? 'the connection was lost' : `by ${event.by ?? 'an unknown side'}`
  const trailers = Object.entries(event.trailers ?? {}).map(
    ([name, value]) => `${name}: ${readableField([value].flat().join(', '))}`,
  )
  return join(
    `${code}${by}${event.reason ? `: ${event.reason}` : ''}`,
    byRule(event),
    trailers.length === 0 ? '' : `trailers ${trailers.join('; ')}`,
    event.oddities?.join(', ') ?? '',
  )
}

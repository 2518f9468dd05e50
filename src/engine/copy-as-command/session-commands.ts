/** The connections of a session as commands of terminal tools. */
import type { Log } from '../../capture/recording.ts'
import { redactEvent } from '../../session/redact.ts'
import { isoDate } from '../../shared/clock.ts'
import type { ConnectEvent, RequestEvent } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import type { SessionCommands } from '../../shared/protocol/payloads.ts'
import { curl } from './curl.ts'
import { sentByConnection, type Traffic } from './sent-messages.ts'
import { toolFor } from './shell-syntax.ts'
import { type OutboundPayload, textOf, websocatAll } from './websocat.ts'

/** Maximum number of connections that get a command. */
const MAX_CONNECTIONS = 200
/** Maximum number of characters of all commands together. */
const MAX_TEXT = 8 * 1024 * 1024

export interface SessionCommandsOptions {
  /** The first `connect` of a connection if the log no longer has it. */
  readonly connectOf?: (connection: number) => ConnectEvent | undefined
  /** Leaves secrets as they are. */
  readonly reveal: boolean
}

/** Rejects with NO_CONNECTION if the log has no connection, or with CLEARED. */
export async function sessionCommands(
  log: Log,
  { connectOf = () => undefined, reveal }: SessionCommandsOptions,
): Promise<SessionCommands> {
  const traffics = await sentByConnection(log)
  if (traffics.length === 0)
    throw new Failure('NO_CONNECTION', 'There is no connection to make a command for; connect first.')
  const masked = new Set<string>()
  const omitted: string[] = []
  const commands: string[] = []
  let length = 0
  for (const traffic of traffics.slice(0, MAX_CONNECTIONS)) {
    const { connection, connect = connectOf(connection) } = traffic
    const maker = new CommandMaker(log, reveal, masked)
    const made = maker.make(traffic, connect)
    const fits = length + made.length <= MAX_TEXT
    if (!fits) maker.omitted.push('its command, too long for the text')
    const left = maker.omitted.map((what) => `connection ${connection}: ${what}`)
    for (const what of left) omitted.push(what)
    const about = left.map((what) => comment(`Left out: ${what}.`))
    if (made === '' || !fits) {
      commands.push(about.join('\n'))
      continue
    }
    length += made.length
    commands.push([comment(maker.title), ...about, made].join('\n'))
  }
  const more = traffics.length - MAX_CONNECTIONS
  if (more > 0) {
    omitted.push(`${more} further connections`)
    commands.push(comment(`Left out: ${more} further connections.`))
  }
  const names = [...masked].sort()
  return {
    text: `${[heading(log, names), ...commands].join('\n\n')}\n`,
    masked: names,
    connections: traffics.length,
    omitted,
  }
}

function heading({ startedAt, firstKept }: Log, masked: readonly string[]): string {
  const start = isoDate(startedAt)
  return [
    `Realtime session${start === undefined ? '' : ` of ${start}`} for a POSIX shell with curl 7.71 or later and websocat 1.11 to 1.14.`,
    'Each command runs until the server closes the connection or you press Ctrl-C. To run several at once, use a terminal for each.',
    ...(masked.length === 0 ? [] : [`Secrets masked: ${masked.join(', ')}.`]),
    ...(firstKept === 0 ? [] : [`The first ${firstKept} events had been dropped.`]),
  ]
    .map(comment)
    .join('\n')
}

/** An interactive shell may run a comment as a command, so it has only characters without a special meaning. */
function comment(text: string): string {
  return `# ${text.replaceAll(/[^\w .,:+-]/g, ' ')}`
}

/** The sentence of a failure as a clause. */
function clauseOf({ message }: Failure): string {
  return message.charAt(0).toLowerCase() + message.slice(1).replace(/\.$/, '')
}

/** Makes the command of one connection. */
class CommandMaker {
  /** What the command leaves out. */
  readonly omitted: string[] = []
  title = ''
  readonly #log: Log
  readonly #reveal: boolean
  readonly #masked: Set<string>

  constructor(log: Log, reveal: boolean, masked: Set<string>) {
    this.#log = log
    this.#reveal = reveal
    this.#masked = masked
  }

  /** Empty if no command can be made; `omitted` says why. */
  make(traffic: Traffic, connect: ConnectEvent | undefined): string {
    const { connection, attempts } = traffic
    if (connect === undefined) {
      this.omitted.push('the session does not have the event that opened it')
      return ''
    }
    this.title = `Connection ${connection}, ${connect.transport}`
    if (attempts > 1) this.title += `, made ${attempts} times`
    try {
      return toolFor(connect.url) === 'curl'
        ? this.#curl(this.#hidden(connect), traffic)
        : this.#websocat(this.#hidden(connect), traffic)
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      this.omitted.push(clauseOf(error))
      return ''
    }
  }

  #hidden<T extends ConnectEvent | RequestEvent>(event: T): T {
    return this.#reveal ? event : (redactEvent(event, { masked: this.#masked }) as T)
  }

  #curl(spec: ConnectEvent, { requests, firstRequest }: Traffic): string {
    const isKept = firstRequest !== undefined && firstRequest >= this.#log.firstKept
    const request = isKept ? this.#log.event(firstRequest) : undefined
    if (requests > 1) this.title += `: its first request, of ${requests}`
    return curl(spec, request?.type === 'request' ? this.#hidden(request) : undefined)
  }

  #websocat(spec: ConnectEvent, traffic: Traffic): string {
    const messages = this.#messages(traffic)
    const { sent } = traffic
    const these = messages.length === sent ? '' : `${messages.length} of `
    this.title += `: ${these}${sent} sent ${sent === 1 ? 'message' : 'messages, at once over one connection'}`
    if (spec.socketPath !== undefined) this.omitted.push('its Unix socket, which the command does not use')
    if (spec.proxy !== undefined) this.omitted.push('its proxy, which the command does not use')
    return websocatAll(spec, messages)
  }

  #messages({ outbound, beyond, dropped }: Traffic): OutboundPayload[] {
    const messages: OutboundPayload[] = []
    let [gone, torn, broken] = [dropped, 0, 0]
    for (const index of outbound) {
      if (index < this.#log.firstKept || this.#log.isDropped(index)) {
        gone++
        continue
      }
      const event = this.#log.event(index)
      if (event.type !== 'message') continue
      const message = { bytes: event.payload, opcode: event.opcode }
      if (event.truncated === true) torn++
      else if (message.opcode !== 'binary' && textOf(message) === undefined) broken++
      else messages.push(message)
    }
    for (const [count, why] of [
      [beyond, 'too long for the line'],
      [gone, 'dropped'],
      [torn, 'cut short in the recording'],
      [broken, 'not valid UTF-8, which text must be'],
    ] as const)
      if (count > 0) this.omitted.push(`${count} sent ${count === 1 ? 'message' : 'messages'}, ${why}`)
    return messages
  }
}

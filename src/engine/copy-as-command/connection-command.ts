/** The command of a terminal tool that opens a connection again with the same options. */
import type { Log } from '../../capture/recording.ts'
import { redactEvent } from '../../session/redact.ts'
import type { ConnectEvent, RequestEvent } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import type { CommandOptions, CommandTool } from '../../shared/protocol/payloads.ts'
import { backward, connectionOf } from '../payload/connection-events.ts'
import { wholePayload } from '../payload/document.ts'
import { curl } from './curl.ts'
import { MAX_BYTES, toolFor } from './shell-syntax.ts'
import { type OutboundPayload, websocat } from './websocat.ts'

/** How many events before one are searched for the request of its poll. */
const MAX_EVENTS = 65_536

export interface Command {
  readonly text: string
  readonly masked: readonly string[]
}

/** The command for the connection of an event, which started with `connect`. Throws WRONG_TOOL, or why there is none. */
export function commandFor(
  capture: Log,
  connect: ConnectEvent,
  index: number,
  tool: CommandTool,
  options: CommandOptions,
): Command {
  const able = toolFor(connect.url)
  if (tool !== able)
    throw new Failure('WRONG_TOOL', `${tool} cannot open this connection; copy it as ${able}.`)
  return able === 'websocat'
    ? command(able, connect, options, { message: sentMessage(capture, index) })
    : command(able, connect, options, { request: requestBefore(capture, index) })
}

/** The command that opens a connection again, without sending anything. */
export function openingCommand(
  connect: ConnectEvent,
  options: CommandOptions,
): Command & { readonly tool: CommandTool } {
  const tool = toolFor(connect.url)
  return { tool, ...command(tool, connect, options, {}) }
}

interface Sent {
  readonly message?: OutboundPayload | undefined
  readonly request?: RequestEvent | undefined
}

function command(
  tool: CommandTool,
  connect: ConnectEvent,
  { reveal, shell }: CommandOptions,
  { message, request }: Sent,
): Command {
  const masked = new Set<string>()
  const hidden = <T extends ConnectEvent | RequestEvent>(event: T): T =>
    reveal ? event : (redactEvent(event, { masked }) as T)
  const spec = hidden(connect)
  const text = tool === 'websocat' ? websocat(spec, message) : curl(spec, request && hidden(request), shell)
  return { text, masked: [...masked] }
}

/** The message of the event if it was sent. */
function sentMessage(capture: Log, index: number) {
  const event = capture.peek(index)
  if (event.type !== 'message' || event.direction !== 'out') return undefined
  return { bytes: wholePayload(capture, index, MAX_BYTES), opcode: event.opcode }
}

/** The request of a poll that an event belongs to. */
function requestBefore(capture: Log, index: number): RequestEvent | undefined {
  const connection = connectionOf(capture, index)
  for (const { index: at, kind } of backward(capture, connection, index + 1, MAX_EVENTS)) {
    if (kind.type !== 'request') continue
    const event = capture.event(at)
    return event.type === 'request' ? event : undefined
  }
  return undefined
}

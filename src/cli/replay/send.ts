/** Sends the messages of a recorded connection to a live peer, into a new session. */
import type { Hub } from '../../engine/hub.ts'
import { Resender, type ResenderOptions } from '../../session/replay/resender.ts'
import { type Script, type ScriptedMessage, scriptedMessage, scriptOf } from '../../session/replay/script.ts'
import type { RealtimeEvent } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import { isSecretHeader, MASK } from '../../shared/secrets.ts'
import type { ConnectionSpec, OutboundMessage } from '../../shared/spec.ts'
import { type Driver, type DriverHost, runConnection } from '../connect/run.ts'
import type { ReplayPlan } from './plan.ts'
import { openSource } from './source.ts'

type Connection = ReturnType<Hub['connect']>

/** Headers that belong to the recorded origin, or that every handshake makes anew (RFC 6455 section 4.1). */
const OWN_HEADER = /^(host|connection|upgrade|sec-websocket-.*)$/i

/** Resolves with the exit code when all is written. Rejects with a `Failure` where there is nothing to send. */
export async function run({ file, speed, to }: ReplayPlan): Promise<number> {
  if (to === undefined) throw new RangeError('There is no peer to send to.')
  const source = await openSource(file)
  try {
    const script = scriptOf(source, to.connection)
    const message = (scripted: ScriptedMessage) => scriptedMessage(source, scripted)
    const { pace, patience } = to
    const options = { speed, pace, ...(patience !== undefined && { patience }) }
    const plan = { ...to.connect, spec: asRecorded(to.connect.spec, script) }
    return await runConnection(plan, (host) => new ScriptDriver(host, script, message, options))
  } finally {
    source.close()
  }
}

/** The connection as asked for, else as recorded; secrets stay with the origin they were for. */
function asRecorded(spec: ConnectionSpec, { connect }: Script): ConnectionSpec {
  const subprotocols = spec.subprotocols ?? connect?.subprotocols?.filter((name) => name !== MASK)
  const given = new Set(Object.keys(spec.headers ?? {}).map((name) => name.toLowerCase()))
  const recorded = Object.entries(connect?.headers ?? {}).filter(
    ([name, value]) =>
      !given.has(name.toLowerCase()) &&
      !OWN_HEADER.test(name) &&
      !isSecretHeader(name) &&
      ![value].flat().includes(MASK),
  )
  const headers = { ...Object.fromEntries(recorded), ...spec.headers }
  return {
    ...spec,
    ...(subprotocols !== undefined && subprotocols.length > 0 && { subprotocols }),
    ...(Object.keys(headers).length > 0 && { headers }),
    ...(connect?.compression !== undefined && { compression: connect.compression }),
  }
}

/** Lets a resender drive the connection. */
class ScriptDriver implements Driver {
  readonly #resender: Resender
  readonly #script: Script
  #connection: Connection | undefined

  constructor(
    { done, failed }: DriverHost,
    script: Script,
    message: (scripted: ScriptedMessage) => OutboundMessage,
    options: ResenderOptions,
  ) {
    this.#script = script
    this.#resender = new Resender(
      script,
      { done, failed, send: (scripted) => this.#connection?.send(message(scripted)) },
      options,
    )
  }

  update(connection: Connection): void {
    this.#connection = connection
    this.#resender.setOpen(connection.status().state === 'open')
  }

  took(event: RealtimeEvent): void {
    if (event.type === 'message' && event.direction === 'in') this.#resender.received()
  }

  stop(): Failure | undefined {
    this.#resender.stop()
    if (this.#resender.isComplete) return undefined
    const { messages } = this.#script
    return new Failure(
      'NOT_SENT',
      `The connection ended after ${this.#resender.sent} of the ${messages.length} messages were sent; see in the session why.`,
    )
  }
}

/**
 * Engine.IO 3 and 4 (https://socket.io/docs/v4/engine-io-protocol/): the peer opens the session, and names the interval
 * of its heartbeats.
 */
import type { MessageEvent } from '../../shared/event.ts'
import { fieldsOf } from '../../shared/fields.ts'
import type { ConnectionSpec, OutboundMessage } from '../../shared/spec.ts'
import { tryParseJson } from '../../shared/text/json-text.ts'
import type { FieldReader } from '../field-reader.ts'
import { controlText, MAX_CONTROL, positive, quoted, text } from '../messages.ts'
import { asWebSocket, completedUrl } from '../prepare.ts'
import type { OpenFacts, Speaker, SpeakerHost, SpokenProtocol } from '../spoken-protocol.ts'
import { every, Watch } from '../watch.ts'

/** Defaults of version 4, in milliseconds. */
const PING_INTERVAL = 25_000
const PING_TIMEOUT = 20_000
const LATEST = '4'

interface Handshake {
  readonly pingInterval: number
  readonly pingTimeout: number
}

/** What a protocol inside Engine.IO does with it. */
export interface EngineIoUser {
  opened(version: string): void
  /** A text that the peer sent as a message, or a binary message. */
  message(content: string | MessageEvent): void
  compose(form: string, values: FieldReader): readonly OutboundMessage[]
}

/** Between the packets of a body. */
const SEPARATOR = '\u001e'

export function engineIoSpec(spec: ConnectionSpec, path: string): ConnectionSpec {
  if (spec.transport === 'long-poll') {
    const query = { EIO: LATEST, transport: 'polling' }
    return { ...spec, url: completedUrl(spec.url, { path, query }).href }
  }
  return asWebSocket(spec, { path, query: { EIO: LATEST, transport: 'websocket' } })
}

/** Begins a session of version 4 by polling, with requests of text. */
export function engineIoOverHttp(spec: ConnectionSpec): ReturnType<NonNullable<SpokenProtocol['overHttp']>> {
  if (spec.transport !== 'long-poll') return undefined
  return async (request) => {
    const url = new URL(spec.url)
    if (url.searchParams.get('EIO') !== LATEST)
      throw new Error('polling is spoken only in version 4 of Engine.IO; use a WebSocket for others')
    const { messages } = await request({ ...spec, method: 'GET' })
    const [first = ''] = messages.map(({ payload }) => Buffer.from(payload).toString())
    const { sid } = fieldsOf(tryParseJson(first.split(SEPARATOR)[0]?.slice(1) ?? ''))
    if (typeof sid !== 'string') throw new Error(`the answer is not an open packet: ${quoted(first)}`)
    url.searchParams.set('sid', sid)
    const session = { ...spec, url: url.href, interval: 0, cursor: 'none' }
    return {
      spec: session,
      greeting: messages,
      isOrdered: true,
      post: ({ payload }) => ({
        ...session,
        method: 'POST',
        headers: { ...spec.headers, 'content-type': 'text/plain;charset=UTF-8' },
        body: Buffer.from(payload).toString(),
      }),
    }
  }
}

export class EngineIoSpeaker implements Speaker {
  readonly #host: SpeakerHost
  readonly #user: EngineIoUser
  #version = LATEST
  #isPolling = false
  #watch: Watch | undefined

  constructor(host: SpeakerHost, user: EngineIoUser) {
    this.#host = host
    this.#user = user
  }

  opened({ url }: OpenFacts): void {
    const { searchParams } = new URL(url)
    this.#version = searchParams.get('EIO') ?? LATEST
    this.#isPolling = searchParams.get('transport') === 'polling'
  }

  received(message: MessageEvent): void {
    this.#watch?.alive()
    if (this.#isPolling) {
      // The body of a poll has several packets.
      for (const packet of Buffer.from(message.payload).toString().split(SEPARATOR))
        if (packet.length <= MAX_CONTROL) this.#packet(packet)
      return
    }
    if (message.opcode === 'binary') {
      this.#user.message(message)
      return
    }
    const type = message.payload[0]
    // The content of other packets is not needed, however long it is.
    if (type === undefined || !'01234'.includes(String.fromCharCode(type))) return
    this.#packet(controlText(message))
  }

  #packet(packet: string): void {
    switch (packet[0]) {
      case '0':
        this.#begin(handshakeOf(packet.slice(1)))
        return
      case '1':
        this.#host.lost('The server closed the Engine.IO session; reconnect to open another one.')
        return
      case '2':
        this.#host.send(text(`3${packet.slice(1)}`))
        return
      case '4':
        this.#user.message(packet.slice(1))
    }
  }

  closing(): void {
    this.#host.send(text('1'))
  }

  compose(form: string, values: FieldReader): readonly OutboundMessage[] {
    return this.#user.compose(form, values)
  }

  #begin({ pingInterval, pingTimeout }: Handshake): void {
    const patience = pingInterval + pingTimeout
    this.#watch = new Watch(
      this.#host,
      patience,
      `The server sent nothing for ${patience} ms, the ping interval and timeout that it named; check whether it still runs.`,
    )
    // Until version 3, the client pings.
    if (Number(this.#version) < Number(LATEST))
      every(this.#host, pingInterval, () => this.#host.send(text('2')))
    this.#user.opened(this.#version)
  }
}

function handshakeOf(content: string): Handshake {
  const { sid, pingInterval, pingTimeout } = fieldsOf(tryParseJson(content))
  if (sid === undefined) throw new Error(`the open packet of Engine.IO has no session: ${quoted(content)}`)
  return {
    pingInterval: positive(pingInterval) ?? PING_INTERVAL,
    pingTimeout: positive(pingTimeout) ?? PING_TIMEOUT,
  }
}

export const engineIo: SpokenProtocol = {
  awaits: 'the open packet',
  prepare: (spec) => engineIoSpec(spec, '/engine.io/'),
  overHttp: engineIoOverHttp,
  speak: (host) =>
    new EngineIoSpeaker(host, {
      opened: () => host.ready(),
      message: () => {},
      compose: (_, values) => [text(`4${values.text('text') ?? ''}`)],
    }),
}

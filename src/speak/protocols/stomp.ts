/** STOMP 1.0 to 1.2 (https://stomp.github.io/), with the frames of `@stomp/stompjs`. */
import type { Parser } from '@stomp/stompjs'
import type { MessageEvent } from '../../shared/event.ts'
import { fieldsOf } from '../../shared/fields.ts'
import type { OutboundMessage } from '../../shared/spec.ts'
import type { FieldReader } from '../field-reader.ts'
import { quoted, text } from '../messages.ts'
import { asWebSocket } from '../prepare.ts'
import type { OpenFacts, Speaker, SpeakerHost, SpokenProtocol } from '../spoken-protocol.ts'
import { every, Watch } from '../watch.ts'

type Library = Pick<typeof import('@stomp/stompjs'), 'Parser' | 'FrameImpl'>

const VERSIONS = '1.2,1.1,1.0'
/** How much later than announced a heart-beat may come, as a factor; the same as in `@stomp/stompjs`. */
const TOLERANCE = 2
/** Bytes of the answer to CONNECT. */
const MAX_ANSWER = 64 * 1024

let library: Library | undefined

class StompSpeaker implements Speaker {
  readonly #host: SpeakerHost
  readonly #options: FieldReader
  readonly #library: Library
  /** Until the broker has answered CONNECT. */
  #parser: Parser | undefined
  #answerSize = 0
  #watch: Watch | undefined
  #subscriptions = 0

  constructor(host: SpeakerHost, options: FieldReader) {
    if (library === undefined) throw new Error('the STOMP library is not loaded')
    this.#host = host
    this.#options = options
    this.#library = library
    this.#parser = new library.Parser(
      ({ command, headers, binaryBody }) => {
        const all = Object.fromEntries(headers.toReversed())
        if (command === 'CONNECTED') this.#connected(all['heart-beat'])
        else if (command === 'ERROR') this.#refused(all.message, Buffer.from(binaryBody ?? []).toString())
      },
      () => {},
    )
  }

  opened({ url }: OpenFacts): void {
    const options = this.#options
    const login = options.text('login')
    const passcode = options.text('passcode')
    this.#host.send(
      this.#frame('CONNECT', {
        'accept-version': VERSIONS,
        host: options.text('host') ?? new URL(url).hostname,
        'heart-beat': `${this.#interval},${this.#interval}`,
        ...(login !== undefined && { login }),
        ...(passcode !== undefined && { passcode }),
        ...textsOf(options.json('headers')),
      }),
    )
  }

  received({ payload }: MessageEvent): void {
    this.#watch?.alive()
    if (this.#parser !== undefined) {
      this.#answerSize += payload.length
      if (this.#answerSize > MAX_ANSWER) throw new Error('the answer to CONNECT has more than 64 KiB')
      this.#parser.parseChunk(new Uint8Array(payload).buffer, false)
    } else if (Buffer.from(payload.subarray(0, 6)).toString() === 'ERROR\n') {
      const [, message = 'no reason'] =
        /^message:(.*)$/m.exec(Buffer.from(payload.subarray(0, MAX_ANSWER)).toString()) ?? []
      this.#host.lost(`The broker sent ERROR: ${quoted(message)}; it ends the connection.`)
    }
  }

  closing(): void {
    this.#host.send(this.#frame('DISCONNECT', {}))
  }

  /** A frame ends with NUL, which cannot be typed. */
  frame(message: OutboundMessage): OutboundMessage {
    const { payload } = message
    if (payload.at(-1) === 0 || /^\s*$/.test(Buffer.from(payload.subarray(0, 16)).toString())) return message
    return { ...message, payload: Buffer.concat([payload, Uint8Array.of(0)]) }
  }

  compose(form: string, values: FieldReader): readonly OutboundMessage[] {
    const id = values.text('id') ?? ''
    const destination = values.text('destination') ?? ''
    const headers = textsOf(values.json('headers'))
    switch (form) {
      case 'subscribe': {
        const ack = values.text('ack') ?? ''
        return [
          this.#frame('SUBSCRIBE', { id: `sub-${this.#subscriptions++}`, destination, ack, ...headers }),
        ]
      }
      case 'unsubscribe':
      case 'ack':
      case 'nack':
        return [this.#frame(form.toUpperCase(), { id })]
      default:
        return [this.#frame('SEND', { destination, ...headers }, values.text('body'))]
    }
  }

  get #interval(): number {
    return this.#options.number('heartbeat') ?? 0
  }

  #frame(command: string, headers: Readonly<Record<string, string>>, body?: string): OutboundMessage {
    const { FrameImpl } = this.#library
    // CONNECT is not escaped (STOMP 1.2, value encoding).
    const escapeHeaderValues = command !== 'CONNECT'
    return text(String(FrameImpl.marshall({ command, headers: { ...headers }, body, escapeHeaderValues })))
  }

  /** The intervals follow from what both sides named (STOMP 1.2, heart-beating). */
  #connected(heartBeat = '0,0'): void {
    this.#parser = undefined
    const [sends = 0, wants = 0] = heartBeat.split(',').map(Number)
    const own = this.#interval
    if (own > 0 && wants > 0) every(this.#host, Math.max(own, wants), () => this.#host.send(text('\n')))
    if (own > 0 && sends > 0) {
      const patience = TOLERANCE * Math.max(own, sends)
      this.#watch = new Watch(
        this.#host,
        patience,
        `The broker sent no heart-beat for ${patience} ms; check whether it still runs.`,
      )
    }
    this.#host.ready()
  }

  #refused(message = '', body = ''): void {
    this.#parser = undefined
    const reason = quoted(message === '' ? body : message)
    this.#host.refused(`The broker refused CONNECT: ${reason}; check the options login, passcode and host.`)
  }
}

function textsOf(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(fieldsOf(value)).map(([name, each]) => [name, String(each)]))
}

export const stomp: SpokenProtocol = {
  awaits: 'CONNECTED',
  async load() {
    // Named, so that the bundle does not have the client.
    const { Parser, FrameImpl } = await import('@stomp/stompjs')
    library ??= { Parser, FrameImpl }
  },
  prepare: (spec) => asWebSocket(spec, { subprotocols: ['v12.stomp', 'v11.stomp', 'v10.stomp'] }),
  speak: (host, options) => new StompSpeaker(host, options),
}

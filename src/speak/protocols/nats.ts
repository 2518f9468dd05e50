/** NATS over WebSocket (https://docs.nats.io/reference/reference-protocols/nats-protocol). */
import type { OutboundMessage } from '../../shared/spec.ts'
import { binary, quoted } from '../messages.ts'
import { asWebSocket } from '../prepare.ts'
import type { SpokenProtocol } from '../spoken-protocol.ts'
import { every, Watch } from '../watch.ts'

/** Milliseconds between two pings that we send; the same as in the clients of NATS. */
const PING_INTERVAL = 120_000
/** Bytes of a line. INFO can be long. */
const MAX_LINE = 64 * 1024

/** Finds the operations of a server, without the payloads of its messages. */
class Operations {
  #line = ''
  /** Bytes of a payload that are still to come. */
  #payload = 0

  push(bytes: Uint8Array): readonly string[] {
    const found: string[] = []
    let at = 0
    while (at < bytes.length) {
      if (this.#payload > 0) {
        const skipped = Math.min(this.#payload, bytes.length - at)
        this.#payload -= skipped
        at += skipped
        continue
      }
      const end = bytes.indexOf(0x0a, at)
      this.#line += Buffer.from(bytes.subarray(at, end < 0 ? bytes.length : end)).toString()
      if (this.#line.length > MAX_LINE) throw new Error('an operation of NATS has more than 64 KiB')
      if (end < 0) break
      at = end + 1
      const line = this.#line.trimEnd()
      this.#line = ''
      // The payload ends with CR LF, too.
      if (/^H?MSG /i.test(line)) this.#payload = Number(line.split(/\s+/).at(-1)) + 2
      found.push(line)
    }
    return found
  }
}

function line(content: string): OutboundMessage {
  return binary(Buffer.from(`${content}\r\n`))
}

export const nats: SpokenProtocol = {
  awaits: 'PONG',
  prepare: (spec) => asWebSocket(spec),
  speak(host, options) {
    const operations = new Operations()
    let watch: Watch | undefined
    let isReady = false
    let subscriptions = 0
    const connect = () => {
      const user = options.text('username')
      const pass = options.text('password')
      const token = options.text('token')
      const hello = {
        ...{ verbose: false, pedantic: false, lang: 'javascript', version: '1', protocol: 1, headers: true },
        ...(user !== undefined && { user }),
        ...(pass !== undefined && { pass }),
        ...(token !== undefined && { auth_token: token }),
      }
      host.send(line(`CONNECT ${JSON.stringify(hello)}`))
      host.send(line('PING'))
    }
    const operation = (content: string) => {
      if (content.startsWith('INFO') && !isReady) connect()
      else if (content === 'PING') host.send(line('PONG'))
      else if (content === 'PONG' && !isReady) {
        isReady = true
        every(host, PING_INTERVAL, () => host.send(line('PING')))
        watch = new Watch(
          host,
          2 * PING_INTERVAL,
          'The server did not answer two pings; check whether it still runs.',
        )
        host.ready()
      } else if (content.startsWith('-ERR') && !isReady)
        host.refused(
          `The server refused CONNECT: ${quoted(content.slice(4))}; check the options username, password and token.`,
        )
    }
    return {
      opened() {},
      received({ payload }) {
        watch?.alive()
        for (const each of operations.push(payload)) operation(each)
      },
      compose(form, values) {
        const subject = values.text('subject')
        if (form === 'subscribe') return [line(`SUB ${subject} ${++subscriptions}`)]
        const payload = values.text('payload') ?? ''
        const reply = values.text('reply')
        const head = `PUB ${subject} ${reply === undefined ? '' : `${reply} `}${Buffer.byteLength(payload)}`
        return [line(`${head}\r\n${payload}`)]
      },
    }
  },
}

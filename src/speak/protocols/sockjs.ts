/** SockJS over WebSocket (https://sockjs.github.io/sockjs-protocol/sockjs-protocol-0.3.3.html). */
import { randomInt } from 'node:crypto'
import type { OutboundMessage } from '../../shared/spec.ts'
import { tryParseJson } from '../../shared/text/json-text.ts'
import { controlText, quoted, text } from '../messages.ts'
import { asWebSocket } from '../prepare.ts'
import type { SpokenProtocol } from '../spoken-protocol.ts'

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789'
/** Close codes after which its client does not connect again. */
const REFUSED = new Set([2010, 3000])

function randomSession(): string {
  return Array.from({ length: 8 }, () => LETTERS[randomInt(LETTERS.length)]).join('')
}

/** Messages are sent as a JSON array of texts. */
function framed(content: string): OutboundMessage {
  const value = tryParseJson(content)
  const isFramed = Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'string')
  return text(isFramed ? content : JSON.stringify([content]))
}

export const sockJs: SpokenProtocol = {
  awaits: 'the open frame',
  prepare(spec) {
    const prepared = asWebSocket(spec)
    const url = new URL(prepared.url)
    if (/\/websocket$/.test(url.pathname)) return prepared
    const server = String(randomInt(1000)).padStart(3, '0')
    url.pathname = `${url.pathname.replace(/\/$/, '')}/${server}/${randomSession()}/websocket`
    return { ...prepared, url: url.href }
  },
  speak: (host) => ({
    opened() {},
    received(message) {
      const type = message.payload[0] === undefined ? '' : String.fromCharCode(message.payload[0])
      if (type === 'o') host.ready()
      if (type !== 'c') return
      const value = tryParseJson(controlText(message).slice(1))
      const [code, reason] = Array.isArray(value) ? value : []
      const why = `The server closed the session: ${quoted(code)} ${quoted(reason)}`
      if (REFUSED.has(code)) host.refused(`${why}; connect again for another session.`)
      else host.lost(`${why}.`)
    },
    frame: (message) =>
      message.opcode === 'text'
        ? { ...message, ...framed(Buffer.from(message.payload).toString()) }
        : message,
    compose: (_form, values) => [text(JSON.stringify([values.text('text')]))],
  }),
}

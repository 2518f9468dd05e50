/** The hub protocol of ASP.NET Core SignalR (https://github.com/dotnet/aspnetcore/blob/main/src/SignalR/docs/specs/HubProtocol.md). */

import { fieldsOf } from '../../shared/fields.ts'
import type { OutboundMessage } from '../../shared/spec.ts'
import { tryParseJson } from '../../shared/text/json-text.ts'
import { binary, controlText, quoted, text } from '../messages.ts'
import { asWebSocket } from '../prepare.ts'
import type { SpokenProtocol } from '../spoken-protocol.ts'
import { every, Watch } from '../watch.ts'

/** Ends each message in JSON, and the handshake in any format. */
const SEPARATOR = '\u001e'
const INVOCATION = 1
const STREAM_INVOCATION = 4
const PING = 6
const CLOSE = 7

type Encode = (value: unknown) => Uint8Array

let encode: Encode | undefined

function record(value: unknown): OutboundMessage {
  return text(`${JSON.stringify(value)}${SEPARATOR}`)
}

/** A MessagePack message after its length, in groups of 7 bits. */
function packed(value: unknown): OutboundMessage {
  const content = encode?.(value) ?? new Uint8Array(0)
  const length: number[] = []
  for (let left = content.length; left > 0 || length.length === 0; left >>>= 7)
    length.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0))
  return binary(Buffer.concat([Uint8Array.from(length), content]))
}

export const signalr: SpokenProtocol = {
  awaits: 'the answer to the handshake',
  async load() {
    encode ??= (await import('@msgpack/msgpack')).encode
  },
  prepare(spec, options) {
    const token = options.text('token')
    return asWebSocket(spec, token === undefined ? {} : { query: { access_token: token } })
  },
  speak(host, options) {
    const format = options.text('format')
    const isJson = format === 'json'
    let isReady = false
    let invocations = 0
    let watch: Watch | undefined
    const answered = (content: string) => {
      const answer = tryParseJson(content)
      if (typeof answer !== 'object') throw new Error(`its answer is not a JSON object: ${quoted(content)}`)
      const { error } = fieldsOf(answer)
      if (error !== undefined) {
        host.refused(`The hub refused the handshake: ${quoted(error)}; check the option format.`)
        return
      }
      isReady = true
      const timeout = options.number('serverTimeout') ?? 0
      every(host, options.number('keepAlive') ?? 0, () =>
        host.send(isJson ? record({ type: PING }) : packed([PING])),
      )
      if (timeout > 0)
        watch = new Watch(
          host,
          timeout,
          `The hub sent nothing for ${timeout} ms; check whether it still runs.`,
        )
      host.ready()
    }
    return {
      opened: () => host.send(record({ protocol: format, version: 1 })),
      received(message) {
        watch?.alive()
        const [first = '', ...others] = controlText(message).split(SEPARATOR)
        const values = isJson ? others.map(tryParseJson) : []
        if (!isReady) answered(first)
        else if (isJson) values.push(tryParseJson(first))
        const close = values.map(fieldsOf).find(({ type }) => type === CLOSE)
        if (close !== undefined)
          host.lost(`The hub closed the connection: ${quoted(close.error ?? 'no error')}; connect again.`)
      },
      frame(message) {
        const { opcode, payload } = message
        if (!isJson || opcode !== 'text' || payload.at(-1) === SEPARATOR.charCodeAt(0)) return message
        return { ...message, payload: Buffer.concat([payload, Buffer.from(SEPARATOR)]) }
      },
      compose(_form, values) {
        const kind = values.text('kind')
        const id = kind === 'send' ? undefined : String(++invocations)
        const type = kind === 'stream' ? STREAM_INVOCATION : INVOCATION
        const target = values.text('target')
        const args = values.list('arguments')
        return [
          isJson
            ? record({ type, ...(id !== undefined && { invocationId: id }), target, arguments: args })
            : packed([type, {}, id ?? null, target, args]),
        ]
      },
    }
  },
}

/** Phoenix channels (https://hexdocs.pm/phoenix/writing_a_channels_client.html), with both serializers. */

import { fieldsOf } from '../../shared/fields.ts'
import type { OutboundMessage } from '../../shared/spec.ts'
import { controlJson, json, quoted } from '../messages.ts'
import { asWebSocket } from '../prepare.ts'
import type { SpokenProtocol } from '../spoken-protocol.ts'
import { every } from '../watch.ts'

/** The version of the serializer that writes arrays. */
const LATEST = '2.0.0'

interface Message {
  readonly joinRef: string | null
  readonly ref: string
  readonly topic: string
  readonly event: string
  readonly payload: unknown
}

interface Reply {
  readonly ref: unknown
  readonly event: unknown
  readonly payload: Readonly<Record<string, unknown>>
}

/** Either serializer. */
function replyOf(packet: unknown): Reply {
  if (Array.isArray(packet)) return { ref: packet[1], event: packet[3], payload: fieldsOf(packet[4]) }
  const { ref, event, payload } = fieldsOf(packet)
  return { ref, event, payload: fieldsOf(payload) }
}

export const phoenix: SpokenProtocol = {
  prepare(spec) {
    const prepared = asWebSocket(spec, { path: '/socket/websocket', query: { vsn: LATEST } })
    const url = new URL(prepared.url)
    if (!url.pathname.endsWith('/websocket')) url.pathname = `${url.pathname.replace(/\/$/, '')}/websocket`
    return { ...prepared, url: url.href }
  },
  speak(host, options) {
    let isArray = true
    let refs = 0
    /** The ref of the heartbeat that has no reply yet. */
    let pending: string | undefined
    /** Topics by the refs of their joins. */
    const joins = new Map<string, string>()
    const joinRefs = new Map<string, string>()
    const write = ({ joinRef, ref, topic, event, payload }: Message): OutboundMessage =>
      json(
        isArray ? [joinRef, ref, topic, event, payload] : { topic, event, payload, ref, join_ref: joinRef },
      )
    const join = (topic: string, payload: unknown): OutboundMessage => {
      const ref = String(++refs)
      joinRefs.set(topic, ref)
      joins.set(ref, topic)
      return write({ joinRef: ref, ref, topic, event: 'phx_join', payload })
    }
    const beat = (interval: number) => {
      if (pending !== undefined && !host.isPaused()) {
        host.lost(`The server did not answer a heartbeat within ${interval} ms; check whether it still runs.`)
        return
      }
      pending = String(++refs)
      host.send(write({ joinRef: null, ref: pending, topic: 'phoenix', event: 'heartbeat', payload: {} }))
    }
    return {
      opened({ url }) {
        isArray = (new URL(url).searchParams.get('vsn') ?? '1.0.0') >= '2'
        const interval = options.number('heartbeat') ?? 0
        every(host, interval, () => beat(interval))
        for (const topic of options.texts('topic')) host.send(join(topic, options.json('payload') ?? {}))
      },
      received(message) {
        const { ref, event, payload } = replyOf(controlJson(message))
        if (event !== 'phx_reply' || typeof ref !== 'string') return
        if (ref === pending) pending = undefined
        const topic = joins.get(ref)
        joins.delete(ref)
        if (topic !== undefined && payload.status === 'error')
          host.refused(
            `The server refused to join ${topic}: ${quoted(payload.response)}; check the options topic and payload.`,
          )
      },
      compose(form, values) {
        const topic = values.text('topic') ?? ''
        const payload = values.json('payload') ?? {}
        if (form === 'join') return [join(topic, payload)]
        const event = form === 'leave' ? 'phx_leave' : (values.text('event') ?? '')
        return [write({ joinRef: joinRefs.get(topic) ?? null, ref: String(++refs), topic, event, payload })]
      },
    }
  },
}

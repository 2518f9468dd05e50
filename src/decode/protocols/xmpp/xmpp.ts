/** XMPP over WebSocket (RFC 7395): what its stanzas mean. */

import type { Direction } from '../../../shared/event.ts'
import { forgetOldest } from '../../../shared/maps.ts'
import type { ConnectionDecoder, Decoder, EncodedMessage, Packet } from '../../decoder.ts'
import { textOf } from '../../values.ts'
import { parseXml, type XmlElement } from './xml.ts'

const FRAMING = 'urn:ietf:params:xml:ns:xmpp-framing'
const PING = 'urn:xmpp:ping'
/** Pings whose results are awaited. Beyond it, the oldest are forgotten. */
const MAX_PINGS = 1000

export const xmpp: Decoder = {
  name: 'xmpp',
  recognize: ({ subprotocol }) => (subprotocol === 'xmpp' ? 'subprotocol xmpp' : undefined),
  recognizeMessage: ({ payload }) => {
    const text = textOf(payload.subarray(0, 512))
    return text.startsWith('<open ') && text.includes(FRAMING) ? 'an open element of XMPP' : undefined
  },
  open: () => new XmppDecoding(),
}

class XmppDecoding implements ConnectionDecoder {
  readonly #pings: Set<string>

  constructor(pings: ReadonlySet<string> = new Set()) {
    this.#pings = new Set(pings)
  }

  get stateSize(): number {
    return this.#pings.size * 128
  }

  copy(): XmppDecoding {
    return new XmppDecoding(this.#pings)
  }

  decode({ payload, direction }: EncodedMessage): readonly Packet[] {
    const text = textOf(payload)
    if (text.trim() === '') return [{ kind: 'heartbeat' }]
    return parseXml(text).map((element) => ({ ...this.#meaning(element, direction), value: element }))
  }

  #meaning(element: XmlElement, direction: Direction): Packet {
    const name = localName(element)
    const { type, id, from, to } = element.attributes
    const peer = direction === 'in' ? from : to
    const channel = peer === undefined ? {} : { channel: peer }
    switch (name) {
      case 'iq':
        return { ...channel, ...this.#query(element, direction) }
      case 'message':
        return {
          kind: type === 'error' ? 'error' : 'event',
          name,
          ...channel,
          ...(id !== undefined && { id }),
        }
      case 'presence':
        return { kind: presenceKind(type), name: type === undefined ? name : `${name} ${type}`, ...channel }
      case 'r':
        return { kind: 'request', name, asks: 'r' }
      case 'a':
        return { kind: 'ack', name, answersTo: 'r' }
      case 'close':
        return { kind: 'close', name }
      case 'error':
      case 'failure':
      case 'failed':
        return { kind: 'error', name, answersTo: negotiated(name) }
      case 'open':
        // Both sides open the stream; the client is the first.
        return { kind: 'handshake', name, ...(direction === 'out' ? { asks: name } : { answersTo: name }) }
      case 'auth':
      case 'authenticate':
      case 'response':
      case 'enable':
      case 'resume':
        return { kind: 'handshake', name, asks: negotiated(name) }
      case 'challenge':
      case 'success':
      case 'enabled':
      case 'resumed':
        return { kind: 'handshake', name, answersTo: negotiated(name) }
      default:
        return { kind: name === 'features' ? 'handshake' : 'event', name }
    }
  }

  #query({ attributes, children }: XmlElement, direction: Direction): Packet {
    const { type, id = '' } = attributes
    const key = `iq ${id}`
    const content = children.find((child) => typeof child === 'object')
    if (type === 'get' || type === 'set') {
      const isPing = content?.attributes.xmlns === PING
      if (isPing) this.#remember(`${direction} ${id}`)
      return { kind: isPing ? 'heartbeat' : 'request', name: queryName(content), id, asks: key }
    }
    const isPong = this.#pings.delete(`${direction === 'in' ? 'out' : 'in'} ${id}`)
    // A result is named by its request.
    return { kind: type === 'error' ? 'error' : isPong ? 'heartbeat' : 'response', id, answersTo: key }
  }

  #remember(ping: string): void {
    this.#pings.add(ping)
    forgetOldest(this.#pings, MAX_PINGS)
  }
}

function localName({ name }: XmlElement): string {
  return name.slice(name.indexOf(':') + 1)
}

/** What a request is about. Many extensions call their element `query`, so that the namespace tells them apart. */
function queryName(content: XmlElement | undefined): string {
  if (content === undefined) return 'iq'
  const name = localName(content)
  return name === 'query' ? (content.attributes.xmlns ?? name) : name
}

function presenceKind(type: string | undefined): Packet['kind'] {
  if (type === 'subscribe' || type === 'unsubscribe' || type === 'error') return type
  return 'event'
}

/** Key of the exchange that an element belongs to: the authentication, or that of stream management. */
function negotiated(name: string): string {
  return ['enable', 'enabled', 'resume', 'resumed', 'failed'].includes(name)
    ? 'stream management'
    : 'authentication'
}

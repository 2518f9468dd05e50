/** WAMP 2 in JSON (https://wamp-proto.org/wamp_latest_ietf.html). */
import { createHmac, pbkdf2Sync } from 'node:crypto'
import { fieldsOf } from '../../shared/fields.ts'
import type { FieldReader } from '../field-reader.ts'
import { controlJson, json, positive, quoted } from '../messages.ts'
import { asWebSocket } from '../prepare.ts'
import type { SpokenProtocol } from '../spoken-protocol.ts'

const HELLO = 1
const WELCOME = 2
const ABORT = 3
const CHALLENGE = 4
const AUTHENTICATE = 5
const GOODBYE = 6
const PUBLISH = 16
const SUBSCRIBE = 32
const UNSUBSCRIBE = 34
const CALL = 48

const ROLES = { caller: {}, callee: {}, publisher: {}, subscriber: {} }
/** Bounds the work that a router can ask for: about a tenth of a second. */
const MAX_ITERATIONS = 100_000
const MAX_KEY = 64

function hello(options: FieldReader): unknown {
  const authid = options.text('authid')
  const methods = [
    ...(options.text('ticket') === undefined ? [] : ['ticket']),
    ...(options.text('secret') === undefined ? [] : ['wampcra']),
  ]
  return [
    HELLO,
    options.text('realm'),
    {
      roles: ROLES,
      ...(methods.length > 0 && { authmethods: methods }),
      ...(authid !== undefined && { authid }),
    },
  ]
}

/** The signature for a challenge. Undefined if the option for its method is not set. */
function signature(options: FieldReader, method: unknown, extra: unknown): string | undefined {
  if (method === 'ticket') return options.text('ticket')
  const secret = options.text('secret')
  if (method !== 'wampcra' || secret === undefined) return undefined
  const { challenge, salt, iterations, keylen } = fieldsOf(extra)
  const key =
    typeof salt === 'string'
      ? derivedKey(secret, salt, positive(iterations) ?? 1000, positive(keylen) ?? 32)
      : secret
  return createHmac('sha256', key).update(String(challenge)).digest('base64')
}

function derivedKey(secret: string, salt: string, iterations: number, size: number): string {
  if (iterations > MAX_ITERATIONS || size > MAX_KEY)
    throw new Error(
      `the router asks for a key of ${size} bytes with ${iterations} iterations, which is too much`,
    )
  return pbkdf2Sync(secret, salt, iterations, size, 'sha256').toString('base64')
}

export const wamp: SpokenProtocol = {
  awaits: 'WELCOME',
  prepare: (spec) => asWebSocket(spec, { subprotocols: ['wamp.2.json'] }),
  speak(host, options) {
    let requests = 0
    let wasChallenged = false
    /** Arguments at the end of a message may be left out, the positional ones only with the others. */
    const request = (type: number, details: object, uri: string | undefined, values: FieldReader) => {
      const args = values.json('args')
      const kwargs = values.json('kwargs')
      const given = kwargs === undefined ? (args === undefined ? [] : [args]) : [args ?? [], kwargs]
      return [json([type, ++requests, details, uri, ...given])]
    }
    return {
      opened: () => host.send(json(hello(options))),
      received(message) {
        const packet = controlJson(message)
        if (!Array.isArray(packet)) return
        const [type, first, second] = packet
        switch (type) {
          case WELCOME:
            host.ready()
            return
          case ABORT:
            host.refused(
              `The router refused the session: ${quoted(second)} ${quoted(fieldsOf(first).message)}`.trim() +
                '; check the options realm and authid, and the credentials.',
            )
            return
          case CHALLENGE: {
            if (wasChallenged) throw new Error('the router sent a second challenge')
            wasChallenged = true
            const signed = signature(options, first, second)
            if (signed === undefined)
              host.refused(
                `The router asks for authentication by ${quoted(first)}; set the option ticket or secret.`,
              )
            else host.send(json([AUTHENTICATE, signed, {}]))
            return
          }
          case GOODBYE:
            host.send(json([GOODBYE, {}, 'wamp.close.goodbye_and_out']))
            host.lost(`The router ended the session: ${quoted(second)}; connect again.`)
        }
      },
      closing: () => host.send(json([GOODBYE, {}, 'wamp.close.close_realm'])),
      compose(form, values) {
        const topic = values.text('topic')
        switch (form) {
          case 'call':
            return request(CALL, {}, values.text('procedure'), values)
          case 'publish':
            return request(PUBLISH, values.toggle('acknowledge') ? { acknowledge: true } : {}, topic, values)
          case 'unsubscribe':
            return [json([UNSUBSCRIBE, ++requests, values.number('subscription')])]
          default:
            return request(SUBSCRIBE, {}, topic, values)
        }
      },
    }
  },
}

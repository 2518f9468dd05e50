/** Libraries that make a socket of several transports. */
import type { SpokenField, SpokenTraits } from '../traits.ts'

const namespace: SpokenField = { name: 'namespace', type: 'text', hint: 'the namespace', initial: '/' }

export const socketIo = {
  options: [
    {
      name: 'namespace',
      type: 'text',
      hint: 'a namespace to connect to; may be repeated',
      isList: true,
      initial: '/',
    },
    { name: 'auth', type: 'json', hint: 'the auth payload of the handshake', isSecret: true },
    { name: 'parser', type: ['text', 'msgpack'], hint: 'the parser of the server', initial: 'text' },
  ],
  forms: [
    {
      name: 'emit',
      fields: [
        { name: 'event', type: 'text', hint: 'the name of the event', isRequired: true },
        { name: 'args', type: 'json', hint: 'its arguments, as a JSON array', initial: [] },
        { name: 'ack', type: 'toggle', hint: 'ask for an acknowledgment', initial: false },
        namespace,
      ],
    },
    {
      name: 'acknowledge',
      fields: [
        { name: 'id', type: 'number', hint: 'the ID of the event', isRequired: true },
        { name: 'args', type: 'json', hint: 'the arguments of the answer, as a JSON array', initial: [] },
        namespace,
      ],
    },
  ],
} as const satisfies SpokenTraits

export const engineIo = {
  options: [],
  forms: [{ name: 'message', fields: [{ name: 'text', type: 'text', hint: 'the text', isRequired: true }] }],
} as const satisfies SpokenTraits

export const sockJs = {
  options: [],
  forms: [{ name: 'message', fields: [{ name: 'text', type: 'text', hint: 'the text', isRequired: true }] }],
} as const satisfies SpokenTraits

export const primus = {
  options: [],
  forms: [
    {
      name: 'message',
      fields: [{ name: 'data', type: 'json', hint: 'the data, as JSON', isRequired: true }],
    },
  ],
} as const satisfies SpokenTraits

const path: SpokenField = { name: 'path', type: 'text', hint: 'the path', isRequired: true }

export const nes: SpokenTraits = {
  options: [
    { name: 'auth', type: 'json', hint: 'the auth of the hello message', isSecret: true },
    { name: 'subscription', type: 'text', hint: 'a path to subscribe to; may be repeated', isList: true },
  ],
  forms: [
    {
      name: 'request',
      fields: [
        { name: 'method', type: 'text', hint: 'the HTTP method', initial: 'GET' },
        path,
        { name: 'payload', type: 'json', hint: 'the payload, as JSON' },
      ],
    },
    {
      name: 'message',
      fields: [{ name: 'message', type: 'json', hint: 'the message, as JSON', isRequired: true }],
    },
    { name: 'subscribe', fields: [path] },
    { name: 'unsubscribe', fields: [path] },
  ],
}

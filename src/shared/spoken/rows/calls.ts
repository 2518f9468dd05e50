/** Protocols of calls and their answers. */
import type { SpokenField, SpokenTraits } from '../traits.ts'

const method: SpokenField = { name: 'method', type: 'text', hint: 'the method', isRequired: true }

export const jsonRpc: SpokenTraits = {
  options: [],
  forms: [
    {
      name: 'request',
      fields: [
        method,
        { name: 'params', type: 'json', hint: 'its parameters, as a JSON array or object' },
        { name: 'notification', type: 'toggle', hint: 'ask for no answer', initial: false },
      ],
    },
  ],
}

export const signalr: SpokenTraits = {
  options: [
    {
      name: 'format',
      type: ['json', 'messagepack'],
      hint: 'the format of the hub protocol',
      initial: 'json',
    },
    {
      name: 'keepAlive',
      type: 'number',
      hint: 'milliseconds between two pings; 0 for none',
      initial: 15_000,
    },
    {
      name: 'serverTimeout',
      type: 'number',
      hint: 'milliseconds that the server may be silent; 0 for any time',
      initial: 30_000,
    },
    { name: 'token', type: 'text', hint: 'the access token', isSecret: true },
  ],
  forms: [
    {
      name: 'invoke',
      fields: [
        { name: 'target', type: 'text', hint: 'the method of the hub', isRequired: true },
        { name: 'arguments', type: 'json', hint: 'its arguments, as a JSON array', initial: [] },
        {
          name: 'kind',
          type: ['invocation', 'stream', 'send'],
          hint: 'one result, a stream of results, or none',
          initial: 'invocation',
        },
      ],
    },
  ],
}

export const ddp: SpokenTraits = {
  options: [],
  forms: [
    {
      name: 'method',
      fields: [method, { name: 'params', type: 'json', hint: 'its parameters, as a JSON array' }],
    },
    {
      name: 'subscribe',
      fields: [
        { name: 'name', type: 'text', hint: 'the publication', isRequired: true },
        { name: 'params', type: 'json', hint: 'its parameters, as a JSON array' },
      ],
    },
    {
      name: 'unsubscribe',
      fields: [{ name: 'id', type: 'text', hint: 'the ID of the subscription', isRequired: true }],
    },
  ],
}

export const trpc: SpokenTraits = {
  options: [
    { name: 'connectionParams', type: 'json', hint: 'the parameters of the connection', isSecret: true },
  ],
  forms: [
    {
      name: 'call',
      fields: [
        {
          name: 'kind',
          type: ['query', 'mutation', 'subscription'],
          hint: 'the kind of the procedure',
          initial: 'query',
        },
        { name: 'path', type: 'text', hint: 'the procedure', isRequired: true },
        { name: 'input', type: 'json', hint: 'its input, as JSON' },
      ],
    },
    {
      name: 'stop',
      fields: [{ name: 'id', type: 'number', hint: 'the ID of the subscription', isRequired: true }],
    },
  ],
}

export const ocpp: SpokenTraits = {
  options: [
    { name: 'vendor', type: 'text', hint: 'the vendor of the charge point', initial: 'Realtime Inspector' },
    { name: 'model', type: 'text', hint: 'its model', initial: 'Test' },
  ],
  forms: [
    {
      name: 'call',
      fields: [
        { name: 'action', type: 'text', hint: 'the action', isRequired: true },
        { name: 'payload', type: 'json', hint: 'its payload, as a JSON object', initial: {} },
      ],
    },
  ],
}

export const mcp: SpokenTraits = {
  options: [
    { name: 'version', type: 'text', hint: 'the version of the protocol to ask for', initial: '2025-06-18' },
    { name: 'capabilities', type: 'json', hint: 'the capabilities of the client, as JSON', initial: {} },
    {
      name: 'ping',
      type: 'number',
      hint: 'milliseconds between two pings of the client; 0 for none',
      initial: 0,
    },
  ],
  forms: [
    {
      name: 'tool',
      fields: [
        { name: 'name', type: 'text', hint: 'the tool', isRequired: true },
        { name: 'arguments', type: 'json', hint: 'its arguments, as a JSON object', initial: {} },
      ],
    },
    {
      name: 'request',
      fields: [method, { name: 'params', type: 'json', hint: 'its parameters, as a JSON object' }],
    },
  ],
}

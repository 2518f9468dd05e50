/** Protocols of web frameworks and services. */
import type { SpokenField, SpokenTraits } from '../traits.ts'

const payload: SpokenField = { name: 'payload', type: 'json', hint: 'the payload, as JSON', initial: {} }
const topic: SpokenField = { name: 'topic', type: 'text', hint: 'the topic', isRequired: true }
const token: SpokenField = {
  name: 'token',
  type: 'text',
  hint: 'the token',
  isSecret: true,
  isRequired: true,
}
const channel: SpokenField = {
  name: 'channel',
  type: 'json',
  hint: 'the name of the channel, or its identifier as JSON',
  isRequired: true,
}

export const phoenix: SpokenTraits = {
  options: [
    { name: 'topic', type: 'text', hint: 'a topic to join; may be repeated', isList: true },
    { name: 'payload', type: 'json', hint: 'the payload of these joins', isSecret: true },
    { name: 'heartbeat', type: 'number', hint: 'milliseconds between two heartbeats', initial: 30_000 },
  ],
  forms: [
    {
      name: 'push',
      fields: [topic, { name: 'event', type: 'text', hint: 'the event', isRequired: true }, payload],
    },
    { name: 'join', fields: [topic, payload] },
    { name: 'leave', fields: [topic] },
  ],
}

export const actionCable: SpokenTraits = {
  options: [
    {
      name: 'channel',
      type: 'json',
      hint: 'a channel to subscribe to: its name, or its identifier as JSON; may be repeated',
      isList: true,
    },
  ],
  forms: [
    {
      name: 'perform',
      fields: [
        channel,
        { name: 'action', type: 'text', hint: 'the action', isRequired: true },
        { name: 'data', type: 'json', hint: 'its data, as a JSON object', initial: {} },
      ],
    },
    { name: 'subscribe', fields: [channel] },
    { name: 'unsubscribe', fields: [channel] },
  ],
}

export const homeAssistant: SpokenTraits = {
  options: [token],
  forms: [
    {
      name: 'command',
      fields: [
        { name: 'type', type: 'text', hint: 'the type of the command', isRequired: true },
        { name: 'fields', type: 'json', hint: 'its other fields, as a JSON object' },
      ],
    },
  ],
}

export const discord: SpokenTraits = {
  options: [token, { name: 'intents', type: 'number', hint: 'the intents, as a number', initial: 0 }],
  forms: [
    {
      name: 'command',
      fields: [
        { name: 'op', type: 'number', hint: 'the opcode', isRequired: true },
        { name: 'data', type: 'json', hint: 'its data, as JSON' },
      ],
    },
  ],
}

export const slack: SpokenTraits = { options: [], forms: [] }

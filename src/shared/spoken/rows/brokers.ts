/** Protocols of brokers. */
import type { SpokenField, SpokenTraits } from '../traits.ts'

const destination: SpokenField = {
  name: 'destination',
  type: 'text',
  hint: 'the destination',
  isRequired: true,
}
const topic: SpokenField = { name: 'topic', type: 'text', hint: 'the topic', isRequired: true }
const qos: SpokenField = {
  name: 'qos',
  type: 'number',
  hint: 'the quality of service: 0, 1 or 2',
  initial: 0,
  among: [0, 1, 2],
}
const headers: SpokenField = { name: 'headers', type: 'json', hint: 'further headers, as a JSON object' }
const args: SpokenField = { name: 'args', type: 'json', hint: 'its arguments, as a JSON array' }
const kwargs: SpokenField = { name: 'kwargs', type: 'json', hint: 'its keyword arguments, as a JSON object' }
const username: SpokenField = { name: 'username', type: 'text', hint: 'the user' }
const password: SpokenField = { name: 'password', type: 'text', hint: 'the password', isSecret: true }
const id: SpokenField = { name: 'id', type: 'text', hint: 'the ID', isRequired: true }

export const mqtt: SpokenTraits = {
  options: [
    {
      name: 'version',
      type: 'number',
      hint: 'the version: 3 (for 3.1), 4 (for 3.1.1) or 5',
      initial: 4,
      among: [3, 4, 5],
    },
    { name: 'clientId', type: 'text', hint: 'the client ID; the default is random' },
    username,
    password,
    { name: 'keepalive', type: 'number', hint: 'seconds between two pings', initial: 60 },
    { name: 'clean', type: 'toggle', hint: 'start a new session', initial: true },
  ],
  forms: [
    {
      name: 'publish',
      fields: [
        topic,
        { name: 'payload', type: 'text', hint: 'the payload' },
        qos,
        { name: 'retain', type: 'toggle', hint: 'the broker keeps the message', initial: false },
      ],
    },
    { name: 'subscribe', fields: [topic, qos] },
    { name: 'unsubscribe', fields: [topic] },
  ],
}

export const stomp: SpokenTraits = {
  options: [
    { name: 'login', type: 'text', hint: 'the user' },
    { name: 'passcode', type: 'text', hint: 'the password', isSecret: true },
    { name: 'host', type: 'text', hint: 'the virtual host; the default is that of the URL' },
    {
      name: 'heartbeat',
      type: 'number',
      hint: 'milliseconds between two heart-beats; 0 for none',
      initial: 10_000,
    },
    { name: 'headers', type: 'json', hint: 'further headers of CONNECT, as a JSON object', isSecret: true },
  ],
  forms: [
    {
      name: 'send',
      fields: [destination, { name: 'body', type: 'text', hint: 'the body' }, headers],
    },
    {
      name: 'subscribe',
      fields: [
        destination,
        {
          name: 'ack',
          type: ['auto', 'client', 'client-individual'],
          hint: 'how messages are acknowledged',
          initial: 'auto',
        },
        headers,
      ],
    },
    { name: 'unsubscribe', fields: [{ ...id, hint: 'the ID of the subscription' }] },
    { name: 'ack', fields: [{ ...id, hint: 'the header ack of the message' }] },
    { name: 'nack', fields: [{ ...id, hint: 'the header ack of the message' }] },
  ],
}

export const wamp: SpokenTraits = {
  options: [
    { name: 'realm', type: 'text', hint: 'the realm', initial: 'realm1' },
    { name: 'authid', type: 'text', hint: 'the user' },
    { name: 'ticket', type: 'text', hint: 'the ticket, for the method ticket', isSecret: true },
    { name: 'secret', type: 'text', hint: 'the secret, for the method wampcra', isSecret: true },
  ],
  forms: [
    {
      name: 'call',
      fields: [
        { name: 'procedure', type: 'text', hint: 'the URI of the procedure', isRequired: true },
        args,
        kwargs,
      ],
    },
    {
      name: 'publish',
      fields: [
        topic,
        args,
        kwargs,
        { name: 'acknowledge', type: 'toggle', hint: 'ask for an acknowledgment', initial: false },
      ],
    },
    { name: 'subscribe', fields: [topic] },
    {
      name: 'unsubscribe',
      fields: [{ name: 'subscription', type: 'number', hint: 'its ID', isRequired: true }],
    },
  ],
}

export const nats: SpokenTraits = {
  options: [username, password, { name: 'token', type: 'text', hint: 'the token', isSecret: true }],
  forms: [
    {
      name: 'publish',
      fields: [
        { name: 'subject', type: 'text', hint: 'the subject', isRequired: true },
        { name: 'payload', type: 'text', hint: 'the payload' },
        { name: 'reply', type: 'text', hint: 'the subject for replies' },
      ],
    },
    { name: 'subscribe', fields: [{ name: 'subject', type: 'text', hint: 'the subject', isRequired: true }] },
  ],
}

const channelOption: SpokenField = {
  name: 'channel',
  type: 'text',
  hint: 'a channel to subscribe to; may be repeated',
  isList: true,
}
const channel: SpokenField = { name: 'channel', type: 'text', hint: 'the channel', isRequired: true }
const data: SpokenField = { name: 'data', type: 'json', hint: 'the data, as JSON' }

export const pusher: SpokenTraits = {
  options: [
    {
      ...channelOption,
      type: 'json',
      hint: 'a channel to subscribe to, or the data of the subscription as JSON; may be repeated',
      isList: true,
    },
  ],
  forms: [
    {
      name: 'event',
      fields: [{ name: 'event', type: 'text', hint: 'its name', isRequired: true }, channel, data],
    },
    { name: 'subscribe', fields: [channel] },
    { name: 'unsubscribe', fields: [channel] },
  ],
}

export const centrifuge: SpokenTraits = {
  options: [{ name: 'token', type: 'text', hint: 'the connection token', isSecret: true }, channelOption],
  forms: [
    { name: 'publish', fields: [channel, data] },
    { name: 'subscribe', fields: [channel] },
    { name: 'rpc', fields: [{ name: 'method', type: 'text', hint: 'the method', isRequired: true }, data] },
  ],
}

export const bayeux: SpokenTraits = {
  options: [channelOption],
  forms: [
    { name: 'publish', fields: [channel, data] },
    { name: 'subscribe', fields: [channel] },
    { name: 'unsubscribe', fields: [channel] },
  ],
}

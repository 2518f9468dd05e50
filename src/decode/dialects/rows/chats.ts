/** Protocols of chats and social networks: Nostr, Discord, Slack. */
import type { Dialect, MessageRule } from '../../../shared/dialect.ts'

/** https://github.com/nostr-protocol/nips/blob/master/01.md: arrays that begin with their type. */
export const nostr: Dialect = {
  name: 'nostr',
  recognize: [
    {
      direction: 'out',
      message: { '$[0]': ['REQ', 'COUNT'], '$[1]': { type: 'string' }, '$[2]': { type: 'object' } },
      as: 'a REQ message with a filter',
    },
    {
      message: { '$[0]': 'EVENT', '$[-1].pubkey': { type: 'string' } },
      as: 'an EVENT message with a pubkey',
    },
  ],
  messages: [
    {
      direction: 'out',
      when: { '$[0]': 'EVENT' },
      kind: 'request',
      name: 'EVENT',
      id: '$[1].id',
      asks: true,
      value: '$[1]',
    },
    { when: { '$[0]': 'OK', '$[2]': true }, kind: 'ack', id: '$[1]', answersTo: true },
    { when: { '$[0]': 'OK' }, kind: 'error', id: '$[1]', answersTo: true },
    { when: { '$[0]': 'REQ' }, kind: 'subscribe', name: 'REQ', channel: '$[1]', id: '$[1]', asks: true },
    {
      when: { '$[0]': 'EVENT' },
      kind: 'data',
      name: 'EVENT',
      channel: '$[1]',
      id: '$[1]',
      answersTo: true,
      continues: true,
      value: '$[2]',
    },
    // The end of the stored events; later ones have the same subscription.
    {
      when: { '$[0]': 'EOSE' },
      kind: 'ack',
      name: 'EOSE',
      channel: '$[1]',
      id: '$[1]',
      answersTo: true,
      continues: true,
    },
    {
      when: { '$[0]': 'CLOSED' },
      kind: 'complete',
      name: 'CLOSED',
      channel: '$[1]',
      id: '$[1]',
      answersTo: true,
    },
    { when: { '$[0]': 'CLOSE' }, kind: 'unsubscribe', name: 'CLOSE', channel: '$[1]', id: '$[1]' },
    {
      direction: 'out',
      when: { '$[0]': 'COUNT' },
      kind: 'request',
      name: 'COUNT',
      channel: '$[1]',
      id: '$[1]',
      asks: true,
    },
    {
      when: { '$[0]': 'COUNT' },
      kind: 'response',
      name: 'COUNT',
      channel: '$[1]',
      id: '$[1]',
      answersTo: true,
      value: '$[2]',
    },
    {
      direction: 'in',
      when: { '$[0]': 'AUTH' },
      kind: 'handshake',
      name: 'AUTH',
      asks: 'challenge',
      value: '$[1]',
    },
    {
      when: { '$[0]': 'AUTH' },
      kind: 'handshake',
      name: 'AUTH',
      id: '$[1].id',
      asks: true,
      answersTo: 'challenge',
      value: '$[1]',
    },
    { when: { '$[0]': 'NOTICE' }, kind: 'event', name: 'NOTICE', value: '$[1]' },
  ],
}

function discordRule(
  op: number,
  kind: MessageRule['kind'],
  name: string,
  rest: Partial<MessageRule> = {},
): MessageRule {
  return { when: { '$.op': op }, kind, name, value: '$.d', ...rest }
}

/** https://discord.com/developers/docs/events/gateway-events */
export const discord: Dialect = {
  name: 'discord',
  recognize: [
    { host: 'gateway.discord.gg' },
    {
      direction: 'in',
      message: { '$.op': 10, '$.d.heartbeat_interval': { type: 'number' } },
      as: 'a Hello message of Discord',
    },
  ],
  ids: { session: '$.d.session_id' },
  messages: [
    {
      ...discordRule(0, 'handshake', '$.t', { answersTo: 'identify' }),
      when: { '$.op': 0, '$.t': ['READY', 'RESUMED'] },
    },
    {
      ...discordRule(0, 'data', '$.t', { id: '$.d.nonce', answersTo: true, continues: true }),
      when: { '$.op': 0, '$.t': 'GUILD_MEMBERS_CHUNK' },
    },
    discordRule(0, 'event', '$.t'),
    discordRule(1, 'heartbeat', 'Heartbeat', { asks: 'heartbeat' }),
    discordRule(2, 'handshake', 'Identify', { asks: 'identify' }),
    discordRule(3, 'event', 'Presence Update'),
    discordRule(4, 'event', 'Voice State Update'),
    discordRule(6, 'handshake', 'Resume', { asks: 'identify' }),
    discordRule(7, 'close', 'Reconnect'),
    discordRule(8, 'request', 'Request Guild Members', { id: '$.d.nonce', asks: true }),
    discordRule(9, 'error', 'Invalid Session', { answersTo: 'identify' }),
    discordRule(10, 'handshake', 'Hello'),
    discordRule(11, 'heartbeat', 'Heartbeat ACK', { answersTo: 'heartbeat' }),
    { when: { '$.op': { type: 'number' } }, kind: 'event', name: '$.t', value: '$.d' },
  ],
}

/** https://docs.slack.dev/apis/events-api/using-socket-mode */
export const slack: Dialect = {
  name: 'slack',
  recognize: [
    { host: 'slack.com', path: '/link/' },
    { host: 'slack.com', path: '/link' },
    {
      direction: 'in',
      message: { '$.type': 'hello', '$.connection_info.app_id': { type: 'string' } },
      as: 'a hello message with an app',
    },
    {
      direction: 'in',
      message: { '$.envelope_id': { type: 'string' }, '$.payload': { type: 'object' } },
      as: 'an envelope with a payload',
    },
  ],
  messages: [
    { when: { '$.type': 'hello' }, kind: 'handshake', name: '$.type' },
    { when: { '$.type': 'disconnect' }, kind: 'close', name: '$.type' },
    { when: { '$.type': 'ping' }, kind: 'heartbeat', name: '$.type' },
    {
      direction: 'in',
      when: { '$.envelope_id': { type: 'string' } },
      kind: 'request',
      name: ['$.payload.event.type', '$.payload.command', '$.payload.type', '$.type'],
      channel: '$.type',
      id: '$.envelope_id',
      asks: true,
      value: '$.payload',
    },
    {
      direction: 'out',
      when: { '$.envelope_id': { type: 'string' } },
      kind: 'ack',
      id: '$.envelope_id',
      answersTo: true,
      value: '$.payload',
    },
    { when: { '$.type': { type: 'string' } }, kind: 'event', name: '$.type' },
  ],
}

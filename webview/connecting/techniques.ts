/** The techniques by which a connection can be made, in words. */
import * as l10n from '@vscode/l10n'
import type { ConnectionSpec } from '../../src/shared/spec.ts'
import { schemeOf, type TransportName } from '../../src/shared/transports.ts'

interface Technique {
  readonly name: string
  readonly icon: string
  readonly hint: string
}

export const TECHNIQUES: Readonly<Record<TransportName | 'auto', Technique>> = {
  auto: {
    name: l10n.t('Auto'),
    icon: 'globe',
    hint: l10n.t('ws: and wss: are WebSockets. Otherwise the response decides: events or a stream.'),
  },
  websocket: { name: 'WebSocket', icon: 'arrow-swap', hint: l10n.t('Messages in both directions.') },
  sse: {
    name: 'SSE',
    icon: 'arrow-down',
    hint: l10n.t('Server-Sent Events, with any method and headers.'),
  },
  'long-poll': {
    name: l10n.t('Long-Poll'),
    icon: 'history',
    hint: l10n.t('Requests again at once; the server holds its response until something changes.'),
  },
  poll: { name: l10n.t('Poll'), icon: 'sync', hint: l10n.t('Requests again at an interval.') },
  'http-stream': {
    name: l10n.t('Stream'),
    icon: 'pulse',
    hint: l10n.t('One long response, read in parts.'),
  },
}

/** The technique of a connection, as far as it is known before it connects. */
export function techniqueOf({ url, transport = 'auto' }: ConnectionSpec): Technique {
  const technique = TECHNIQUES[schemeOf(url) === 'ws' ? 'websocket' : transport]
  return technique === TECHNIQUES.auto ? { ...technique, name: 'HTTP' } : technique
}

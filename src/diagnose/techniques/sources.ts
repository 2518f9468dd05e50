/** Whose documents say what techniques cost and do. */
import type { FindingSource } from '../../shared/finding.ts'

const HTML = 'https://html.spec.whatwg.org/multipage/server-sent-events.html'
const RFC = 'https://www.rfc-editor.org/rfc'

export const SOURCES = {
  pollCost: { title: 'RFC 6202, section 2.2', url: `${RFC}/rfc6202#section-2.2` },
  streamBuffering: { title: 'RFC 6202, section 3.2', url: `${RFC}/rfc6202#section-3.2` },
  frames: { title: 'RFC 6455, section 5.2', url: `${RFC}/rfc6455#section-5.2` },
  twoWay: { title: 'RFC 6455, section 1.1', url: `${RFC}/rfc6455#section-1.1` },
  webSocketRecovery: { title: 'RFC 6455, section 7.2.3', url: `${RFC}/rfc6455#section-7.2.3` },
  eventSource: { title: 'HTML standard, section 9.2.2', url: `${HTML}#the-eventsource-interface` },
  lastEventId: { title: 'HTML standard, section 9.2.4', url: `${HTML}#the-last-event-id-header` },
  eventFormat: { title: 'HTML standard, section 9.2.5', url: `${HTML}#parsing-an-event-stream` },
  proxyBuffering: { title: 'nginx issue 1505', url: 'https://github.com/nginx/nginx/issues/1505' },
  proxyUpgrade: { title: 'nginx, WebSocket proxying', url: 'https://nginx.org/en/docs/http/websocket.html' },
  sixConnections: {
    title: 'MDN, EventSource',
    url: 'https://developer.mozilla.org/en-US/docs/Web/API/EventSource',
  },
  base64: { title: 'RFC 4648, section 4', url: `${RFC}/rfc4648#section-4` },
  etag: { title: 'RFC 9110, section 13.1.2', url: `${RFC}/rfc9110#section-13.1.2` },
  ranges: { title: 'RFC 9110, section 14', url: `${RFC}/rfc9110#section-14` },
} as const satisfies Readonly<Record<string, FindingSource>>

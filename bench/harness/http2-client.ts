/** Node's HTTP/2 client, with the flow-control windows of our own. */
import { type ClientHttp2Session, connect } from 'node:http2'
import { SESSION_WINDOW, STREAM_WINDOW } from '../../src/transport/http2/flow-credit.ts'

/** Opens a session whose peer may send as much ahead as that of ours. */
export function connectHttp2(origin: string): ClientHttp2Session {
  const session = connect(origin, { settings: { initialWindowSize: STREAM_WINDOW } })
  session.once('connect', () => session.setLocalWindowSize(SESSION_WINDOW))
  return session
}

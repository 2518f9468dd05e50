import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { startClock } from '../../../src/shared/clock.ts'
import { openSocket } from '../../../src/transport/http/connect.ts'
import { closeServers, listen } from '../../support/loopback.ts'

const TABLE = '/proc/net/tcp'

/** Seconds until the system probes the peer of a connection from a local port. */
function askedIn(localPort: number): number | undefined {
  const port = localPort.toString(16).toUpperCase().padStart(4, '0')
  const row = readFileSync(TABLE, 'utf8').match(new RegExp(` [0-9A-F]{8}:${port} \\S+ 01 \\S+ 02:(\\S+)`))
  return row?.[1] === undefined ? undefined : Number.parseInt(row[1], 16) / 100
}

describe('openSocket', () => {
  afterEach(closeServers)

  // Only Linux shows what the system does with a connection.
  if (existsSync(TABLE))
    it('makes the system notice within a minute that a silent peer is gone', async () => {
      const port = await listen(createServer())
      const { socket } = await openSocket(
        {
          origin: new URL(`http://127.0.0.1:${port}`),
          ...{ proxy: undefined, tunnel: false, proxyAuthorization: undefined, servername: undefined },
        },
        {
          spec: { url: '' },
          network: { noProxy: '*' },
          clock: startClock(),
          signal: new AbortController().signal,
        },
      )
      const seconds = askedIn(socket.localPort ?? 0)
      socket.destroy()
      assert.ok(seconds !== undefined && seconds <= 30, `asked in ${seconds} s`)
    })
})

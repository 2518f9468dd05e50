/** A served session that is restarted, and stopped while it starts. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { AS_RECORDED, Server } from '../../src/vscode/serving/server.ts'
import { twoConnections } from '../support/recording.ts'
import { writeSession } from '../support/recording-file.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'
import { surroundings } from './parts.ts'

describe('a served session', () => {
  let server: Server
  let ended: unknown[]

  beforeEach(() => {
    const folder = tempDir()
    const { jobs: script, ...rest } = surroundings(folder)
    ended = []
    const path = writeSession(folder, 'a.rtsession', twoConnections(8))
    const file = { path, isCopy: false, source: undefined }
    const listener = { changed: () => {}, ended: (failure: unknown) => ended.push(failure) }
    server = new Server(1, 'a.rtsession', file, { script, ...rest }, listener)
  })

  afterEach(async () => {
    await server.stop()
    removeTempDirs()
  })

  const portOf = () => Number(new URL(server.endpoints[0]?.url ?? assert.fail('it is served')).port)

  async function listens(port: number): Promise<boolean> {
    const socket = connect(port, '127.0.0.1')
    try {
      await once(socket, 'connect')
      return true
    } catch {
      return false
    } finally {
      socket.destroy()
    }
  }

  it('keeps its port through many restarts, and uses the last options', async () => {
    await server.start(AS_RECORDED)
    const port = portOf()
    await Promise.all([4, 16, null].map((speed) => server.start({ ...AS_RECORDED, speed })))
    assert.equal(portOf(), port)
    assert.equal(server.how.speed, null)
    assert.ok(await listens(port))
    await server.stop()
    assert.equal(await listens(port), false, 'no server of before is left')
    assert.deepEqual(ended, [])
  })

  it('does not start after it was stopped', async () => {
    await server.start(AS_RECORDED)
    const port = portOf()
    const starting = server.start({ ...AS_RECORDED, speed: 4 })
    await server.stop()
    await assert.rejects(starting, { code: 'NOT_SERVED' })
    assert.equal(await listens(port), false)
    await assert.rejects(server.start(AS_RECORDED), { code: 'NOT_SERVED' })
  })

  it('starts again after a failed start', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    try {
      await once(other, 'listening')
      const { port } = other.address() as AddressInfo
      const failing = server.start({ ...AS_RECORDED, port })
      const next = server.start(AS_RECORDED)
      await assert.rejects(failing, { code: 'EADDRINUSE' })
      await next
      assert.ok(await listens(portOf()))
    } finally {
      other.close()
    }
  })
})

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { closeServers, serveWebSocket } from '../support/loopback.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'

const CHILD = new URL('../support/engine-child.ts', import.meta.url).pathname

/** Makes the sockets to a port throw in the callback in which a WebSocket opens, as an error in any callback would. */
function faultAt(port: string): string {
  const script = `
    import net from 'node:net'
    const { on } = net.Socket.prototype
    net.Socket.prototype.on = function (name, listener) {
      if (name === 'data' && this.remotePort === ${port}) throw new TypeError('a fault of this test')
      return on.call(this, name, listener)
    }`
  return `data:text/javascript,${encodeURIComponent(script)}`
}

describe('the thread of the engine', () => {
  afterEach(() => {
    closeServers()
    removeTempDirs()
  })

  it('survives a connection that throws in a callback, and logs why it ended', async () => {
    const good = await serveWebSocket((socket) => {
      const timer = setInterval(() => socket.send('tick'), 5)
      socket.on('close', () => clearInterval(timer))
    })
    const evil = await serveWebSocket(() => {})
    const child = spawn(
      process.execPath,
      ['--import', faultAt(new URL(evil).port), CHILD, join(tempDir(), 'spool'), good, evil],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    )
    const exited = once(child, 'exit')
    const log = text(child.stderr)
    const hasFailed = new Promise<void>((resolve) => {
      child.stderr.on('data', (chunk) => String(chunk).includes('INTERNAL') && resolve())
    })
    let first: number | undefined
    for await (const line of createInterface({ input: child.stdout })) {
      first ??= Number(line)
      if (Number(line) > first + 200) break
    }
    await hasFailed
    child.kill('SIGKILL')
    await exited
    assert.match(
      await log,
      /Connection 2: INTERNAL: The websocket connection ended by an internal error: a fault of this test; reconnect, and please report it\.\n/,
    )
    assert.doesNotMatch(await log, /engine stopped/)
  })
})

/** Runs the recipe for CI from the README. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, symlink } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { WebSocketServer } from 'ws'
import { builtCli } from '../support/cli.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')

/** The shell lines under the heading `In CI`. */
async function recipe(): Promise<string> {
  const readme = await readFile(path.join(ROOT, 'README.md'), 'utf8')
  return /## In CI\n[\s\S]*?```sh\n([\s\S]*?)```/.exec(readme)?.[1] ?? assert.fail('the README has a recipe')
}

describe('the recipe for CI', () => {
  let folder: string
  let server: WebSocketServer
  let price: number

  beforeEach(async () => {
    folder = tempDir()
    price = 100
    server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    server.on('connection', (socket) => {
      socket.on('message', () => {
        for (let i = 0; i < 5; i++) socket.send(JSON.stringify({ price: price + i, sentAt: Date.now() + i }))
      })
    })
    await once(server, 'listening')
    await mkdir(path.join(folder, 'checkout'))
    await symlink(path.dirname(await builtCli()), path.join(folder, 'checkout', 'dist'))
  })

  afterEach(() => {
    for (const client of server.clients) client.terminate()
    server.close()
    removeTempDirs()
  })

  async function run(script: string, extra: Readonly<Record<string, string>> = {}) {
    const env = {
      ...process.env,
      PATH: `${path.join(folder, 'bin')}:${path.dirname(process.execPath)}:${process.env.PATH}`,
      INSPECTOR: path.join(folder, 'checkout'),
      SERVER: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/feed`,
      ...extra,
    }
    return await new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
      execFile('sh', ['-c', script], { cwd: folder, env }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
      )
    })
  }

  it('finds that a served recording is the same', async () => {
    const result = await run(await recipe())
    assert.equal(result.code, 0, result.stderr)
  })

  it('finds a new build that sends something else', async () => {
    const script = await recipe()
    const [record, check] = script.split('# In CI:')
    assert.equal((await run(record ?? '')).code, 0)
    price = 200
    const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/feed`
    const result = await run(`# In CI:${check}`, { NEW_BUILD: url })
    assert.equal(result.code, 1)
    assert.match(result.stdout, /price/)
  })
})

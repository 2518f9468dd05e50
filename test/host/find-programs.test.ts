/** Programs on this machine that can be attached to. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../../scripts/paths.ts'
import { JAVASCRIPT } from '../../src/vscode/attach/debug-sessions.ts'
import { findPrograms } from '../../src/vscode/attach/find-programs.ts'
import { closeServers, serveHttp } from '../support/loopback.ts'

describe('programs that are being debugged', () => {
  it('can be inspected from the toolbar of each debugger that shares its traffic', () => {
    const { contributes } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      contributes: { menus: { 'debug/toolBar': { when: string }[] } }
    }
    for (const { when } of contributes.menus['debug/toolBar'])
      assert.ok(when.includes(`debugType =~ /${JAVASCRIPT.source}/`), when)
    assert.ok(JAVASCRIPT.test('pwa-node') && !JAVASCRIPT.test('python'))
  })
})

describe('programs that can be attached to', () => {
  let node: ChildProcess | undefined

  afterEach(() => {
    node?.kill('SIGKILL')
    node = undefined
    closeServers()
  })

  it('are those that answer a debugger, with the name that they give themselves', async () => {
    node = spawn(process.execPath, ['--inspect=127.0.0.1:0', '-e', 'setInterval(() => {}, 1e6)'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    while (!/ws:\/\/127\.0\.0\.1:(\d+)/.test(said)) {
      const [chunk] = await once(node.stderr ?? assert.fail('no output'), 'data')
      said += String(chunk)
    }
    const port = Number(/ws:\/\/127\.0\.0\.1:(\d+)/.exec(said)?.[1])
    assert.deepEqual(await findPrograms([port]), [
      { endpoint: `http://127.0.0.1:${port}`, name: `node.js/${process.version}` },
    ])
  })

  it('are not servers that say something else, too much, or nothing', async () => {
    const ports = await Promise.all(
      [
        (write: (text: string) => void) => write('<html>'),
        (write: (text: string) => void) => write('{"Browser":7}'),
        (write: (text: string) => void) => write(`{"Browser":"${'x'.repeat(100_000)}"}`),
        () => {},
      ].map(async (answer) => {
        const url = await serveHttp((_, response) => answer((text) => response.end(text)))
        return Number(new URL(url).port)
      }),
    )
    assert.deepEqual(await findPrograms([...ports, 1]), [])
  })
})

/** Sessions in a real extension host: unsaved work, exports, mock servers, and where secrets do not go. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import * as vscode from 'vscode'
import { WebSocket } from 'ws'
import { Capture } from '../../src/capture/capture.ts'
import { CLEARED } from '../../src/capture/disk/files.ts'
import type { Compared } from '../../src/shared/comparison.ts'
import type { ServedEndpoint, UnsavedCapture } from '../../src/shared/protocol/jobs.ts'
import type { RealtimeInspectorApi } from '../../src/vscode/api.ts'
import { closeServers, serveWebSocket } from '../support/loopback.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'
import { activated, run, until } from './inspector.ts'

const SECRETS = ['hunter2-token', 's3cr3t-bearer', 'c00kie-value', 'pa55word']
const { REALTIME_PROFILE: profile } = process.env

/** Folders and files may disappear while they are read, because captures end and logs are rotated. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const found = entries.map(async (entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return await filesIn(path)
    return entry.isFile() ? [path] : []
  })
  return (await Promise.all(found)).flat()
}

describe('sessions', () => {
  let api: RealtimeInspectorApi
  let folder: string
  let id: number

  before(async () => {
    api = await activated()
    folder = tempDir()
    const url = new URL(
      '/feed?token=hunter2-token',
      await serveWebSocket((socket) => {
        for (let n = 0; n < 5; n++) socket.send(`{"n":${n}}`)
      }),
    )
    ;[url.username, url.password] = ['user', 'pa55word']
    id = await api.connect({
      url: url.href,
      headers: { Authorization: 'Bearer s3cr3t-bearer', Cookie: 'sid=c00kie-value' },
    })
    await until(() => (api.connections().find((each) => each.id === id)?.messagesIn ?? 0) === 5)
  })

  after(async () => {
    await run('disconnect', id)
    await run('clear')
    closeServers()
    removeTempDirs()
  })

  it('are exported as HAR, CSV, NDJSON and Parquet, and for Artillery', async () => {
    const har = vscode.Uri.file(join(folder, 'traffic.har'))
    await run('exportHar', har)
    const { log } = JSON.parse(await readFile(har.fsPath, 'utf8'))
    const entry = log.entries.find(({ _webSocketMessages = [] }) => _webSocketMessages.length === 5)
    assert.ok(entry, 'the messages are in it')
    for (const extension of ['csv', 'ndjson']) {
      const uri = vscode.Uri.file(join(folder, `traffic.${extension}`))
      await run('exportMessages', uri)
      assert.match(await readFile(uri.fsPath, 'utf8'), /n\W+4/)
    }
    const table = vscode.Uri.file(join(folder, 'traffic.parquet'))
    await run('exportMessages', table)
    const bytes = await readFile(table.fsPath)
    assert.deepEqual(
      [bytes.toString('latin1', 0, 4), bytes.toString('latin1', bytes.length - 4)],
      ['PAR1', 'PAR1'],
    )
    await assert.rejects(async () => await run('exportHar', vscode.Uri.file(join(folder, 'x.csv'))), {
      message: /end in har/,
    })
    const scenario = vscode.Uri.file(join(folder, 'traffic.artillery.yml'))
    await run('exportArtillery', scenario)
    assert.match(await readFile(scenario.fsPath, 'utf8'), /engine: "ws"/)
  })

  it('are summed up in a report, as HTML or Markdown', async () => {
    for (const [extension, content] of [
      ['html', /^<!doctype html>.*Received/is],
      ['md', /^# Realtime report\n.*\| feed \|/s],
    ] as const) {
      const uri = vscode.Uri.file(join(folder, `report.${extension}`))
      await run('exportReport', uri)
      const text = await readFile(uri.fsPath, 'utf8')
      assert.match(text, content)
      for (const secret of SECRETS) assert.ok(!text.includes(secret), `${secret} is in the report`)
    }
  })

  it('are served, live and from files', async () => {
    const file = vscode.Uri.file(join(folder, 'served.rtsession'))
    await api.save(file)
    for (const args of [
      [undefined, { speed: null }],
      [file, { speed: null, outages: false }],
    ]) {
      const endpoints = (await run('serveSession', ...args)) as ServedEndpoint[]
      const socketEndpoint = endpoints.find(
        ({ transport, url }) => transport === 'websocket' && url.includes('/feed'),
      )
      assert.ok(socketEndpoint, JSON.stringify(endpoints))
      const socket = new WebSocket(socketEndpoint.url)
      const heard: string[] = []
      socket.on('message', (data) => heard.push(String(data)))
      await until(() => heard.length === 5)
      assert.deepEqual(
        heard,
        [0, 1, 2, 3, 4].map((n) => `{"n":${n}}`),
      )
      socket.terminate()
    }
    await assert.rejects(async () => await run('serveSession', file, { speed: -1 }), {
      message: /The options of serveSession/,
    })
    const none = vscode.Uri.file(join(folder, 'none.rtsession'))
    await assert.rejects(async () => await run('serveSession', none))
  })

  it('are compared in a separate panel', async () => {
    const [a, b] = ['a', 'b'].map((name) => vscode.Uri.file(join(folder, `${name}.rtsession`)))
    assert.ok(a && b)
    await api.save(a)
    await writeFile(b.fsPath, (await readFile(a.fsPath, 'utf8')).replace('\\"n\\":3', '\\"n\\":33'))
    const { same, counts } = (await run('compareSessions', a, b)) as Pick<Compared, 'same' | 'counts'>
    assert.equal(same, false)
    assert.equal(counts.changed, 1)
    assert.equal(counts.same, 4)
    const labels = () => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ label }) => label))
    await until(() => labels().includes('a.rtsession ↔ b.rtsession'))
  })

  it('leave no secrets on disk except in the private spool', async function () {
    if (profile === undefined) this.skip()
    await api.save(vscode.Uri.file(join(folder, 'saved.rtsession')))
    const all = [...(await filesIn(profile)), ...(await filesIn(folder))]
    const spools = all.filter((path) => path.includes(`${sep}spool${sep}`))
    const states = api.connections().map(({ state }) => state)
    assert.ok(spools.length > 0, `the spool is in the profile: ${all.length} files, connections ${states}`)
    const outside = all.filter(
      (path) => !path.includes(`${sep}spool${sep}`) && !path.includes('CachedExtension'),
    )
    assert.ok(
      outside.some((path) => path.includes('Realtime Inspector') || path.endsWith('.log')),
      'logs are looked at',
    )
    for (const path of outside) {
      const content = await readFile(path, 'latin1').catch(() => '')
      for (const secret of SECRETS) assert.ok(!content.includes(secret), `${secret} is in ${path}`)
    }
    const written = await Promise.all(spools.map((path) => readFile(path, 'latin1').catch(() => '')))
    assert.ok(
      written.some((content) => content.includes('hunter2-token')),
      'the test would find a secret',
    )
    const directories = new Set(spools.map((path) => dirname(path)))
    for (const directory of directories) {
      const found = await stat(directory).catch(() => undefined)
      assert.equal((found?.mode ?? 0) & 0o077, 0, directory)
    }
  })

  it('that a window left unsaved are found again, complete', async function () {
    if (profile === undefined) this.skip()
    // What was cleared last has a head too, one folder further down.
    const heads = (await filesIn(profile)).filter((path) => path.endsWith('session.json'))
    const head = heads.find((path) => !path.includes(`${sep}${CLEARED}${sep}`))
    assert.ok(head, 'the spool is in the profile')
    const spool = dirname(dirname(head))
    const directory = join(spool, 'left-by-a-crash')
    const capture = new Capture({ directory, clock: { startedAt: new Date('2026-11-23T05:00:00.000Z') } })
    for (let n = 0; n < 12; n++) capture.append({ type: 'mark', time: n, text: `mark ${n}` })
    capture.close({ keep: true })
    const left = (await run('recoverSession')) as UnsavedCapture[]
    assert.deepEqual(
      left.map(({ events, startedAt }) => [events, startedAt]),
      [[12, '2026-11-23T05:00:00.000Z']],
    )
    assert.ok(existsSync(directory), 'it stays until it is saved or discarded')
    await rm(directory, { recursive: true })
    assert.deepEqual(await run('recoverSession'), [])
  })
})

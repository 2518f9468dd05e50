/** Requests of a file in a workbench: what they ask, the environment in the status bar, and where a secret does not go. */
import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { WebSocketServer } from 'ws'
import { becomes } from '../support/eventually.ts'
import { closeServers, listen } from '../support/loopback.ts'
import { type OpenedInspector, oneStory, openInspector } from './story.ts'
import type { Workbench } from './workbench.ts'

const TOKEN = 'tok-5ecret-of-the-room'

describe('requests of a file in a workbench', () => {
  oneStory(() => workbench)
  let opened: OpenedInspector
  let workbench: Workbench
  const asked: string[] = []

  before(async () => {
    const server = createServer()
    const sockets = new WebSocketServer({
      server,
      verifyClient: ({ req }: { req: IncomingMessage }) => {
        asked.push(`${req.url} ${req.headers.authorization ?? ''}`.trim())
        return true
      },
    })
    sockets.on('connection', (socket) =>
      socket.on('message', (data) => socket.send(JSON.stringify({ type: 'echoed', said: String(data) }))),
    )
    const host = `127.0.0.1:${await listen(server)}`
    opened = await openInspector({
      'chat.http': `### Chat
WEBSOCKET ws://{{host}}/chat
Authorization: Bearer {{$secret CHAT_TOKEN}}

{"type":"join","token":"{{$secret CHAT_TOKEN}}"}

### Other
WEBSOCKET ws://{{host}}/other?t={{$secret CHAT_TOKEN}}
`,
      'http-client.env.json': JSON.stringify({ dev: { host }, production: { host } }),
    })
    workbench = opened.workbench
  })
  after(async () => {
    await opened?.close()
    closeServers()
  })

  const quickInput = () => workbench.page.locator('.quick-input-widget')
  const item = () => workbench.page.locator('[id$="realtimeInspector.statusEnvironment"]')

  it('run in the environment that is chosen in the status bar', async () => {
    // The extension starts once the workbench has nothing else to do.
    await item().filter({ hasText: 'No environment' }).waitFor()
    await item().click()
    await quickInput().locator('.quick-input-title').getByText('Environment', { exact: true }).waitFor()
    await quickInput().getByText('asks first').waitFor()
    await quickInput().getByText('Secrets kept: none').waitFor()
    await workbench.screenshot('requests-environments')
    await workbench.pick(/dev/)
    await item().filter({ hasText: 'dev' }).waitFor()
  })

  it('ask for a secret once, and say which of them wants it', async () => {
    await workbench.command('Realtime: Run Request')
    await workbench.pick('Chat')
    await quickInput().getByText('“Chat” needs the secret CHAT_TOKEN').waitFor()
    assert.equal(await quickInput().locator('input[type="password"]').count(), 1)
    await workbench.screenshot('requests-secret')
    await quickInput().locator('input[type="password"]').fill(TOKEN)
    await workbench.page.keyboard.press('Enter')
    await workbench.rows('echoed').first().waitFor()
    await workbench.command('Realtime: Run Request')
    await workbench.pick('Other')
    await becomes(() => asked.join('\n'), `/chat Bearer ${TOKEN}\n/other?t=${TOKEN}`)
    await workbench.screenshot('requests-run')
  })

  it('leave the secret in no file, after a run, a save and a shutdown', async () => {
    await workbench.command('Realtime: Save Session')
    await quickInput().getByRole('button', { name: 'OK' }).click()
    await becomes(
      async () => (await readdir(opened.folder)).some((name) => name.endsWith('.rtsession')),
      true,
    )
    await workbench.close()
    const files = [...(await filesIn(opened.folder)), ...(await filesIn(opened.profile))]
    assert.ok(files.length > 20, `${files.length} files`)
    const found: string[] = []
    for (const file of files) if ((await contentOf(file)).includes(TOKEN)) found.push(file)
    assert.deepEqual(found, [])
  })
})

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

/** The content; empty for a file that was removed meanwhile. */
async function contentOf(file: string): Promise<Buffer> {
  return await readFile(file).catch(() => Buffer.alloc(0))
}

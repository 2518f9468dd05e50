/** Files as JetBrains' client and httpYac have them, run against real servers. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { FILES } from '../../request/file/random-texts.ts'
import { cliTests, runCli } from '../../support/cli.ts'
import { serveHttp, serveWebSocket } from '../../support/loopback.ts'
import { writeFiles } from './shop.ts'

/** A server that says three things, sends back what it gets, and closes after a message that asks for it. */
function serveChat(): Promise<string> {
  return serveWebSocket((socket) => {
    for (const text of ['one', 'two', 'three']) socket.send(text)
    socket.on('message', (data: Buffer) => {
      socket.send(data.toString())
      if (/after|hello/.test(data.toString())) socket.close(1000)
    })
  })
}

function serveEvents(): Promise<string> {
  return serveHttp((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.end('event: price\ndata: 1\n\ndata: 2\n\n')
  })
}

describe('run, with files of other tools', () => {
  cliTests()

  /** What was sent and received, and what was said. The hosts in the file are those of our servers. */
  async function run(name: string, argsFor: (chat: string, events: string) => readonly string[]) {
    const [, text = ''] = FILES.find(([each]) => each === name) ?? []
    const [chat, events] = [new URL(await serveChat()).host, new URL(await serveEvents()).host]
    const written = text
      .replaceAll(/(wss?):\/\/(?:\{\{host\}\}|localhost:8080)/g, `ws://${chat}`)
      .replaceAll(/https?:\/\/(?:\{\{host\}\}|localhost:8080)/g, `http://${events}`)
    const file = join(await writeFiles({ [name]: written }), name)
    const { code, stdout, stderr } = await runCli([
      'run',
      file,
      '--format',
      'jsonl',
      ...argsFor(chat, events),
    ])
    const messages = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; direction?: string; text?: string })
      .filter(({ type }) => type === 'message')
    return { code, stderr, messages: messages.map(({ direction, text }) => `${direction} ${text}`) }
  }

  it('sends the messages of JetBrains in their order, and says what does not run', async () => {
    const { code, stderr, messages } = await run('jetbrains.http', () => [
      'Waiting first',
      'With scripts',
      '--var',
      'who=jonas',
    ])
    assert.equal(code, 0, stderr)
    const three = ['in one', 'in two', 'in three']
    assert.deepEqual(messages.slice(0, 5), [...three, 'out after three answers', 'in after three answers'])
    assert.deepEqual(messages.slice(5).toSorted(), [...three, 'in hello jonas', 'out hello jonas'].toSorted())
    assert.match(stderr, /warning: Scripts are not run\./)
  })

  it('reads the events of a request of JetBrains', async () => {
    const { code, stderr, messages } = await run('jetbrains.http', () => ['Events of the shop'])
    assert.equal(code, 0, stderr)
    assert.deepEqual(messages, ['in 1', 'in 2'])
  })

  it('runs the requests of httpYac', async () => {
    const { code, stderr, messages } = await run('httpyac.http', (chat, events) => [
      `WS ws://${chat}/room`,
      `SSE http://${events}/events`,
      `EVENTSOURCE http://${events}/other`,
      `GET http://${events}/anything?a=b&c=d`,
      '--var',
      'roomId=42',
    ])
    assert.equal(code, 0, stderr)
    assert(messages.includes('out ["SUBSCRIBE\\nid:sub-42\\n\\n"]'), messages.join('\n'))
    assert.equal(messages.filter((each) => each === 'in 1').length, 3)
    assert.match(stderr, /warning: Requests do not run others first/)
  })
})

/** `attach` in the terminal, to a real Chromium. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { type DebuggedBrowser, startBrowser } from '../attach/browser.ts'
import { serveSite } from '../attach/site.ts'
import { type CliProcess, cliTests, type Line, parseLines, runCli, startCli } from '../support/cli.ts'
import { refusedPort } from '../support/loopback.ts'
import { tempDir } from '../support/temp-dir.ts'

const PAGE = `<script>
  const socket = new WebSocket('ws' + location.origin.slice(4) + '/ws')
  socket.onopen = () => socket.send('hello')
  new EventSource('/events')
</script>`

describe('attach in the terminal', () => {
  cliTests()
  let browser: DebuggedBrowser | undefined

  afterEach(async () => {
    await browser?.close()
    browser = undefined
  })

  /** Starts a browser and attaches to it. */
  async function attach(...options: string[]): Promise<{ cli: CliProcess; browser: DebuggedBrowser }> {
    browser = await startBrowser()
    const cli = await startCli(['attach', browser.endpoint, ...options])
    await cli.error(/^Attached to Chrome\/\S+ at http:\/\/127\.0\.0\.1:\d+\. .+\n$/)
    return { cli, browser }
  }

  async function show({ context }: DebuggedBrowser) {
    const site = await serveSite({ '/': PAGE })
    const page = await context.newPage()
    await page.goto(site.url)
    return { site, page }
  }

  const isEcho = ({ direction, text }: Line) => direction === 'in' && text === 'hello'

  it('prints what a page does that opens later, and leaves the page running at Ctrl-C', async () => {
    const file = path.join(tempDir(), 'page.rtsession')
    const { cli, browser } = await attach('--save', file)
    const { page } = await show(browser)
    await cli.line('message', isEcho)
    await cli.line('message', ({ text }) => text === 'zwölf')
    cli.child.kill('SIGINT')
    const { code, stdout, stderr } = await cli.ended
    assert.equal(code, 130, stderr)
    assert.equal(await readFile(file, 'utf8'), stdout)
    const connects = parseLines(stdout).filter(({ type }) => type === 'connect')
    assert.deepEqual(connects.map(({ transport, source }) => `${transport} ${source}`).sort(), [
      'sse debugger',
      'websocket debugger',
    ])
    assert.equal(await page.evaluate('socket.readyState'), 1)
  })

  it('records only what --match names, and ends after --max-messages', async () => {
    const { cli, browser } = await attach('--match', '/ws', '--max-messages', '2')
    await show(browser)
    const { code, stdout, stderr } = await cli.ended
    assert.equal(code, 0, stderr)
    const lines = parseLines(stdout)
    assert.deepEqual(
      lines.filter(({ type }) => type === 'connect').map(({ transport }) => transport),
      ['websocket'],
    )
    const inbound = lines.filter(({ type, direction }) => type === 'message' && direction === 'in')
    assert.deepEqual(
      inbound.map(({ text, base64 }) => text ?? base64),
      ['welcome', 'AP8B'],
    )
  })

  it('ends with the browser', async () => {
    const { cli, browser } = await attach()
    await show(browser)
    await cli.line('message', isEcho)
    await browser.context.close()
    const { code, stderr } = await cli.ended
    assert.equal(code, 0, stderr)
    assert.match(stderr, /^Attached .+\n$/)
  })

  it('says in a sentence that nothing listens', async () => {
    const port = await refusedPort()
    const { code, stderr } = await runCli(['attach', `http://127.0.0.1:${port}`])
    assert.equal(code, 1)
    assert.match(stderr, new RegExp(`^Nothing listens at 127\\.0\\.0\\.1:${port}; start .+\\n$`))
  })

  it('refuses an endpoint that is no URL as wrong usage', async () => {
    for (const endpoint of ['ftp://127.0.0.1', 'http://', '127.0.0.1:port']) {
      const { code, stdout, stderr } = await runCli(['attach', endpoint])
      assert.equal(code, 2, stderr)
      assert.equal(stdout, '')
      assert.match(
        stderr,
        /^error: An endpoint is a URL such as .+\nUsage: realtime-inspector attach \[options\] ENDPOINT\n$/,
      )
    }
  })
})

/** Questions on a terminal. util-linux's `script` makes one. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { builtCli, cliTests, runCli } from '../../support/cli.ts'
import { PASSWORD, type Shop, serveShop, writeRequests } from './shop.ts'

const hasScript =
  process.platform === 'linux' &&
  spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux')

const REQUEST = `# @name login
POST http://{{host}}/login?{{$prompt Which room}}
X-Room: {{$prompt Which room}}

{"password":"{{$secret SHOP_PASSWORD}}"}
`

/** The program on a terminal, and what it shows there. */
class Terminal {
  readonly child: ChildProcess
  shown = ''

  constructor(program: string, args: readonly string[]) {
    const command = [process.execPath, program, ...args].map((word) => `'${word}'`).join(' ')
    this.child = spawn('script', ['-qec', command, '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'] })
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.shown += text
    })
  }

  async shows(text: string): Promise<void> {
    while (!this.shown.includes(text)) {
      assert.equal(this.child.exitCode, null, this.shown)
      await Promise.race([once(this.child.stdout ?? this.child, 'data'), once(this.child, 'exit')])
    }
  }

  type(text: string): void {
    this.child.stdin?.write(text)
  }

  async exitCode(): Promise<number | null> {
    if (this.child.exitCode === null) await once(this.child, 'exit')
    return this.child.exitCode
  }
}

describe('questions of run', () => {
  cliTests()

  let shop: Shop
  let file: string
  let terminal: Terminal | undefined

  afterEach(() => {
    terminal?.child.kill()
  })

  beforeEach(async () => {
    shop = await serveShop()
    file = await writeRequests(REQUEST)
  })

  it('are asked once on a terminal, and answers that are secret are not shown', async function () {
    if (!hasScript) this.skip()
    terminal = new Terminal(await builtCli(), ['run', file, '--var', `host=${shop.host}`])
    await terminal.shows('Which room: ')
    terminal.type('dev\r')
    await terminal.shows('Secret SHOP_PASSWORD: ')
    terminal.type(`${PASSWORD}\r`)
    assert.equal(await terminal.exitCode(), 0)
    assert.deepEqual(shop.log, ['POST /login?dev'])
    assert.equal(terminal.shown.includes(PASSWORD), false)
    assert.equal(terminal.shown.split('Which room: ').length, 2)
  })

  it('are given up at Ctrl-C, which ends the run', async function () {
    if (!hasScript) this.skip()
    terminal = new Terminal(await builtCli(), ['run', file, '--var', `host=${shop.host}`])
    await terminal.shows('Which room: ')
    terminal.type('\u0003')
    assert.equal(await terminal.exitCode(), 130)
    assert.deepEqual(shop.log, [])
  })

  it('are answered by --var, or fail with a sentence that says so', async () => {
    const args = ['run', file, '--var', `host=${shop.host}`]
    const { code, stderr } = await runCli(args, { env: { SHOP_PASSWORD: PASSWORD } })
    assert.equal(code, 1)
    assert.match(
      stderr,
      /"Which room" cannot be asked, because standard input is not a terminal; give the answer with --var 'Which room=…'\.\n$/,
    )
    const given = await runCli([...args, '--var', 'Which room=blue'], { env: { SHOP_PASSWORD: PASSWORD } })
    assert.equal(given.code, 0)
    assert.deepEqual(shop.log, ['POST /login?blue'])
  })
})

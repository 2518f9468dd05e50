import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { parse } from 'ltx'
import { cliTests, parseLines, startCli } from '../../support/cli.ts'
import { type Shop, serveShop, writeRequests } from './shop.ts'

describe('run, ended by a signal', () => {
  cliTests()

  let shop: Shop
  let file: string

  beforeEach(async () => {
    shop = await serveShop()
    file = await writeRequests(
      `### events\nSSE http://${shop.host}/events\n\n### ticks\nSSE http://${shop.host}/ticks\n\n### more\nSSE http://${shop.host}/events\n`,
    )
  })

  for (const [signal, expected] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)
    it(`${signal}: closes the connection, saves all, reports what ran, and exits with ${expected}`, async function () {
      if (process.platform === 'win32') this.skip()
      const save = join(dirname(file), 'out.rtsession')
      const junit = join(dirname(file), 'out.xml')
      const cli = await startCli(['run', file, '--save', save, '--junit', junit])
      await cli.line('message', ({ connection, text }) => connection === 2 && text === '{"n":3}')
      cli.child.kill(signal)
      const { code, stdout, stderr } = await cli.ended
      assert.equal(code, expected)
      assert.equal(stderr, 'Of 3 requests, 2 did not finish.\n')
      const saved = await readFile(save, 'utf8')
      assert.equal(saved, stdout)
      const lines = parseLines(saved)
      assert.deepEqual(
        lines.filter(({ type }) => type === 'close').map(({ connection, by }) => [connection, by]),
        [
          [1, 'server'],
          [2, 'client'],
        ],
      )
      const suite = parse(await readFile(junit, 'utf8')).getChild('testsuite')
      const skipped = (suite?.getChildren('testcase') ?? []).map(
        (each) => each.getChild('skipped')?.attrs.message,
      )
      assert.deepEqual(skipped, [
        undefined,
        'The run ended before it finished.',
        'The run ended before it started.',
      ])
    })

  it('has a report that says what did not run even if it is killed', async () => {
    const junit = join(dirname(file), 'out.xml')
    const cli = await startCli(['run', file, '--junit', junit])
    await cli.line('message', ({ connection }) => connection === 2)
    cli.child.kill('SIGKILL')
    await cli.ended
    assert.equal(parse(await readFile(junit, 'utf8')).attrs.skipped, '3')
  })

  it('ends quietly if the reader of its output has gone', async () => {
    const cli = await startCli(['run', file])
    await cli.line('message', ({ connection }) => connection === 2)
    cli.child.stdout?.destroy()
    shop.tick()
    const { code } = await cli.ended
    assert.equal(code, 0)
  })
})

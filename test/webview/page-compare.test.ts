/** A comparison in a browser: two real recordings, compared with the code of the editor's worker. */
import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from '../../scripts/browser.ts'
import { compareFiles } from '../../src/engine/jobs/comparison.ts'
import type { CompareWish } from '../../src/shared/comparison.ts'
import { removeTempDirs, tempDir } from '../support/temp-dir.ts'
import { seriousIssues } from './preview/axe.ts'
import { THEMES, type ThemeName } from './preview/themes.ts'

const DIST = join(import.meta.dirname, '../../dist')
const ORIGIN = 'http://compare.test'
const HEAD = '{"type":"session","version":1,"startedAt":"2026-11-23T05:00:00.000Z","generator":"test"}'

function recording(texts: readonly string[]): string {
  const lines = [
    { type: 'connect', connection: 1, time: 0, transport: 'websocket', url: 'ws://x/feed', attempt: 0 },
    ...[{ type: 'open', connection: 1, time: 1, transport: 'websocket', status: 101, headers: {} }],
    ...texts.map((text, n) => ({
      ...{ type: 'message', connection: 1, time: 10 + n, direction: 'in', opcode: 'text' },
      ...{ size: text.length, text },
    })),
  ]
  return `${[HEAD, ...lines.map((line) => JSON.stringify(line))].join('\n')}\n`
}

describe('a comparison in a browser', function () {
  this.timeout(30_000)
  let browser: Browser
  let page: Page
  let wishes: CompareWish[]

  before(async () => {
    browser = await launchChromium()
  })
  after(() => browser.close())
  afterEach(async () => {
    await page.close()
    removeTempDirs()
  })

  async function show(a: readonly string[], b: readonly string[], theme: ThemeName = 'dark'): Promise<void> {
    const folder = tempDir()
    const paths = { a: join(folder, 'a.rtsession'), b: join(folder, 'b.rtsession') }
    await writeFile(paths.a, recording(a))
    await writeFile(paths.b, recording(b))
    wishes = []
    page = await browser.newPage({ viewport: { width: 900, height: 700 } })
    const variables = Object.entries(THEMES[theme].variables).map(
      ([name, value]) => `--vscode-${name}: ${value};`,
    )
    await page.route(`${ORIGIN}/**`, async (route) => {
      const { pathname } = new URL(route.request().url())
      if (pathname === '/')
        return route.fulfill({
          contentType: 'text/html',
          body: `<!doctype html><html lang="en"><head><title>Comparison</title><link rel="stylesheet" href="compare.css"><link rel="stylesheet" href="theme.css"></head><body class="${THEMES[theme].body}"><script type="module" src="compare.js"></script></body></html>`,
        })
      if (pathname === '/theme.css')
        return route.fulfill({ contentType: 'text/css', body: `:root { ${variables.join(' ')} }` })
      return route.fulfill({
        contentType: pathname.endsWith('.js') ? 'text/javascript' : 'text/css',
        body: await readFile(join(DIST, pathname)).catch(() => ''),
      })
    })
    await page.exposeFunction('hostAnswers', async (method: string, params: CompareWish | null) => {
      if (params === null)
        return { result: { a: 'a.rtsession', b: 'b.rtsession', wish: { ignore: [], tolerance: null } } }
      wishes.push(params)
      try {
        return { result: await compareFiles(paths, params) }
      } catch (error) {
        return { error: { code: method, message: error instanceof Error ? error.message : '' } }
      }
    })
    await page.addInitScript(`
      globalThis.acquireVsCodeApi = () => ({
        postMessage: async ({ id, method, params }) => {
          const { result, error } = await hostAnswers(method, params)
          postMessage(error ? { rpc: 'error', id, error } : { rpc: 'result', id, result }, '*')
        },
      })`)
    await page.goto(`${ORIGIN}/`)
    await page.getByRole('status').getByText(/same/).waitFor()
  }

  const row = (text: string) => page.getByRole('listitem').filter({ hasText: text })

  it('shows what is missing, extra, moved and changed, field by field', async () => {
    const before = ['{"n":1,"at":5}', '{"gone":true}', '{"n":2}', '{"n":3}', '{"deep":{"list":[1,2,3]}}']
    const after = ['{"n":1,"at":6}', '{"n":2}', '{"n":3}', '{"deep":{"list":[1,9,3]}}', '{"new":"yes"}']
    await show(before, after)
    await page.getByRole('heading', { name: /A a.rtsession.*B b.rtsession/ }).waitFor()
    await row('$.deep.list[1]').filter({ hasText: '2 → 9' }).first().waitFor()
    await row('$.at').filter({ hasText: '5 → 6' }).first().waitFor()
    await row('missing in B').filter({ hasText: '{"gone":true}' }).waitFor()
    await row('extra in B').filter({ hasText: '{"new":"yes"}' }).waitFor()
    await page.getByRole('img', { name: '↓ received: 4 of 6 messages differ' }).waitFor()
  })

  it('compares again without the ignored paths, and reports invalid ones', async () => {
    await show(['{"n":1,"at":5}'], ['{"n":1,"at":6}'])
    const ignore = page.getByRole('textbox', { name: 'Ignore JSONPaths' })
    await ignore.fill('$.at, $..id')
    await ignore.press('Enter')
    await page.getByText('The sessions are the same: 1 message.').waitFor()
    assert.deepEqual(wishes.at(-1), { ignore: ['$.at', '$..id'], tolerance: null })
    await ignore.fill('$[')
    await ignore.press('Enter')
    await page.getByRole('alert').getByText(/\$\[/).waitFor()
  })

  it('shows thousands of differences only on request', async () => {
    const many = Array.from({ length: 3000 }, (_, n) => `{"n":${n}}`)
    await show(many, [])
    assert.equal(await page.locator('.difference').count(), 200)
    await page.getByRole('button', { name: 'Show 200 more of 2000' }).click()
    assert.equal(await page.locator('.difference').count(), 400)
  })

  for (const theme of Object.keys(THEMES) as ThemeName[])
    it(`has no serious accessibility issue in the theme ${theme}`, async () => {
      await show(['{"n":1,"at":5}', 'gone', 'same'], ['{"n":1,"at":6}', 'same', '<b>new</b>'], theme)
      assert.equal(await page.locator('pre b').count(), 0)
      assert.deepEqual(await seriousIssues(page), [])
    })
})
